"""Derives schedules from jobs: the next run time of each, kept in step with its definition."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from scheduler import clock
from scheduler.actors import NOBODY
from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.models import Action, AuditEntry, Execution, Job, JsonText, Schedule, Status
from scheduler.queries import calendars_named
from scheduler.services import audit, revisions
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.problems import problem_of_trigger, write_problems
from scheduler.timetables import read_timetable, timetable_of
from scheduler.triggers import Calendar, Fold
from scheduler.words import reasons

RESTORED_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class LockedJob:
    """A job whose rows are locked, with the next run time that its schedule holds, and what that was derived from."""

    job: Job
    next_run_time: datetime | None
    trigger: str | None = None
    timezone: str | None = None

    def fold_due(self, now: datetime, calendars: Mapping[str, Calendar]) -> Fold | None:
        """Fold the occurrences that are due but not yet claimed; None when there are none."""
        if self.next_run_time is None or self.next_run_time > now:
            return None
        try:
            timetable = read_timetable(self.derived_from, self.timezone or "", seed=self.job.pk, calendars=calendars)
            return timetable.fold(self.next_run_time, now)
        except InvalidInput:
            # Nobody can say what came after the one occurrence that the schedule names.
            return Fold(latest=self.next_run_time, count=None)

    @property
    def derived_from(self) -> Any:
        """The trigger that the schedule was derived from; None where nobody knows it any more."""
        return _as_json(self.trigger or "null")


def lock_jobs(job_ids: Iterable[str], *, skip_locked: bool = False) -> list[LockedJob]:
    """Lock the schedules, then the jobs, until the transaction ends; ids without a job are left out.

    With `skip_locked`, jobs that somebody else has locked are left out, too.
    """
    job_ids = list(job_ids)
    schedules = Schedule.objects.select_for_update(skip_locked=skip_locked).filter(pk__in=job_ids).order_by("pk")
    next_run_times = dict(schedules.values_list("pk", "next_run_time"))
    if skip_locked:
        unlocked = Schedule.objects.filter(pk__in=set(job_ids) - next_run_times.keys()).values_list("pk", flat=True)
        job_ids = list(set(job_ids) - set(unlocked))
    jobs = Job.objects.select_for_update(skip_locked=skip_locked).filter(pk__in=job_ids).order_by("pk")
    return [
        LockedJob(
            job=job,
            next_run_time=next_run_times.get(job.pk),
            trigger=job.synced_trigger,
            timezone=job.synced_timezone,
        )
        for job in jobs
    ]


def lock_fresh_jobs(job_ids: Iterable[str]) -> list[LockedJob]:
    """Lock jobs as they are when what somebody wrote past the services has been heeded: it came first."""
    job_ids = list(job_ids)
    locked = lock_jobs(job_ids)
    if stale := [each for each in locked if each.job.stale]:
        derive(stale, now=clock.now())
        return lock_jobs(job_ids)
    return locked


def lock_job(job_id: str, *, unfinished_only: bool) -> LockedJob:
    """Lock one job as lock_fresh_jobs does. Raises JobNotFound; also of a finished one where that is said."""
    locked = next(iter(lock_fresh_jobs([job_id])), None)
    if locked is None or (unfinished_only and locked.job.finished_at):
        raise JobNotFound(id=job_id)
    return locked


def reschedule(moves: Iterable[tuple[LockedJob, datetime | None]], *, now: datetime) -> None:
    """Give locked jobs their new next run times; an occurrence that was due but not yet claimed leaves a row.

    Also notes on the jobs that their schedules agree with them. As many statements for many jobs as for few.
    """
    moves = list(moves)
    overtaken = [locked for locked, moment in moves if is_overtaken(locked, moment, now=now)]
    by_job = [locked for locked in overtaken if locked.trigger is not None]
    record_skipped(by_job, now=now, reason=reasons.JOB_CHANGED)
    by_calendar = [locked for locked in overtaken if locked.trigger is None]
    record_skipped(by_calendar, now=now, reason=reasons.CALENDAR_CHANGED)
    next_run_times = {locked.job.pk: moment for locked, moment in moves}
    write_next_run_times(next_run_times)
    Job.objects.filter(pk__in=list(next_run_times)).update(
        synced_trigger=JsonText("trigger"), synced_timezone=models.F("timezone"), synced_paused=models.F("paused")
    )


def is_overtaken(locked: LockedJob, moment: datetime | None, *, now: datetime) -> bool:
    """Tell whether moving the schedule to `moment` passes over an occurrence that is due."""
    return locked.next_run_time is not None and locked.next_run_time <= now and locked.next_run_time != moment


def record_skipped(skipped: Sequence[LockedJob], *, now: datetime, reason: str) -> None:
    """Write a row for the due occurrences of each job, which will not run; what has a row already keeps it."""
    if not skipped:
        return
    calendars = calendars_named(*(locked.derived_from for locked in skipped))
    folds = [(locked, fold) for locked in skipped if (fold := locked.fold_due(now, calendars))]
    rows = [_skipped_row(locked, fold, now=now, reason=reason) for locked, fold in folds]
    Execution.objects.bulk_create(rows, ignore_conflicts=True)


def _skipped_row(locked: LockedJob, fold: Fold, *, now: datetime, reason: str) -> Execution:
    return Execution(
        job=locked.job,
        scheduled_for=fold.latest,
        occurrences=fold.count,
        first_scheduled_for=locked.next_run_time if fold.latest != locked.next_run_time else None,
        status=Status.SKIPPED,
        reason=reason,
        revision=locked.job.revision,
        created_at=now,
        finished_at=now,
    )


def write_next_run_times(next_run_times: dict[str, datetime | None]) -> None:
    """Store next run times, whether their schedules exist or not; the caller sees to it that the jobs agree."""
    target = ["id"] if connection.features.supports_update_conflicts_with_target else None
    Schedule.objects.bulk_create(
        # The state stays empty: nothing may ever unpickle it.
        [Schedule(id=job_id, next_run_time=moment, job_state=b"") for job_id, moment in next_run_times.items()],
        update_conflicts=True,
        unique_fields=target,
        update_fields=["next_run_time"],
    )


@transaction.atomic
def sync_stale_schedules(*, now: datetime, limit: int) -> int:
    """Derive the schedules of jobs that were changed past the services; return how many.

    One that somebody holds locked is left for the next time: whoever holds it may take long.
    """
    candidates = list(Job.objects.stale().order_by("pk").values_list("pk", flat=True)[:limit])
    return derive([locked for locked in lock_jobs(candidates, skip_locked=True) if locked.job.stale], now=now)


def restore_missing_schedules(*, now: datetime) -> int:
    """Derive the schedules that somebody deleted, as by truncating their table; return how many."""
    existing = Schedule.objects.filter(pk=models.OuterRef("pk"))
    missing = Job.objects.unfinished().filter(~models.Exists(existing)).order_by("pk").values_list("pk", flat=True)
    restored = 0
    while job_ids := list(missing[:RESTORED_AT_ONCE]):
        with transaction.atomic():
            restored += derive(lock_jobs(job_ids), now=now)
    return restored


@retry_deadlocks
@transaction.atomic
def quarantine_job(job_id: str, *, problem: str, now: datetime) -> None:
    """Take a job out of the schedule, and leave a row and the reason; the next edit or start tries it again."""
    # Somebody may have mended, moved or paused it since its claim failed.
    locked = [each for each in lock_jobs([job_id]) if each.next_run_time and each.next_run_time <= now]
    # Counted as unknown, since counting may be what failed.
    folds = [(each, Fold(latest=each.next_run_time, count=None)) for each in locked if each.next_run_time]
    rows = [_skipped_row(each, fold, now=now, reason=problem) for each, fold in folds]
    Execution.objects.bulk_create(rows, ignore_conflicts=True)
    write_next_run_times({each.job.pk: None for each in locked})
    write_problems({each.job.pk: problem for each in locked})
    details = {"problem": problem[: audit.LONGEST_VALUE]}
    audit.write(audit.entry(Action.QUARANTINED, now=now, of=each.job, details=details) for each in locked)


def derive(jobs: Sequence[LockedJob], *, now: datetime) -> int:
    """Derive the schedules of locked jobs from their definitions; return how many."""
    if jobs:
        _revise([locked for locked in jobs if _changes_past_services(locked)], now=now)
        audit.write(entry for locked in jobs for entry in _noticed(locked, now=now))
        calendars = calendars_named(*(locked.job.trigger for locked in jobs))
        problems = {locked.job.pk: problem_of_trigger(locked.job, calendars) for locked in jobs}
        moves = [
            (locked, None if problems[locked.job.pk] else _derive_next(locked, now=now, calendars=calendars))
            for locked in jobs
        ]
        reschedule(moves, now=now)
        _forget_pauses([locked.job for locked in jobs])
        write_problems({job_id: problem for job_id, problem in problems.items() if problem})
        revived = [locked.job.pk for locked, moment in moves if locked.job.finished_at and moment]
        Job.objects.filter(pk__in=revived).update(finished_at=None)
    return len(jobs)


def _forget_pauses(jobs: Iterable[Job]) -> None:
    """Forget until when, and why, jobs were paused that somebody has resumed past the services."""
    left = [job.pk for job in jobs if not job.paused and (job.paused_until or job.pause_reason)]
    if left:
        Job.objects.filter(pk__in=left, paused=False).update(paused_until=None, pause_reason="")


def _derive_next(locked: LockedJob, *, now: datetime, calendars: Mapping[str, Calendar]) -> datetime | None:
    """Return when a locked job is due next.

    The change of a calendar leaves the job as it is, and no trace of what its schedule was derived from. It must not
    cost the job what is due already, and waits to be claimed.
    """
    if locked.trigger is None and locked.next_run_time is not None:
        now = min(locked.next_run_time, now)
    return next_run_of(locked.job, now=now, calendars=calendars)


def _noticed(locked: LockedJob, *, now: datetime) -> Iterator[AuditEntry]:
    """Yield what somebody did past the services, as far as it can be seen: who it was, nobody knows."""
    job = locked.job
    if changes := _changes_past_services(locked):
        yield audit.entry(Action.CHANGED, now=now, of=job, changes=changes, actor=NOBODY)
    if _is_known(locked) and job.synced_paused is not None and job.synced_paused != job.paused:
        paused = {"paused": (job.synced_paused, job.paused)}
        action = Action.PAUSED if job.paused else Action.RESUMED
        yield audit.entry(action, now=now, of=job, changes=paused, actor=NOBODY)


def _is_known(locked: LockedJob) -> bool:
    """Tell whether it was derived before, and is stale since; otherwise nothing is known to have changed."""
    return bool(locked.job.stale) and locked.trigger is not None and locked.timezone is not None


def _changes_past_services(locked: LockedJob) -> dict[str, tuple[Any, Any]]:
    """Return the changes of the definition that nobody made through the services."""
    if not _is_known(locked):
        return {}
    job = locked.job
    before = {"trigger": _as_json(locked.trigger or ""), "timezone": locked.timezone}
    return audit.differences(before, {"trigger": job.trigger, "timezone": job.timezone})


def _revise(changed: Sequence[LockedJob], *, now: datetime) -> None:
    """Number what somebody wrote past the services as a revision of its own; two statements for any number of jobs."""
    revised = [
        revisions.revision_before(locked.job, trigger=_as_json(locked.trigger or ""), timezone=locked.timezone)
        for locked in changed
    ]
    for locked in changed:
        locked.job.revision += 1
        revised.append(revisions.revision_of(locked.job, Action.CHANGED, now=now, actor=NOBODY))
    revisions.write(revised)
    if changed:
        ids = [locked.job.pk for locked in changed]
        Job.objects.filter(pk__in=ids).update(revision=models.F("revision") + 1)


def _as_json(text: str) -> Any:
    """Return what a trigger's text holds; the text itself where it holds no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def next_run_of(job: Job, *, now: datetime, calendars: Mapping[str, Calendar] | None = None) -> datetime | None:
    """Return when a job is due next by its definition; None while it is paused, and when it is over."""
    if job.paused or job.is_used_up:
        return None
    timetable = timetable_of(job, calendars)
    # A finished job runs again only if its new schedule has a future: its past is in the ledger already.
    return timetable.next_after(now) if job.finished_at else timetable.first(now)
