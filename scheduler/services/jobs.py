"""What can be done to a job's definition and its schedule. REST, admin, settings and commands all call these.

With `unfinished_only`, a finished job counts as not there, as in the REST API.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import JSONField, Value
from django.utils.translation import gettext as _

from scheduler import clock
from scheduler.exceptions import InvalidInput, JobAlreadyExists
from scheduler.models import Action, Execution, Job, JsonText, Schedule, Status
from scheduler.revisions import is_same
from scheduler.services import audit, revisions
from scheduler.services.calendars import hold_calendars
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.definitions import (
    Definition,
    NewDefinition,
    check_id_of_change,
    read_change,
    read_change_of_trigger,
    read_new,
)
from scheduler.services.pauses import NO_END_NOR_REASON, PAUSE, end_pause
from scheduler.services.problems import problem_of_job
from scheduler.services.schedules import (
    LockedJob,
    is_overtaken,
    lock_job,
    lock_jobs,
    record_skipped,
    reschedule,
    write_next_run_times,
)
from scheduler.timetables import timetable_of
from scheduler.words import reasons


@retry_deadlocks
def create_job(data: Any, *, declared: Any = None) -> Job:
    """Add the job that `data` defines, in the format of a POST, and schedule it.

    A finished job's id is free again once nothing of it waits to run: the new definition takes over its row, and its
    history stays. Raises InvalidInput, JobAlreadyExists.
    """
    now = clock.now()
    definition = read_new(data, now=now)
    try:
        # Most ids are new; the insert itself finds out, without a look before it.
        with transaction.atomic():
            hold_calendars(definition.when.trigger)
            return _insert(definition, declared=declared, now=now)
    except IntegrityError:
        pass
    try:
        return _create_again(definition, declared=declared, now=now)
    except IntegrityError:
        # Somebody else has added it in between.
        raise JobAlreadyExists(id=definition.columns["id"]) from None


@retry_deadlocks
def change_job(
    job_id: str, data: Any, *, declared: Any = None, restored_from: int | None = None, unfinished_only: bool = False
) -> Job:
    """Change what `data` names, in the format of a PATCH. What equals the present changes nothing.

    `restored_from` is the revision that the data were taken from. Raises InvalidInput, JobNotFound.
    """
    now = clock.now()
    check_id_of_change(job_id, data)
    when = read_change_of_trigger(job_id, data, now=now)
    with transaction.atomic():
        hold_calendars(when and when.trigger)
        locked = lock_job(job_id, unfinished_only=unfinished_only)
        definition = read_change(locked.job, data, when=when)
        if declared is not None:
            definition = replace(definition, columns={**definition.columns, "declared": declared})
        _apply(locked, replace(definition, restored_from=restored_from), now=now)
    return locked.job


@retry_deadlocks
@transaction.atomic
def pause_job(job_id: str, *, reason: str = "", until: datetime | None = None, unfinished_only: bool = False) -> Job:
    """Let no occurrence of the job become due until it is resumed, or until an instant. Raises JobNotFound.

    Of several pauses the last holds, with its own end, or none, and its own reason. Raises InvalidInput where the end
    is not to come.
    """
    locked, now = lock_job(job_id, unfinished_only=unfinished_only), clock.now()
    if until is not None and until <= now:
        raise InvalidInput({"until": _("This must lie after now.")})
    pause = {"paused": True, "paused_until": until and until.astimezone(UTC), "pause_reason": reason}
    job = locked.job
    if changes := audit.differences({name: getattr(job, name) for name in pause}, pause):
        for name, value in pause.items():
            setattr(job, name, value)
        job.save(update_fields=[*pause, "updated_at"])
        audit.note(Action.PAUSED, now=now, of=job, changes=changes)
    reschedule([(locked, None)], now=now)
    return job


@retry_deadlocks
@transaction.atomic
def resume_job(job_id: str, *, unfinished_only: bool = False) -> Job | None:
    """Schedule a paused job afresh from now on; one without an occurrence left finishes, and None is returned.

    A manual trigger has none, and is not over. A job that is due, and not paused, stays so. Raises JobNotFound.
    """
    locked, now = lock_job(job_id, unfinished_only=unfinished_only), clock.now()
    job = locked.job
    if not job.paused and locked.next_run_time and locked.next_run_time <= now:
        return job
    end_pause(locked, since=now, now=now)
    return None if job.finished_at else job


@retry_deadlocks
@transaction.atomic
def delete_job(job_id: str, *, unfinished_only: bool = False) -> None:
    """Delete the job and its schedule. What is queued is cancelled, what runs goes on, the history stays.

    Raises JobNotFound.
    """
    locked, now = lock_job(job_id, unfinished_only=unfinished_only), clock.now()
    reason = reasons.JOB_DELETED
    if is_overtaken(locked, None, now=now):
        record_skipped([locked], now=now, reason=reason)
    queued = Execution.objects.filter(job_id=job_id, status=Status.QUEUED)
    queued.update(status=Status.CANCELLED, reason=reason, finished_at=now)
    Schedule.objects.filter(pk=job_id).delete()
    audit.note(Action.DELETED, now=now, of=locked.job, changes=audit.differences(audit.told_of(locked.job), {}))
    locked.job.delete()


@transaction.atomic
def _create_again(definition: NewDefinition, *, declared: Any, now: datetime) -> Job:
    """Add a job whose id is, or was, that of another."""
    job_id = definition.columns["id"]
    hold_calendars(definition.when.trigger)
    locked = next(iter(lock_jobs([job_id])), None)
    if locked is None:
        # It was deleted, and its revisions stay.
        return _insert(definition, declared=declared, now=now, revision=revisions.next_revision_of(job_id))
    if not definition.replace_existing and not _is_free(locked.job):
        raise JobAlreadyExists(id=job_id)
    return _replace(locked, definition, declared=declared, now=now)


def _is_free(job: Job) -> bool:
    """Tell whether a job's id may be given to another: what is queued would be run by the new one's definition."""
    queued = Execution.objects.filter(job_id=job.pk, status=Status.QUEUED)
    return job.finished_at is not None and not queued.exists()


def _insert(definition: NewDefinition, *, declared: Any, now: datetime, revision: int = 1) -> Job:
    """Write a new job and its schedule, which agree from the start.

    Raises IntegrityError where the id is taken, or was by a job that had this revision.
    """
    job, next_run_time = _make(definition, declared=declared, now=now)
    job.revision = revision
    job.synced_trigger = JsonText(Value(job.trigger, JSONField()))
    job.synced_timezone, job.synced_paused = job.timezone, job.paused
    # The schedule first, as everywhere.
    write_next_run_times({job.id: next_run_time})
    job.save(force_insert=True)
    revisions.write_new(revisions.revision_of(job, Action.CREATED, now=now))
    start = {"paused": job.paused, "next_run_time": definition.next_run_time}
    changes = audit.differences({"paused": False, "next_run_time": None}, start)
    audit.note(Action.CREATED, now=now, of=job, changes=changes)
    return job


def _replace(locked: LockedJob, definition: NewDefinition, *, declared: Any, now: datetime) -> Job:
    """Write a new job over an old one."""
    job, next_run_time = _make(definition, declared=declared, now=now)
    job.revision = locked.job.revision + 1
    job.save(force_update=True)
    revisions.write([revisions.revision_before(locked.job), revisions.revision_of(job, Action.CREATED, now=now)])
    reschedule([(replace(locked, job=job), next_run_time)], now=now)
    before, after = audit.told_of(locked.job), audit.told_of(job)
    start = {"next_run_time": definition.next_run_time}
    changes = audit.differences({**before, "next_run_time": None}, {**after, **start})
    audit.note(Action.CREATED, now=now, of=job, changes=changes, details={"replaced": True})
    return job


def _make(definition: NewDefinition, *, declared: Any, now: datetime) -> tuple[Job, datetime | None]:
    """Return a job that is not yet written, and its next run time."""
    when = definition.when
    job = Job(**definition.columns, trigger=when.trigger, timezone=when.timezone, declared=declared, created_at=now)
    first = timetable_of(job).first(now)
    job.paused = _is_paused(definition, before=False, first=first)
    if not job.paused:
        # Its schedule is over.
        job.paused_until, job.pause_reason = None, ""
    return job, definition.next_run_time if definition.next_run_time_given else first


def _apply(locked: LockedJob, definition: Definition, *, now: datetime) -> None:
    """Write the columns that differ, and the schedule where what it depends on was sent."""
    job, columns = locked.job, dict(definition.columns)
    if definition.when:
        columns |= {"trigger": definition.when.trigger, "timezone": definition.when.timezone}
    is_defined_anew = definition.when is not None or definition.next_run_time_given
    first = None
    if is_defined_anew or (job.finished_at and "max_runs" in columns):
        first = _first_after_change(job, columns, is_defined_anew=is_defined_anew, now=now)
    if is_defined_anew:
        columns["paused"] = _is_paused(definition, before=job.paused, first=first)
    changed = {name for name, value in columns.items() if not is_same(getattr(job, name), value)}
    next_run_time = locked.next_run_time
    if definition.next_run_time_given:
        next_run_time = definition.next_run_time
    elif changed & {"trigger", "timezone", "paused"} or (job.finished_at and "max_runs" in changed):
        next_run_time = first
    columns |= _consequences(job, changed, is_due_again=next_run_time not in (None, locked.next_run_time))
    before = {name: getattr(job, name) for name in columns}
    revised = [revisions.revision_before(job)] if changed - {"paused", "declared"} else []
    for name, value in columns.items():
        setattr(job, name, value)
    if revised:
        job.revision += 1
        revised.append(revisions.revision_of(job, definition.action, now=now, restored_from=definition.restored_from))
    if changed:
        job.problem = job.problem and problem_of_job(job)
    if changed or next_run_time != locked.next_run_time:
        job.save(update_fields=[*columns, "problem", "revision", "updated_at"])
        revisions.write(revised)
        reschedule([(locked, next_run_time)], now=now)
        if definition.next_run_time:
            before["next_run_time"], columns["next_run_time"] = locked.next_run_time, next_run_time
        _note_change(job, definition, audit.differences(before, columns), now=now)


def _note_change(job: Job, definition: Definition, changes: dict[str, tuple[Any, Any]], *, now: datetime) -> None:
    """Write down a change; a pause or its end that came with it, apart, as if it had been asked for alone."""
    entries = []
    if "paused" in changes:
        pause = {name: changes.pop(name) for name in PAUSE if name in changes}
        action = Action.PAUSED if job.paused else Action.RESUMED
        entries.append(audit.entry(action, now=now, of=job, changes=pause))
    if changes.keys() - audit.UNTOLD:
        details = {"restored_from": definition.restored_from} if definition.restored_from else None
        entries.append(audit.entry(definition.action, now=now, of=job, changes=changes, details=details))
    audit.write(entries)


def _first_after_change(
    job: Job, columns: Mapping[str, Any], *, is_defined_anew: bool, now: datetime
) -> datetime | None:
    """Return when the job would be due first with these columns; one that is only allowed more runs, from now on."""
    names = ("trigger", "timezone", "max_runs", "run_count")
    changed = Job(pk=job.pk, **{name: columns.get(name, getattr(job, name)) for name in names})
    if changed.is_used_up:
        return None
    timetable = timetable_of(changed)
    return timetable.first(now) if is_defined_anew else timetable.next_after(now)


def _consequences(job: Job, changed: AbstractSet[str], *, is_due_again: bool) -> dict[str, Any]:
    """Return the columns that follow from a change of others."""
    columns: dict[str, Any] = {}
    if "max_runs" in changed and job.max_runs is None:
        columns["run_count"] = 0
    if is_due_again and job.finished_at:
        columns["finished_at"] = None
    if "paused" in changed:
        columns |= NO_END_NOR_REASON
    return columns


def _is_paused(definition: Definition, *, before: bool, first: datetime | None) -> bool:
    """A next run of null pauses; where the schedule is over it says just that, as an answer does that is sent back."""
    says_null = definition.next_run_time_given and definition.next_run_time is None
    return says_null and (before or first is not None)
