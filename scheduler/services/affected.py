"""Foretells what a maintenance window does to the jobs: which occurrences it affects, and what becomes of each."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from heapq import merge
from itertools import chain, islice

from django.db.models import Q

from scheduler.exceptions import InvalidInput
from scheduler.models import Job, MaintenancePolicy, Schedule
from scheduler.models import MaintenanceWindow as Row
from scheduler.timetables import SPREAD, read_timetable, read_windows, tags_of, window_of
from scheduler.triggers import EARLIEST, Occurrence, Timetable
from scheduler.triggers.instants import MICROSECOND
from scheduler.triggers.windows import Span, Window, Windows, with_windows
from scheduler.words import said

MOST_SPANS = 3
MOST_OCCURRENCES = 200
_COLUMNS = ("name", "trigger", "timezone", "tags", "maintenance", "paused", "paused_until")


@dataclass(frozen=True, kw_only=True)
class Affected:
    """An occurrence in a window: it runs `at` the end of that instead, or not at all (None); `reason` says so."""

    job_id: str
    name: str
    scheduled_for: datetime
    maintenance: str
    at: datetime | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Effect:
    """The next spans of a window, and the first of the occurrences in them; `jobs` is how many jobs have any."""

    spans: tuple[Span, ...]
    jobs: int
    occurrences: tuple[Affected, ...]
    has_more: bool


def affected_by(row: Row, *, now: datetime) -> Effect:
    """Return what a window, stored or not, will do in its next spans, beside all other windows as they are.

    Only what is scheduled counts: no run by hand, no retry, and of a paused job only what comes after the end of its
    pause. Raises InvalidInput where the window's trigger cannot be read.
    """
    window = window_of(row)
    spans = tuple(islice(spans_of(window, now=now), MOST_SPANS))
    windows = Windows([*(each for each in read_windows().all if each.name != window.name), window])
    first_of_jobs, streams = 0, []
    for job, next_run_time, timetable in _candidates(window, spans):
        stream = _affected(job, _moments(timetable, next_run_time, spans, windows, job), windows, spans)
        first = next(stream, None)
        if first is not None:
            first_of_jobs += 1
            streams.append(chain([first], stream))
    found = list(islice(merge(*streams, key=lambda each: (each.scheduled_for, each.job_id)), MOST_OCCURRENCES + 1))
    return Effect(
        spans=spans,
        jobs=first_of_jobs,
        occurrences=tuple(found[:MOST_OCCURRENCES]),
        has_more=len(found) > MOST_OCCURRENCES,
    )


def spans_of(window: Window, *, now: datetime) -> Iterator[Span]:
    """Yield the spans of a window from now on, the one that holds this moment first."""
    span = window.span_at(now) or window.next_span(now)
    while span is not None:
        yield span
        span = window.next_span(span.start)


def next_span_of(row: Row, *, now: datetime) -> Span | None:
    """Return the span of a window that holds this moment, else its next; None where there is none, or it is broken."""
    try:
        return next(spans_of(window_of(row), now=now), None)
    except InvalidInput:
        return None


def _candidates(window: Window, spans: tuple[Span, ...]) -> Iterator[tuple[Job, datetime, Timetable]]:
    """Yield the jobs that the window concerns and that are due before its last span ends."""
    if not spans:
        return
    end = spans[-1].end
    next_run_times = dict(Schedule.objects.filter(next_run_time__lt=end).values_list("pk", "next_run_time"))
    read = cache(_read_timetable)
    jobs = Job.objects.unfinished().filter(Q(paused=False) | Q(paused_until__lt=end, problem="")).only(*_COLUMNS)
    for job in jobs:
        if (job.end_of_pause or job.pk in next_run_times) and window.concerns(tags_of(job)):
            trigger = json.dumps(job.trigger)
            timetable = read(trigger, job.timezone, job.pk if SPREAD.search(trigger) else "")
            if timetable is None:
                continue
            first = timetable.first(job.end_of_pause) if job.end_of_pause else next_run_times[job.pk]
            if first is not None:
                yield job, first, timetable


def _read_timetable(trigger: str, timezone: str, seed: str) -> Timetable | None:
    try:
        return read_timetable(json.loads(trigger), timezone, seed=seed)
    except InvalidInput:
        return None


def _moments(
    timetable: Timetable, next_run_time: datetime, spans: Iterable[Span], windows: Windows, job: Job
) -> Iterator[datetime]:
    """Yield a job's occurrences in these spans of one window.

    Where other windows make a span begin earlier, the first occurrence since then comes before them: it is the one
    that runs once.
    """
    latest = EARLIEST
    for span in spans:
        whole = windows.covering(span.start, tags_of(job)) or span
        first = _next_from(timetable, whole.start, next_run_time)
        if job.maintenance == MaintenancePolicy.ONCE and first is not None and latest < first < span.start:
            yield first
        moment = _next_from(timetable, span.start, next_run_time)
        while moment is not None and moment < span.end:
            yield moment
            latest, moment = moment, timetable.next_after(moment)


def _next_from(timetable: Timetable, moment: datetime, next_run_time: datetime) -> datetime | None:
    """Return the first occurrence at a moment or later, which is no earlier than the job's next run."""
    return next_run_time if next_run_time >= moment else timetable.next_after(moment - MICROSECOND)


def _affected(job: Job, moments: Iterable[datetime], windows: Windows, spans: tuple[Span, ...]) -> Iterator[Affected]:
    """Yield what becomes of occurrences that are in these spans."""
    planned = (Occurrence(planned=moment.replace(tzinfo=None), at=moment) for moment in moments)
    for result in with_windows(planned, windows, policy=job.maintenance, tags=tags_of(job)):
        moment = result.planned.replace(tzinfo=UTC)
        if any(span.start <= moment < span.end for span in spans):
            yield Affected(
                job_id=job.pk,
                name=job.name,
                scheduled_for=moment,
                maintenance=job.maintenance,
                at=result.at,
                reason=said(result.marks[-1].reason),
            )
