"""Previews of jobs that are stored, and of triggers that are not. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from scheduler import conf
from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.models import Job, Schedule
from scheduler.previews import Preview, count_runs, preview
from scheduler.services import values
from scheduler.services.definitions import NEW_READERS, read_when
from scheduler.services.fields import FieldErrors, as_object
from scheduler.services.pause_fields import PAUSE_FIELDS
from scheduler.timetables import read_windows, terms_of
from scheduler.triggers import Context
from scheduler.triggers.fields import read_instant
from scheduler.triggers.terms import Terms
from scheduler.words import describe

MOST, DEFAULT_COUNT = 1_000, 10
# What a definition has beside its trigger, but does not decide when it is due.
_BESIDE = {"id", "name", "func", "next_run_time", *NEW_READERS, *PAUSE_FIELDS, "count", "start", "language"}
_OWN = ("tags", "maintenance", "max_runs")
_OWN_READERS = {"id": values.read_id, **{name: values.POLICIES[name] for name in _OWN}}


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """A preview, and of which job: a stored one, or one that was only described."""

    job: Job
    terms: Terms
    preview: Preview

    @property
    def description(self) -> str:
        """When the job runs, in the language of whoever is asking."""
        return describe(self.job.trigger, self.job.timezone, seed=self.job.id)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    count: int
    start: datetime | None


def preview_definition(data: Any, *, now: datetime) -> Foretold:
    """Preview what a POST of a job would do, of which only the trigger need be there. Raises InvalidInput."""
    job = _read_unsaved(data, now=now)
    asked = _read_asked(data, job.zone, now=now)
    terms = terms_of(job, windows=read_windows())
    first = terms.timetable.first(now)
    # A date that is past: a new job runs at once, or is too late.
    start = asked.start or min(first or now, now)
    found = preview(terms, start=start, count=asked.count, left=_left(terms, job.max_runs, asked.start, now=now))
    return Foretold(job=job, terms=terms, preview=found)


def preview_job(job_id: str, data: Mapping[str, Any], *, now: datetime) -> Foretold:
    """Preview a stored job from its next run on; one that is paused for a while, from the end of that on.

    One that is paused for good is previewed as if it were not. Raises JobNotFound, and InvalidInput where it cannot be
    read.
    """
    job = Job.objects.unfinished().filter(pk=job_id).first() if "\0" not in job_id else None
    if job is None:
        raise JobNotFound(id=job_id)
    due = Schedule.objects.filter(pk=job_id).values_list("next_run_time", flat=True).first()
    terms = terms_of(job, windows=read_windows(), due=due)
    asked = _read_asked(data, job.zone, now=now)
    # What is due while the job is paused does not run, and what is due at the end of the pause does.
    begin = max(job.end_of_pause or now, now)
    start = max(asked.start or begin, begin) if job.end_of_pause else asked.start or min(due or now, now)
    runs = None if job.max_runs is None else max(job.max_runs - job.run_count, 0)
    found = preview(terms, start=start, count=asked.count, left=_left(terms, runs, start, now=begin))
    return Foretold(job=job, terms=terms, preview=found)


def _left(terms: Terms, runs: int | None, start: datetime | None, *, now: datetime) -> int | None:
    """Return how many of the runs that a job may have are left to it at the start of a later page."""
    if runs is None or start is None or start <= now:
        return runs
    return runs - count_runs(terms, now, start, most=runs)


def _read_unsaved(data: Any, *, now: datetime) -> Job:
    """Read what decides when a job is due; what else a definition has is left aside."""
    data, errors = as_object(data), FieldErrors()
    defaults = {"id": "", **{name: conf.job_defaults()[name] for name in _OWN}}
    own = {name: errors.read_or(defaults[name], name, reader, data) for name, reader in _OWN_READERS.items()}
    trigger = {name: value for name, value in data.items() if name not in _BESIDE}
    try:
        when = read_when(trigger, now=now, seed=own["id"])
    except InvalidInput as error:
        raise InvalidInput({**errors.found, **error.errors}) from error
    errors.raise_if_any()
    return Job(trigger=when.trigger, timezone=when.timezone, created_at=now, **own)


def _read_asked(asked: Mapping[str, Any], zone: ZoneInfo, *, now: datetime) -> _Asked:
    """Read how many occurrences are wanted, and from when on: in the job's zone where no offset is given."""
    errors = FieldErrors()
    count = errors.read_or(DEFAULT_COUNT, "count", values.number_reader(MOST), asked)
    start = errors.read_or(None, "start", lambda value: read_instant(value, Context(zone=zone, now=now)), asked)
    errors.raise_if_any()
    return _Asked(count=count, start=start)
