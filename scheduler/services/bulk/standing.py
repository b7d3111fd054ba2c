"""Pauses and resumes many jobs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from scheduler import clock
from scheduler.exceptions import InvalidInput
from scheduler.models import Action, Job
from scheduler.queries import calendars_named
from scheduler.services import audit
from scheduler.services.bulk.chunks import Outcome, in_chunks
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.pauses import NO_END_NOR_REASON
from scheduler.services.schedules import LockedJob, lock_fresh_jobs, next_run_of, reschedule
from scheduler.timetables import timetable_of
from scheduler.triggers import NEVER, Calendar


def pause_jobs(job_ids: Iterable[str]) -> Outcome:
    """Pause those of these jobs that are neither paused nor finished, as `pause_job` does one."""
    return in_chunks(job_ids, _pause)


def resume_jobs(job_ids: Iterable[str]) -> Outcome:
    """Schedule those of these jobs that are paused afresh from now on, as `resume_job` does one.

    One whose trigger cannot be read stays paused.
    """
    return in_chunks(job_ids, _resume)


@retry_deadlocks
@transaction.atomic
def _pause(job_ids: Sequence[str], mark: str) -> tuple[list[str], dict[str, str]]:
    locked = [each for each in lock_fresh_jobs(job_ids) if not each.job.paused and not each.job.finished_at]
    now, ids = clock.now(), [each.job.pk for each in locked]
    Job.objects.filter(pk__in=ids).update(paused=True, updated_at=now)
    reschedule([(each, None) for each in locked], now=now)
    audit.write(
        audit.entry(Action.PAUSED, now=now, of=each.job, changes={"paused": (False, True)}, details={"bulk": mark})
        for each in locked
    )
    return ids, {}


@retry_deadlocks
@transaction.atomic
def _resume(job_ids: Sequence[str], mark: str) -> tuple[list[str], dict[str, str]]:
    paused, now = [each for each in lock_fresh_jobs(job_ids) if each.job.paused], clock.now()
    calendars = calendars_named(*(each.job.trigger for each in paused))
    moves: list[tuple[LockedJob, datetime | None]] = []
    entries, over, failed = [], [], {}
    for locked in paused:
        before = {**audit.told_of(locked.job), "next_run_time": locked.next_run_time}
        try:
            next_run_time, is_over = _resumed(locked.job, now=now, calendars=calendars)
        except InvalidInput as error:
            failed[locked.job.pk] = str(error)
            continue
        locked.job.finished_at = now if is_over else None
        after = {**audit.told_of(locked.job), "next_run_time": next_run_time}
        changes = audit.differences(before, after)
        entries.append(audit.entry(Action.RESUMED, now=now, of=locked.job, changes=changes, details={"bulk": mark}))
        moves.append((locked, next_run_time))
        over += [locked.job.pk] if is_over else []
    ids = [locked.job.pk for locked, _moment in moves]
    Job.objects.filter(pk__in=ids).update(paused=False, finished_at=None, updated_at=now, **NO_END_NOR_REASON)
    Job.objects.filter(pk__in=over).update(finished_at=now)
    reschedule(moves, now=now)
    audit.write(entries)
    return ids, failed


def _resumed(job: Job, *, now: datetime, calendars: Mapping[str, Calendar]) -> tuple[datetime | None, bool]:
    """Let a job be paused no more; return when it is due next, and whether it is over."""
    job.paused = False
    for name, value in NO_END_NOR_REASON.items():
        setattr(job, name, value)
    next_run_time = next_run_of(job, now=now, calendars=calendars)
    return next_run_time, next_run_time is None and (job.is_used_up or timetable_of(job, calendars) is not NEVER)
