"""Which runs a backfill queues: the same for whoever asks before, and for the backfill itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from scheduler.exceptions import InvalidInput
from scheduler.models import Execution, Job, Status
from scheduler.timetables import timetable_of
from scheduler.triggers import EARLIEST
from scheduler.triggers.instants import MICROSECOND

MOST_BACKFILLED = 1_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """One occurrence of the range: the attempt at it that is queued, and the latest that is on record.

    There is no attempt where it ran already, runs, or is queued.
    """

    scheduled_for: datetime
    attempt: int | None
    latest: Execution | None = None


def plan_backfill(job: Job, *, start: datetime, end: datetime, now: datetime) -> list[Line]:
    """Return the occurrences from `start` to `end`, both inclusive, and which of them are queued: those that never ran.

    The trigger's own start_date and end_date hold. Raises InvalidInput for more than MOST_BACKFILLED occurrences, or a
    range that is not past.
    """
    if not start <= end <= now:
        raise InvalidInput({"end": _("The range must end after its start, and not after now.")})
    return _lines(job.pk, _occurrences(job, start=start, end=end))


def _lines(job_id: str, moments: Sequence[datetime]) -> list[Line]:
    lines = {moment: Line(scheduled_for=moment, attempt=1) for moment in moments}
    columns = ("job_id", "scheduled_for", "attempt", "status", "started_at")
    known = Execution.objects.filter(job_id=job_id, scheduled_for__in=moments).only(*columns)
    for execution in known.order_by("attempt"):
        before = lines[execution.scheduled_for].attempt
        attempt = execution.attempt + 1 if before and _never_began(execution) else None
        lines[execution.scheduled_for] = Line(scheduled_for=execution.scheduled_for, attempt=attempt, latest=execution)
    return list(lines.values())


def _never_began(execution: Execution) -> bool:
    was_cancelled = execution.status == Status.CANCELLED and execution.started_at is None
    return was_cancelled or execution.status in (Status.MISSED, Status.SKIPPED)


def _occurrences(job: Job, *, start: datetime, end: datetime) -> list[datetime]:
    moments: list[datetime] = []
    timetable = timetable_of(job)
    moment = timetable.next_after(max(start, EARLIEST) - MICROSECOND)
    while moment is not None and moment <= end:
        if len(moments) == MOST_BACKFILLED:
            message = _("The range holds more than %d occurrences; choose a shorter one.") % MOST_BACKFILLED
            raise InvalidInput({"end": message})
        moments.append(moment)
        moment = timetable.next_after(moment)
    return moments
