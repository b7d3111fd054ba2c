"""Simulations of the stored jobs, and of changes to them that nobody has saved. Nothing is written."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scheduler.exceptions import InvalidInput
from scheduler.models import Job, zone_named
from scheduler.queries import calendars_named, next_run_time_of_job
from scheduler.services.durations import durations_of
from scheduler.services.planned import Planned, read_planned, read_question
from scheduler.simulation import Question, Simulation, Subject, simulate
from scheduler.simulation.running import MOST_OCCURRENCES
from scheduler.timetables import SPREAD, read_timetable, read_windows, tags_of
from scheduler.triggers import NEVER, Timetable
from scheduler.triggers.instants import MICROSECOND
from scheduler.triggers.terms import Terms
from scheduler.triggers.timetable import Crowded

# Reading what decides nothing here would take longer than all the rest.
_COLUMNS = (
    "trigger", "timezone", "paused", "paused_until", "max_instances", "overlap", "max_runs", "run_count", "maintenance",
    "tags", "created_at", "synced_trigger", "problem",
)  # fmt: skip


def simulate_request(data: Any, *, now: datetime) -> Simulation:
    """Simulate what `{"job": ..., "jobs": [...], "delete": [...], "days": ..., ...}` asks for. Raises InvalidInput."""
    question = read_question(data, now=now)
    return simulate_planned(read_planned(data, now=now), question)


def simulate_planned(planned: Iterable[Planned], question: Question) -> Simulation:
    """Simulate all jobs, with some changed, new or deleted; a form gets these from `read_planned`.

    Paused and broken jobs do not run; one that is paused for a while does afterwards. Raises InvalidInput where the
    jobs have too many occurrences.
    """
    planned, present = list(planned), list(read_stored_jobs())
    stock = Stock(question, [*present, *(each.job for each in planned if each.job)])
    try:
        return simulate(
            [stock.stored(job) for job in present],
            {each.id: stock.subject(each.job, due=each.due) if each.job else None for each in planned},
            question,
            calendars=stock.calendars,
        )
    except Crowded:
        message = _("The jobs have more than %d occurrences in so long; send fewer days.") % MOST_OCCURRENCES
        raise InvalidInput({"days": message}) from None


def read_stored_jobs() -> QuerySet[Job]:
    """Return the unfinished jobs with what decides when they run."""
    return Job.objects.unfinished().only(*_COLUMNS).annotate(next_run_time=next_run_time_of_job())


class Stock:
    """What the subjects share, read once: calendars, windows, durations; and one timetable for equal triggers."""

    def __init__(self, question: Question, jobs: list[Job], *, with_durations: bool = True) -> None:
        self._start = question.start
        self.calendars = calendars_named(*(job.trigger for job in jobs))
        self.windows = read_windows()
        running = {job.pk for job in jobs if not job.paused or job.end_of_pause}
        self._durations = durations_of(running) if with_durations else {}
        self._timetable = cache(self._make_timetable)

    def stored(self, job: Job) -> Subject:
        """Return a stored job; without a next run it is paused or broken, or yet to be scheduled."""
        due = getattr(job, "next_run_time", None)
        is_pausing = job.end_of_pause is not None and not job.problem
        is_out = due is None and job.synced_trigger is not None and not is_pausing
        return self.subject(job, due=due, is_out=is_out)

    def subject(self, job: Job, *, due: datetime | None, is_out: bool = False) -> Subject:
        """Return a job as a value."""
        text = json.dumps(job.trigger)
        seed = job.pk if SPREAD.search(text) else ""
        table = self._timetable(text, job.timezone, seed)
        is_paused = job.paused
        if job.end_of_pause:
            # Nothing is due until then; from then on, what the trigger says.
            due = table.first(max(job.end_of_pause, self._start))
            is_paused = due is None
        due = None if due == table.next_after(self._start - MICROSECOND) else due
        tags = tags_of(job)
        return Subject(
            id=job.pk,
            spec=job.trigger,
            timezone=job.timezone,
            terms=Terms(
                timetable=table,
                zone=zone_named(job.timezone),
                windows=self.windows,
                maintenance=job.maintenance,
                tags=tags,
                since=job.created_at,
                due=due,
            ),
            key=(text, job.timezone, seed, due, (job.maintenance, tags) if self.windows else ()),
            max_instances=job.max_instances,
            overlap=job.overlap,
            left=None if job.max_runs is None else max(job.max_runs - job.run_count, 0),
            is_paused=is_paused or is_out or table is NEVER,
            durations=self._durations.get(job.pk),
        )

    def _make_timetable(self, trigger: str, timezone: str, seed: str) -> Timetable:
        try:
            return read_timetable(json.loads(trigger), timezone, seed=seed, calendars=self.calendars)
        except InvalidInput:
            # Such a job is in quarantine.
            return NEVER
