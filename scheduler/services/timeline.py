"""The jobs that are due next, each with its latest runs and its coming ones. Nothing is written.

However many jobs there are, only a dozen of them is looked at, and of each only so much as a line can show.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby, islice, takewhile
from typing import Any

from django.db import connection
from django.db.models.query import RawQuerySet

from scheduler import conf
from scheduler.models import Execution, Job, Schedule
from scheduler.services.affected import spans_of
from scheduler.services.simulation import Stock
from scheduler.simulation import Question, Subject
from scheduler.timetables import tags_of
from scheduler.triggers.terms import trace_of
from scheduler.triggers.windows import Span, Window

BEFORE, AFTER = timedelta(hours=1), timedelta(hours=5)
SOON = timedelta(minutes=15)
MOST_JOBS = 12
# A minutely job has so many runs in an hour. More of them on one line would be a bar, and so are shown as one.
MOST_RUNS = 60
MOST_SPANS = 20
_JOB_COLUMNS = (
    "id", "name", "trigger", "timezone", "tags", "maintenance", "paused", "max_instances", "overlap", "max_runs",
    "run_count", "created_at", "synced_trigger", "paused_until", "problem",
)  # fmt: skip
_RUN_COLUMNS = "id, job_id, status, scheduled_for, started_at, finished_at"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One job; the runs that are left out came before the first of `past`, or come after the last of `coming`."""

    job_id: str
    name: str
    next_run_time: datetime
    past: tuple[Execution, ...]
    coming: tuple[datetime, ...]
    spans: tuple[Span, ...]
    is_past_cut: bool
    is_coming_cut: bool


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The rows, within one stretch of time: those that are due soon by name, the others by when they are due.

    Jobs that run each minute would else change places at each look. `next` is the one that is due first.
    """

    start: datetime
    now: datetime
    end: datetime
    next: Row | None
    rows: tuple[Row, ...]


def read_timeline(*, now: datetime) -> Timeline:
    """Return the timeline of the jobs that are due within the next hours; three statements, and calendars if named."""
    start, end = now - BEFORE, now + AFTER
    jobs = _read_due_jobs(until=end)
    stock = Stock(Question(start=now, length=AFTER, zone=conf.timezone(), cap=1), list(jobs), with_durations=False)
    past = _read_past([job.pk for job in jobs], since=start)
    rows = [_row(job, due, stock, past.get(job.pk, ()), now=now) for job, due in jobs.items()]
    in_order = sorted(rows, key=lambda row: (max(row.next_run_time, now + SOON), row.name))
    return Timeline(start=start, now=now, end=end, next=rows[0] if rows else None, rows=tuple(in_order))


def _read_due_jobs(*, until: datetime) -> dict[Job, datetime]:
    """Return the jobs that are due next, in order, and when they are."""
    jobs: RawQuerySet[Any] = Job.objects.raw(_due_jobs())
    due = {}
    for job in jobs:
        job.next_run_time = _as_moment(job.next_run_time)
        if job.next_run_time <= until:
            due[job] = job.next_run_time
    return due


def _as_moment(text: str) -> datetime:
    """Read an instant as the databases write it: in UTC, which only PostgreSQL says, and fills up with blanks."""
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@cache
def _due_jobs() -> str:
    """By the index of next run times: the jobs are looked up for a dozen schedules only."""
    quote = connection.ops.quote_name
    columns = ", ".join(f"j.{quote(name)}" for name in _JOB_COLUMNS)
    return (
        f"SELECT {columns}, CAST(s.next_run_time AS CHAR(40)) AS next_run_time"  # noqa: S608 - our names
        f" FROM (SELECT id, next_run_time FROM {Schedule._meta.db_table}"
        f" WHERE next_run_time IS NOT NULL ORDER BY next_run_time LIMIT {MOST_JOBS}) AS s"
        f" JOIN {Job._meta.db_table} j ON j.id = s.id ORDER BY s.next_run_time, s.id"
    )


def _read_past(job_ids: Sequence[str], *, since: datetime) -> dict[str, tuple[Execution, ...]]:
    if not job_ids:
        return {}
    since_then = connection.ops.adapt_datetimefield_value(since)
    parameters = [each for job_id in job_ids for each in (job_id, since_then)]
    rows = Execution.objects.raw(_latest_runs(len(job_ids)), parameters)
    return {job_id: tuple(runs) for job_id, runs in groupby(rows, lambda run: str(run.job_id))}


@cache
def _latest_runs(jobs: int) -> str:
    """For each job the latest rows of its index."""
    latest = f"""
        SELECT {_RUN_COLUMNS} FROM {Execution._meta.db_table} WHERE job_id = %s AND scheduled_for >= %s
        ORDER BY scheduled_for DESC LIMIT {MOST_RUNS + 1}
    """  # noqa: S608 - the names are ours, the values are parameters
    parts = [f"SELECT * FROM ({latest}) AS of_job_{number}" for number in range(jobs)]  # noqa: S608
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS runs ORDER BY job_id, scheduled_for, id"  # noqa: S608


def _row(job: Job, due: datetime, stock: Stock, runs: Sequence[Execution], *, now: datetime) -> Row:
    start, end = now - BEFORE, now + AFTER
    past = [run for run in runs if run.scheduled_for <= end]
    coming = list(islice(_coming(stock.stored(job), due, end), MOST_RUNS + 1))
    return Row(
        job_id=job.pk,
        name=job.name or job.pk,
        next_run_time=due,
        past=tuple(past[-MOST_RUNS:]),
        coming=tuple(coming[:MOST_RUNS]),
        spans=tuple(_spans(stock.windows.all, job, start, end)),
        is_past_cut=len(past) > MOST_RUNS,
        is_coming_cut=len(coming) > MOST_RUNS,
    )


def _coming(subject: Subject, due: datetime, end: datetime) -> Iterator[datetime]:
    """Yield when the job will start, as the engine would: from its next run on, with the windows laid over."""
    if not subject.is_paused:
        traced = trace_of(subject.terms, due, end)
        starts = (each.occurrence.at for each in traced if each.occurrence.at is not None)
        yield from islice(starts, subject.left)


def _spans(windows: Sequence[Window], job: Job, start: datetime, end: datetime) -> Iterator[Span]:
    """Yield the spans of the maintenance windows that concern a job."""
    for window in windows:
        if window.concerns(tags_of(job)):
            yield from islice(takewhile(lambda span: span.start < end, spans_of(window, now=start)), MOST_SPANS)
