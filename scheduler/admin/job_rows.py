"""The rows of the jobs' list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote

from scheduler.admin.job_state import state_of
from scheduler.links import execution_url, executions_url, job_url, list_url
from scheduler.listings.jobs import latest_executions
from scheduler.models import Execution, Job
from scheduler.timetables import tags_of
from scheduler.words import describe


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """All that a row shows of a job."""

    job: Job
    quoted_pk: str
    url: str
    words: str
    state: str
    state_label: str
    tags: list[tuple[str, str]]
    last: Execution | None
    last_url: str
    history_url: str


def rows_of(jobs: Iterable[Any]) -> list[JobRow]:
    """Return the rows of jobs that have their next run times; two statements."""
    jobs = list(jobs)
    latest = latest_executions(job.pk for job in jobs)
    return [_row(job, latest.get(job.pk)) for job in jobs]


def _row(job: Any, last: Execution | None) -> JobRow:
    state = state_of(job)
    return JobRow(
        job=job,
        quoted_pk=quote(job.pk),
        url=job_url(job.pk),
        words=describe(job.trigger, job.timezone, seed=job.pk),
        state=state.code,
        state_label=state.words,
        tags=[(tag, list_url("job", tag=tag)) for tag in sorted(tags_of(job))],
        last=last,
        last_url=execution_url(last.pk) if last else "",
        history_url=executions_url(job.pk),
    )
