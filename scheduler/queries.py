"""Reads that need more than one queryset, in a constant number of statements."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from scheduler.models import DesiredState, Execution, Job, JsonText, Node, Schedule, SchedulerState


class ListedJob(NamedTuple):
    """A job as the REST API lists it; JSON columns as text."""

    id: str
    name: str
    func: str
    args: str
    kwargs: str
    trigger: str
    timezone: str
    coalesce: bool
    misfire_grace_time: int | None
    max_instances: int
    executor: str
    next_run_time: datetime | None


def next_run_time_of_job() -> Subquery:
    """Return the expression of a job's next run time."""
    return Subquery(Schedule.objects.filter(pk=OuterRef("pk")).values("next_run_time")[:1])


def list_jobs(*job_ids: str) -> list[ListedJob]:
    """Return the unfinished jobs (of these ids, if any is given): the next one first, those without a next run last."""
    jobs = Job.objects.unfinished()
    if job_ids:
        jobs = jobs.filter(pk__in=job_ids)
    rows = (
        jobs.annotate(
            next_run_time=next_run_time_of_job(),
            args_text=JsonText("args"),
            kwargs_text=JsonText("kwargs"),
            trigger_text=JsonText("trigger"),
        )
        .order_by(F("next_run_time").asc(nulls_last=True), "id")
        .values_list(
            "id", "name", "func", "args_text", "kwargs_text", "trigger_text", "timezone", "coalesce",
            "misfire_grace_time", "max_instances", "executor", "next_run_time",
        )
    )  # fmt: skip
    return [ListedJob._make(row) for row in rows]


def desired_state() -> DesiredState:
    """Return what the nodes are told; running until somebody says otherwise."""
    desired = SchedulerState.objects.filter(pk=SchedulerState.THE_ONE).values_list("desired", flat=True).first()
    return DesiredState(desired or DesiredState.RUNNING)


def count_nodes() -> int:
    """Return how many nodes are alive."""
    return Node.objects.alive(timezone.now()).count()


def page_of_executions(job_id: str, *, before: int | None, limit: int) -> list[Execution]:
    """Return a job's executions, newest first, of which the first is older than the id `before`."""
    executions = Execution.objects.of_job(job_id)
    if before is not None:
        executions = executions.filter(pk__lt=before)
    return list(executions[:limit])


def names_of_nodes(executions: Iterable[Execution]) -> dict[int, str]:
    """Return the names of the nodes that ran these executions, by id; a node whose row is gone is left out."""
    ids = {execution.node_id for execution in executions if execution.node_id}
    return dict(Node.objects.filter(pk__in=ids).values_list("pk", "name"))


def latest_execution_of_job(column: str) -> Subquery:
    """Return the expression of a column of a job's latest execution."""
    latest: QuerySet[Execution] = Execution.objects.filter(job_id=OuterRef("pk")).order_by("-scheduled_for", "-attempt")
    return Subquery(latest.values(column)[:1])
