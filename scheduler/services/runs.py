"""Queues runs of one job that its schedule does not ask for: now, or of occurrences of the past.

With `unfinished_only`, a finished job counts as not there, as in the REST API.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from scheduler import clock
from scheduler.models import Action, Execution, Origin, Schedule
from scheduler.services import audit
from scheduler.services.backfills import plan_backfill
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.definitions import read_arguments
from scheduler.services.schedules import LockedJob, lock_job, write_next_run_times
from scheduler.services.values import LARGEST_PRIORITY


@retry_deadlocks
@transaction.atomic
def run_job(
    job_id: str, arguments: Any = None, *, again_of: int | None = None, unfinished_only: bool = False
) -> Execution:
    """Queue one run of the job, beside its schedule; a node starts it within a second, unless others must end first.

    `arguments` may hold `args` and `kwargs` for this run alone; `again_of` is the execution that it repeats. Raises
    JobNotFound, InvalidInput.
    """
    locked = lock_job(job_id, unfinished_only=unfinished_only)
    own = read_arguments(locked.job, arguments or {})
    # Taken under the lock, so that two requests never name one instant.
    now = clock.now()
    (run,) = _queue(locked, {now: 1}, origin=Origin.MANUAL, priority=locked.job.priority, now=now, **own)
    audit.note(Action.RUN, now=now, of=locked.job, details={"execution": str(run.pk), **_repeats(again_of)})
    return run


@retry_deadlocks
@transaction.atomic
def backfill_job(
    job_id: str, *, start: datetime, end: datetime, arguments: Any = None, unfinished_only: bool = False
) -> list[Execution]:
    """Queue a run of each occurrence from `start` to `end`, both inclusive, that never ran; return the runs.

    They run when there is room, one rank below the job's priority: the schedule comes first. Raises JobNotFound, and
    InvalidInput as plan_backfill does.
    """
    locked, now = lock_job(job_id, unfinished_only=unfinished_only), clock.now()
    own = read_arguments(locked.job, arguments or {})
    lines = plan_backfill(locked.job, start=start, end=end, now=now)
    attempts = {line.scheduled_for: line.attempt for line in lines if line.attempt}
    rank = max(locked.job.priority - 1, -LARGEST_PRIORITY)
    runs = _queue(locked, attempts, origin=Origin.BACKFILL, priority=rank, now=now, **own)
    details = {"start": start.isoformat(), "end": end.isoformat(), "count": len(runs)}
    audit.note(Action.BACKFILLED, now=now, of=locked.job, details=details)
    return runs


def _repeats(again_of: int | None) -> dict[str, str]:
    return {} if again_of is None else {"again_of": str(again_of)}


def _queue(
    locked: LockedJob, attempts: Mapping[datetime, int], *, origin: Origin, priority: int, now: datetime, **own: Any
) -> list[Execution]:
    job = locked.job
    if not Schedule.objects.filter(pk=job.pk).exists():
        # Whoever starts a run locks the schedule; that of a finished job may have been swept away.
        write_next_run_times({job.pk: None})
    return Execution.objects.bulk_create(
        Execution(
            job=job,
            scheduled_for=moment,
            attempt=attempt,
            origin=origin,
            revision=job.revision,
            priority=priority,
            available_at=moment,
            created_at=now,
            **own,
        )
        for moment, attempt in attempts.items()
    )
