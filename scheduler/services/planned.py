"""Jobs as somebody plans them: read like a POST or a PATCH, applied to a copy, and written nowhere."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from scheduler import conf
from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.models import Job
from scheduler.queries import next_run_time_of_job
from scheduler.services.definitions import Definition, read_change, read_change_of_trigger, read_new
from scheduler.services.fields import FieldErrors, as_object
from scheduler.services.values import number_reader
from scheduler.simulation import Question
from scheduler.triggers import Context, read_zone
from scheduler.triggers.fields import read_instant

MOST_DAYS, DEFAULT_DAYS = 62, 30
MOST_PLANNED = 200
LARGEST_CAP = 1_000_000
_FIELDS = {"job", "jobs", "delete", "days", "start", "cap", "timezone", "language"}


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A job as it would be (None: deleted), and its next run where that would not follow from its trigger."""

    id: str
    job: Job | None
    due: datetime | None = None


def read_planned(data: Any, *, now: datetime) -> list[Planned]:
    """Read `job`, `jobs` and `delete`. Raises InvalidInput, naming the field of a job in a list as jobs[0].hour.

    A job whose id exists is changed, as by a PATCH, unless it says replace_existing; any other is new, as by a POST.
    """
    data, errors = as_object(data), FieldErrors()
    errors.refuse_others(data, _FIELDS)
    errors.raise_if_any()
    planned = {each.id: each for each in [*_read_jobs(data, now=now), *_read_deleted(data)]}
    return list(planned.values())


def read_question(data: Any, *, now: datetime) -> Question:
    """Read `days`, `start`, `cap` and `timezone`. Raises InvalidInput."""
    data, errors = as_object(data), FieldErrors()
    zone = errors.read_or(conf.timezone(), "timezone", read_zone, data)
    start = errors.read_or(now, "start", lambda value: read_instant(value, Context(zone=zone, now=now)), data)
    days = errors.read_or(DEFAULT_DAYS, "days", number_reader(MOST_DAYS), data)
    cap = errors.read_or(_default_cap(), "cap", number_reader(LARGEST_CAP), data)
    errors.raise_if_any()
    return Question(start=start, length=timedelta(days=days), zone=zone, cap=cap)


def _default_cap() -> int:
    """Return how many runs a node starts at once."""
    return int(conf.executors().get("default", {}).get("max_workers", 20))


def _read_jobs(data: Mapping[str, Any], *, now: datetime) -> Iterator[Planned]:
    jobs = [] if data.get("jobs") is None else data["jobs"]
    if not isinstance(jobs, list) or len(jobs) > MOST_PLANNED:
        raise InvalidInput({"jobs": _("Send a list of at most %d jobs.") % MOST_PLANNED})
    if data.get("job") is not None:
        yield _read_job(data["job"], now=now)
    for number, job in enumerate(jobs):
        try:
            yield _read_job(job, now=now)
        except InvalidInput as error:
            raise InvalidInput({f"jobs[{number}].{name}": text for name, text in error.errors.items()}) from error


def _read_job(data: Any, *, now: datetime) -> Planned:
    data = as_object(data)
    job_id = data.get("id")
    present = None if data.get("replace_existing") else _find([job_id]).get(job_id if isinstance(job_id, str) else "")
    if present is None:
        return _plan(Job(created_at=now, paused=False), read_new(data, now=now), due=None)
    when = read_change_of_trigger(present.pk, data, now=now)
    try:
        definition = read_change(present, data, when=when)
    except JobNotFound as error:
        raise InvalidInput({"jobstore": str(error)}) from error
    return _plan(copy(present), definition, due=getattr(present, "next_run_time", None))


def _plan(job: Job, definition: Definition, *, due: datetime | None) -> Planned:
    """Apply a definition, as the services would: whatever says when gives the job a new next run, and resumes it."""
    was = (job.trigger, job.timezone, job.paused)
    for name, value in definition.columns.items():
        setattr(job, name, value)
    if definition.when:
        job.trigger, job.timezone, job.paused = definition.when.trigger, definition.when.timezone, False
    if definition.next_run_time_given:
        job.paused, due = definition.next_run_time is None, definition.next_run_time
    elif (job.trigger, job.timezone, job.paused) != was:
        due = None
    if not job.paused:
        job.paused_until = None
    return Planned(id=job.pk, job=job, due=due)


def _read_deleted(data: Mapping[str, Any]) -> Iterator[Planned]:
    ids = [] if data.get("delete") is None else data["delete"]
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids) or len(ids) > MOST_PLANNED:
        raise InvalidInput({"delete": _("Send a list of at most %d ids.") % MOST_PLANNED})
    present = _find(ids)
    for job_id in ids:
        if job_id not in present:
            raise InvalidInput({"delete": str(JobNotFound(id=job_id))})
        yield Planned(id=job_id, job=None)


def _find(ids: list[Any]) -> dict[str, Job]:
    # PostgreSQL would refuse to look for a null character.
    sought = [each for each in ids if isinstance(each, str) and each.isprintable()]
    jobs = Job.objects.unfinished().filter(pk__in=sought).annotate(next_run_time=next_run_time_of_job())
    return {job.pk: job for job in jobs} if sought else {}
