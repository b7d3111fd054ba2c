"""Reads that need more than one queryset, in a constant number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import OuterRef, QuerySet, Subquery

from scheduler.models import DesiredState, Execution, Job, Node, Schedule, SchedulerState


class ListedJob(NamedTuple):
    """A job as the REST API lists it, as the database holds it: JSON columns, and the next run time, as text."""

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
    overlap: str
    executor: str
    priority: int
    timeout: int | None
    max_runs: int | None
    retries: int
    retry_delay: int
    retry_max_delay: int
    retry_budget: int | None
    retry_on: str
    on_lost: str
    keep_days: int | None
    keep_executions: int | None
    # In UTC. Making a datetime of it for each job of a list would take as long as the statement.
    next_run_time: str | None


def next_run_time_of_job() -> Subquery:
    """Return the expression of a job's next run time."""
    return Subquery(Schedule.objects.filter(pk=OuterRef("pk")).values("next_run_time")[:1])


def list_jobs(job_id: str | None = None) -> tuple[ListedJob, ...]:
    """Return the unfinished jobs, or the one of an id: the next one first, those without a next run last."""
    if job_id is not None:
        return tuple(map(ListedJob._make, _read_unfinished("AND j.id = %s", job_id)))
    return _in_order(_read_unfinished())


# The last list only, which is mostly still the same.
@lru_cache(maxsize=1)
def _in_order(rows: tuple[tuple[Any, ...], ...]) -> tuple[ListedJob, ...]:
    """Sorted here, as the database would need a temporary table; the texts sort as their instants do."""
    return tuple(sorted(map(ListedJob._make, rows), key=lambda job: (job[-1] is None, job[-1], job[0])))


def _read_unfinished(condition: str = "", *params: str) -> tuple[tuple[Any, ...], ...]:
    """One statement past the ORM, which takes several times as long as the database does."""
    quote = connection.ops.quote_name
    jobs, schedules = (quote(model._meta.db_table) for model in (Job, Schedule))
    columns = ", ".join(f"j.{quote(name)}" for name in ListedJob._fields[:-1])
    with connection.cursor() as cursor:
        cursor.execute(
            # CHAR(40) is a text on every database, and long enough for any instant.
            f"SELECT {columns}, CAST(s.next_run_time AS CHAR(40))"  # noqa: S608 - names are quoted, values are parameters
            f" FROM {jobs} j LEFT JOIN {schedules} s ON s.id = j.id WHERE j.finished_at IS NULL {condition}",
            params,
        )
        return tuple(cursor.fetchall())


def desired_state() -> DesiredState:
    """Return what the nodes are told; running until somebody says otherwise."""
    desired = SchedulerState.objects.filter(pk=SchedulerState.THE_ONE).values_list("desired", flat=True).first()
    return DesiredState(desired or DesiredState.RUNNING)


def count_nodes() -> int:
    """Return how many nodes are alive."""
    return Node.objects.alive().count()


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


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether jobs are being run: how many nodes make turns that succeed, not how many processes there are."""

    nodes: int
    last_turn_at: datetime | None
    state: DesiredState

    @property
    def is_healthy(self) -> bool:
        """Tell whether any node makes turns; whether it was told to stand by is another matter."""
        return self.nodes > 0


def health() -> Health:
    """Return the scheduler's health, from what the nodes said last."""
    last_turn_at = Node.objects.aggregate(latest=models.Max("last_turn_at"))["latest"]
    return Health(nodes=Node.objects.turning().count(), last_turn_at=last_turn_at, state=desired_state())
