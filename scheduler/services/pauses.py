"""How pauses of jobs end: by an operator, or by themselves at the instant that whoever paused the job has named."""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction

from scheduler.models import Action, Job
from scheduler.services import audit
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.problems import problem_of_trigger, write_problems
from scheduler.services.schedules import LockedJob, lock_jobs, next_run_of, reschedule
from scheduler.timetables import timetable_of
from scheduler.triggers import NEVER

NO_END_NOR_REASON: Mapping[str, Any] = {"paused_until": None, "pause_reason": ""}
# The columns that say whether, until when and why a job is paused.
PAUSE = ("paused", *NO_END_NOR_REASON)


def end_pause(locked: LockedJob, *, since: datetime, now: datetime) -> None:
    """Schedule a locked job afresh from an instant on, paused or not; one without an occurrence left finishes.

    A manual trigger has none, and is not over. Raises InvalidInput where the trigger cannot be read.
    """
    job = locked.job
    unpaused = copy(job)
    unpaused.paused = False
    next_run_time = next_run_of(unpaused, now=since)
    is_over = next_run_time is None and (job.is_used_up or timetable_of(job) is not NEVER)
    _write_end(locked, next_run_time, finished_at=now if is_over else None, now=now)


@retry_deadlocks
@transaction.atomic
def end_pauses(*, now: datetime, limit: int) -> int:
    """Resume the jobs whose pause is over; return how many were looked at.

    Each is scheduled from the end of its pause on, not from now on: what came due since then, while no node was there,
    is late, and goes by the job's policies like all that is late. Whoever has locked a job comes first; what they wrote
    is read under the lock, so that a pause that was made longer, or for good, stays.
    """
    candidates = list(Job.objects.with_pause_over(now).order_by("paused_until").values_list("pk", flat=True)[:limit])
    for locked in lock_jobs(candidates, skip_locked=True):
        until = locked.job.paused_until
        # What somebody wrote past the services comes first; the next turn comes back to this.
        if until is not None and until <= now and not locked.job.stale:
            _end_by_itself(locked, since=until, now=now)
    return len(candidates)


def _end_by_itself(locked: LockedJob, *, since: datetime, now: datetime) -> None:
    job = locked.job
    if not job.paused:
        # An end without a pause, which somebody has written past the services.
        Job.objects.filter(pk=job.pk).update(**NO_END_NOR_REASON)
    elif problem := problem_of_trigger(job):
        # Nobody can say when it is due; whoever mends it schedules it afresh.
        _write_end(locked, None, finished_at=job.finished_at, now=now)
        write_problems({job.pk: problem})
    else:
        end_pause(locked, since=since, now=now)


def _write_end(
    locked: LockedJob, next_run_time: datetime | None, *, finished_at: datetime | None, now: datetime
) -> None:
    job = locked.job
    before = {**audit.told_of(job), "next_run_time": locked.next_run_time}
    job.paused, job.paused_until, job.pause_reason = False, None, ""
    job.finished_at = finished_at
    job.save(update_fields=[*PAUSE, "finished_at", "updated_at"])
    reschedule([(locked, next_run_time)], now=now)
    if changes := audit.differences(before, {**audit.told_of(job), "next_run_time": next_run_time}):
        audit.note(Action.RESUMED, now=now, of=job, changes=changes)
