"""The pulse: all that a turn must know to decide what to do, in one statement."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Subquery

from scheduler.models import Execution, Job, Origin, Schedule, SchedulerState, Status


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """What all nodes are told, and whether there is work."""

    desired: str
    next_run_time: datetime | None
    has_stale: bool
    has_queued: bool
    has_manual: bool


def feel_pulse() -> Pulse:
    """Read the pulse. Each part is one look into an index."""
    earliest = Schedule.objects.filter(next_run_time__isnull=False).order_by("next_run_time")
    queued = Execution.objects.filter(status=Status.QUEUED)
    rows = SchedulerState.objects.filter(pk=SchedulerState.THE_ONE).values_list(
        "desired",
        Subquery(earliest.values("next_run_time")[:1]),
        Exists(Job.objects.stale()),
        Exists(queued),
        Exists(queued.filter(origin=Origin.MANUAL)),
    )
    for desired, next_run_time, has_stale, has_queued, has_manual in rows:
        return Pulse(
            desired=desired,
            next_run_time=next_run_time,
            has_stale=has_stale,
            has_queued=has_queued,
            has_manual=has_manual,
        )
    # Somebody deleted the one row, as a test database's flush does.
    SchedulerState.objects.get_or_create(pk=SchedulerState.THE_ONE)
    return feel_pulse()
