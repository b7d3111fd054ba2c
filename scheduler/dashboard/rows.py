"""What is shown of the runs that go on, and of what needs somebody: links, lengths of time, names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.links import calendar_url, execution_url, job_url
from scheduler.models import Execution, Job
from scheduler.overview.running import RunningNow
from scheduler.overview.trouble import Failure
from scheduler.queries import EndingCalendar
from scheduler.words.elapsed import say_briefly


@dataclass(frozen=True, kw_only=True)
class RunningRow:
    """A run that goes on; `percent` is None where nobody knows how far it has come."""

    id: int
    name: str
    node: str
    length: str
    percent: float | None
    text: str
    is_stopping: bool


@dataclass(frozen=True, kw_only=True)
class FailureRow:
    """A job whose latest runs failed."""

    execution: Execution
    name: str
    url: str
    count: int
    ago: str


@dataclass(frozen=True, kw_only=True)
class BrokenRow:
    """A job that cannot run."""

    name: str
    problem: str
    url: str


@dataclass(frozen=True, kw_only=True)
class EndingRow:
    """A calendar whose data ends."""

    name: str
    known_until: date
    sentence: str
    url: str


def running_rows(running: Iterable[RunningNow], *, now: datetime) -> list[RunningRow]:
    """Return what is shown of runs that go on."""
    return [
        RunningRow(
            id=run.id,
            name=run.name or run.job_id,
            node=run.node or "",
            length=say_briefly(now - (run.started_at or run.created_at)),
            percent=run.percent,
            text=run.progress_text or "",
            is_stopping=run.cancel_requested_at is not None,
        )
        for run in running
    ]


def failure_rows(failures: Iterable[Failure], *, now: datetime) -> list[FailureRow]:
    """Return what is shown of failures; a job that is gone has no page, but its run has."""
    return [
        FailureRow(
            execution=failure.execution,
            name=failure.name,
            url=job_url(failure.job_id) if failure.has_job else execution_url(failure.execution.pk),
            count=failure.count,
            ago=say_briefly(now - (failure.execution.finished_at or failure.execution.created_at)),
        )
        for failure in failures
    ]


def broken_rows(jobs: Iterable[Job]) -> list[BrokenRow]:
    """Return what is shown of broken jobs."""
    return [BrokenRow(name=str(job), problem=job.problem, url=job_url(job.pk)) for job in jobs]


def ending_rows(calendars: Iterable[EndingCalendar]) -> list[EndingRow]:
    """Return what is shown of calendars that end."""
    return [
        EndingRow(name=each.name, known_until=each.known_until, sentence=each.sentence, url=calendar_url(each.name))
        for each in calendars
    ]
