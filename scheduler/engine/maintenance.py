"""Maintenance windows as a node knows them: read when they change, asked for what is due and what is queued."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q

from scheduler.engine.definitions import CompiledJob
from scheduler.models import Execution, MaintenancePolicy, Origin, Status
from scheduler.triggers.windows import Span, Windows

if TYPE_CHECKING:
    from scheduler.engine.queue import Queued

# What somebody asked for, by hand or by a backfill, waits for no window.
_HELD_BACK = {Origin.SCHEDULE.value, Origin.RETRY.value, Origin.RECOVERY.value}


class WaitingRuns:
    """Which of these jobs have a run that waits for the end of a span. One statement for each span that is asked for.

    The job's own rows say so, and nothing in memory: another node, or this one before its restart, may have written
    them. One whose window has been made longer or shorter since still counts.
    """

    def __init__(self, jobs: Mapping[str, CompiledJob]) -> None:
        self._jobs = jobs
        self._found: dict[tuple[datetime, datetime], set[str]] = {}

    def __call__(self, job_id: str, span: Span) -> bool:
        """Tell whether a run of the job waits, or waited, for the end of this span."""
        key = (span.start, span.end)
        if key not in self._found:
            ids = [each for each, job in self._jobs.items() if job.row.maintenance == MaintenancePolicy.ONCE]
            self._found[key] = _jobs_with_a_run_after(span, ids)
        return job_id in self._found[key]


def _jobs_with_a_run_after(span: Span, job_ids: Collection[str]) -> set[str]:
    within = Execution.objects.filter(
        job_id__in=job_ids,
        scheduled_for__gte=span.start,
        scheduled_for__lt=span.end,
        attempt=1,
        origin=Origin.SCHEDULE,
        available_at__gt=F("scheduled_for"),
    )
    after = Q(status=Status.QUEUED) | Q(available_at__gte=span.end)
    # One that was cancelled will not run after the window, so another may.
    held = within.filter(after).exclude(status=Status.CANCELLED)
    return set(held.order_by().values_list("job_id", flat=True))


def hold_back(
    waiting: Sequence["Queued"], jobs: Mapping[str, CompiledJob], windows: Windows, *, now: datetime
) -> list["Queued"]:
    """Let what would start within a maintenance window wait for its end; return the others.

    What became due before the window goes on: an occurrence that only waits for room is not held back, but one that
    waited for the end of another window is, and so are retries and recoveries. The caller has locked the rows.
    """
    if not windows:
        return list(waiting)
    free: list[Queued] = []
    held: dict[Span, list[int]] = {}
    for queued in waiting:
        span = _span_of(queued, jobs.get(queued.job_id), windows)
        if span is not None and span.end > now:
            held.setdefault(span, []).append(queued.id)
        else:
            # Whether it is late is counted from the end of the window.
            free.append(queued._replace(available_at=span.end) if span else queued)
    for span, ids in held.items():
        Execution.objects.filter(pk__in=ids).update(available_at=span.end, reason=span.postponed)
    return free


def _span_of(queued: "Queued", job: CompiledJob | None, windows: Windows) -> Span | None:
    """Return the span in which a queued execution became available, if it is one to be held back."""
    is_fresh = queued.origin == Origin.SCHEDULE and queued.available_at <= queued.scheduled_for
    if job is None or queued.origin not in _HELD_BACK or is_fresh or queued.cancel_requested_at is not None:
        return None
    return windows.covering(queued.available_at, job.tags)
