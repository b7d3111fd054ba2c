"""The pulse: all that a turn must know to decide what to do, in one statement."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Subquery

from scheduler.exceptions import NodeBuried
from scheduler.models import Execution, Job, Node, Origin, Schedule, SchedulerState


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """What all nodes are told, and whether there is work."""

    desired: str
    next_run_time: datetime | None
    has_stale: bool
    has_queued: bool
    has_manual: bool
    # How often somebody has asked this node to cancel something.
    orders: int


def feel_pulse(node: Node, *, now: datetime) -> Pulse:
    """Read the pulse. Each part is one look into an index. Raises NodeBuried when the node has been declared dead."""
    earliest = Schedule.objects.filter(next_run_time__isnull=False).order_by("next_run_time")
    queued = Execution.objects.ready(now)
    alive = Node.objects.filter(pk=node.pk, stopped_at=None)
    rows = SchedulerState.objects.filter(pk=SchedulerState.THE_ONE).values_list(
        "desired",
        Subquery(earliest.values("next_run_time")[:1]),
        Exists(Job.objects.stale()),
        Exists(queued),
        Exists(queued.filter(origin=Origin.MANUAL)),
        Subquery(alive.values("orders")),
    )
    for desired, next_run_time, has_stale, has_queued, has_manual, orders in rows:
        if orders is None:
            raise NodeBuried(name=node.name)
        return Pulse(
            desired=desired,
            next_run_time=next_run_time,
            has_stale=has_stale,
            has_queued=has_queued,
            has_manual=has_manual,
            orders=orders,
        )
    # Somebody deleted the one row, as a test database's flush does.
    SchedulerState.objects.get_or_create(pk=SchedulerState.THE_ONE)
    return feel_pulse(node, now=now)
