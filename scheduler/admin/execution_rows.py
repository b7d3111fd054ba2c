"""The rows of the executions' list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator

from scheduler import clock
from scheduler.links import execution_url, job_url
from scheduler.listings.executions import lateness_of
from scheduler.models import Execution, Job, Status
from scheduler.queries import names_of_nodes
from scheduler.words import said
from scheduler.words.elapsed import say_elapsed
from scheduler.words.moments import tell_moment

REASON_SHOWN = 120


@dataclass(frozen=True, kw_only=True)
class ExecutionRow:
    """All that a row shows of an execution. Its job may be gone, and has neither a name nor an address then."""

    execution: Execution
    url: str
    job_name: str
    job_url: str
    job: Job | None
    told_moment: str
    lateness: str
    duration: str
    is_running: bool
    node: str
    reason: str


def rows_of(executions: Sequence[Execution]) -> list[ExecutionRow]:
    """Return the rows of executions; two statements."""
    nodes, now = names_of_nodes(executions), clock.now()
    ids = {execution.job_id for execution in executions}
    jobs = Job.objects.filter(pk__in=ids).only("name", "trigger", "timezone").in_bulk()
    return [_row(each, jobs.get(each.job_id), nodes.get(each.node_id or 0, ""), now=now) for each in executions]


def _row(execution: Execution, job: Job | None, node: str, *, now: datetime) -> ExecutionRow:
    is_running = execution.status == Status.RUNNING
    duration = execution.duration
    if is_running and execution.started_at:
        duration = max(now, execution.started_at) - execution.started_at
    return ExecutionRow(
        execution=execution,
        url=execution_url(execution.pk),
        job_name=job.name if job else execution.job_id,
        job_url=job_url(execution.job_id) if job else "",
        job=job,
        told_moment=tell_moment(execution.scheduled_for),
        lateness=say_elapsed(lateness_of(execution, now=now)),
        duration=say_elapsed(duration),
        is_running=is_running,
        node=node,
        reason=Truncator(said(execution.reason)).chars(REASON_SHOWN),
    )
