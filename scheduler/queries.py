"""Reads that need more than one queryset, in a constant number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from scheduler.calendars import names_in
from scheduler.models import (
    DesiredState,
    Execution,
    Job,
    JsonText,
    MaintenanceWindow,
    Node,
    Schedule,
    SchedulerState,
    WorkCalendar,
)
from scheduler.triggers import Calendar

# The codes after the numbers: whatever somebody wrote there by hand, those are read right. Last what may be any text.
PACKED = (
    "coalesce", "misfire_grace_time", "max_instances", "priority", "timeout", "max_runs", "retries", "retry_delay",
    "retry_max_delay", "retry_budget", "keep_days", "keep_executions", "paused_until", "overlap", "maintenance",
    "on_lost", "pause_reason",
)  # fmt: skip
_CODES = ("overlap", "maintenance", "on_lost", "pause_reason")
_OTHERS = (*_CODES, "coalesce", "paused_until")
# Time enough to install a newer package of holidays, or to enter next year's days.
ENDS_SOON = timedelta(days=90)


class ListedJob(NamedTuple):
    """A job as the REST API lists it, as the database holds it: JSON columns, and the next run time, as text."""

    id: str
    name: str
    func: str
    args: str
    kwargs: str
    trigger: str
    timezone: str
    executor: str
    retry_on: str
    tags: str
    # Those of PACKED: fetching them one by one would take half as long again as the statement.
    packed: str
    # In UTC. Making a datetime of it for each job of a list would take as long as the statement.
    next_run_time: str | None


def unpack(packed: str) -> dict[str, Any]:
    """Return the columns of PACKED, by name; the instant as the database writes it."""
    cells = dict(zip(PACKED, packed.split("|", len(PACKED) - 1), strict=False))
    return {
        **{name: int(cell) if cell else None for name, cell in cells.items() if name not in _OTHERS},
        # PostgreSQL writes a truth as "t", all others as "1".
        "coalesce": cells["coalesce"] in ("1", "t"),
        "paused_until": cells["paused_until"] or None,
        **{name: cells[name] for name in _CODES},
    }


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
    columns = ", ".join(f"j.{quote(name)}" for name in ListedJob._fields[:-2])
    with connection.cursor() as cursor:
        cursor.execute(
            # CHAR(40) is a text on every database, and long enough for any instant.
            f"SELECT {columns}, {_packing()}, CAST(s.next_run_time AS CHAR(40))"  # noqa: S608 - names are quoted, values are parameters
            f" FROM {jobs} j LEFT JOIN {schedules} s ON s.id = j.id WHERE j.finished_at IS NULL {condition}",
            params,
        )
        return tuple(cursor.fetchall())


def _packing() -> str:
    """Return the expression of all columns of PACKED in one text; an empty cell is null."""
    columns = [f"j.{connection.ops.quote_name(name)}" for name in PACKED]
    if connection.vendor == "postgresql":
        separator = ", '|', "
        return f"CONCAT({separator.join(columns)})"
    cells = [f"COALESCE({column}, '')" for column in columns]
    return " || '|' || ".join(cells) if connection.vendor == "sqlite" else f"CONCAT_WS('|', {', '.join(cells)})"


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


class EndingCalendar(NamedTuple):
    """A calendar that jobs or windows use, and whose data ends soon or has ended."""

    name: str
    known_until: date

    @property
    def sentence(self) -> str:
        """Say so."""
        return _("The data of calendar %(name)s ends on %(day)s; later days are judged by their weekday alone.") % {
            "name": self.name,
            "day": self.known_until.isoformat(),
        }


def ending_calendars(*, today: date) -> list[EndingCalendar]:
    """Return the calendars that unfinished jobs or windows use and whose data ends within ENDS_SOON, or has ended."""
    known = {calendar.name: calendar.known_until for calendar in WorkCalendar.objects.prefetch_related("days")}
    ending = {name: until for name, until in known.items() if until is not None and until <= today + ENDS_SOON}
    # Only then does anybody look through the jobs.
    jobs, windows = (jobs_naming(ending), windows_naming(ending)) if ending else ({}, {})
    used = {name for name, users in jobs.items() if any(finished_at is None for _job_id, finished_at in users)}
    used.update(windows)
    return [EndingCalendar(name, until) for name, until in ending.items() if name in used]


def jobs_naming(names: Iterable[str]) -> dict[str, list[tuple[str, datetime | None]]]:
    """Return, by calendar, the id of each job that names it, and when that finished if it has; one statement."""
    wanted = set(names)
    found: dict[str, list[tuple[str, datetime | None]]] = {}
    # No database can look into triggers that are nested in others; few jobs have the word in theirs.
    jobs = Job.objects.annotate(text=JsonText("trigger")).filter(text__contains='"calendar"').order_by("pk")
    for job_id, finished_at, trigger in jobs.values_list("pk", "finished_at", "trigger"):
        for name in wanted & names_in(trigger):
            found.setdefault(name, []).append((job_id, finished_at))
    return found


def windows_naming(names: Iterable[str]) -> dict[str, list[str]]:
    """Return, by calendar, the names of the maintenance windows whose triggers name it; there are few."""
    wanted = set(names)
    found: dict[str, list[str]] = {}
    for window, trigger in MaintenanceWindow.objects.order_by("pk").values_list("pk", "trigger"):
        for name in wanted & names_in(trigger):
            found.setdefault(name, []).append(window)
    return found


def calendars_named(*triggers: Any) -> dict[str, Calendar]:
    """Return those of the calendars that these triggers name which exist; without a name, nothing is read."""
    # No calendar has a name that cannot be printed, and PostgreSQL would refuse the question.
    names = {name for trigger in triggers for name in names_in(trigger) if name.isprintable()}
    return WorkCalendar.objects.named(names).as_values() if names else {}
