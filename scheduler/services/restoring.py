"""Goes back to an earlier revision of a job: a change like any other, with a number of its own."""

from typing import Any

from django.db import transaction

from scheduler.exceptions import JobNotFound
from scheduler.models import Job, RevisionColumns
from scheduler.revisions import find_revision, is_same
from scheduler.services.calendars import hold_calendars
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.definitions import CHANGE_READERS
from scheduler.services.jobs import change_job
from scheduler.services.schedules import lock_jobs


@retry_deadlocks
@transaction.atomic
def restore_revision(job_id: str, revision: int, *, unfinished_only: bool = False) -> Job:
    """Change the job into what it was; a paused one stays paused. Where it is that already, nothing changes.

    What it was is checked as if somebody sent it now: its task may be gone. Raises JobNotFound, RevisionNotFound,
    InvalidInput.
    """
    wanted = find_revision(job_id, revision)
    hold_calendars(wanted.trigger)
    locked = next(iter(lock_jobs([job_id])), None)
    if locked is None:
        raise JobNotFound(id=job_id)
    return change_job(job_id, _as_change(wanted, locked.job), restored_from=revision, unfinished_only=unfinished_only)


def _as_change(wanted: RevisionColumns, job: Job) -> dict[str, Any]:
    """Return what differs, in the format of a PATCH."""
    values = {name: getattr(wanted, name, None) for name in CHANGE_READERS}
    change = {name: value for name, value in values.items() if not is_same(getattr(job, name, None), value)}
    if not (is_same(job.trigger, wanted.trigger) and job.timezone == wanted.timezone):
        trigger = wanted.trigger if isinstance(wanted.trigger, dict) else {"trigger": wanted.trigger}
        change |= {**trigger, "timezone": wanted.timezone}
        if job.paused:
            change["next_run_time"] = None
    return change
