"""What a job's row compiles to: its callable and its timetable, kept for as long as the row stays the same."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from json import loads
from typing import Any, NamedTuple

from django.db import connection

from scheduler import triggers
from scheduler.engine.retrying import RetryPolicy
from scheduler.engine.statements import select, within
from scheduler.exceptions import InvalidInput
from scheduler.models import Job, SchedulerState, WorkCalendar
from scheduler.registry import find_task
from scheduler.services.problems import CallReview
from scheduler.timetables import SPREAD, read_timetable, tags_in
from scheduler.triggers.windows import Windows

MOST_COMPILED = 20_000
# As the databases write them.
NO_ARGUMENTS = ("[]", "{}")


class JobRow(NamedTuple):
    """The columns of a job that running it depends on; JSON columns as the text that the database holds."""

    id: str
    func: str
    args: str
    kwargs: str
    trigger: str
    timezone: str
    paused: bool
    coalesce: bool
    misfire_grace_time: int | None
    max_instances: int
    overlap: str
    maintenance: str
    tags: str
    executor: str
    priority: int
    timeout: int | None
    max_runs: int | None
    run_count: int
    retries: int
    retry_delay: int
    retry_max_delay: int
    retry_budget: int | None
    retry_on: str
    revision: int
    problem: str
    stale: int


class Run(NamedTuple):
    """One execution to be carried out. The arguments are JSON, so that no body can change another's.

    `own_args` and `own_kwargs` are those of this run alone; None where the job's hold.
    """

    execution_id: int
    node_id: int
    job_id: str
    func: str
    args: str
    kwargs: str
    scheduled_for: datetime
    executor: str
    revision: int
    attempt: int = 1
    priority: int = 0
    timeout: int | None = None
    retry: RetryPolicy | None = None
    own_args: str | None = None
    own_kwargs: str | None = None
    # Why it starts later than it was scheduled for; the row keeps that unless its end has a reason of its own.
    note: str = ""

    def call(self) -> Any:
        """Run the task; only a registered one can be found."""
        args, kwargs = self.own_args or self.args, self.own_kwargs or self.kwargs
        task = find_task(self.func)
        # Most jobs have none, and to read that would take longer than to find the function.
        if (args, kwargs) == NO_ARGUMENTS:
            return task.function()
        listed, named = loads(args), loads(kwargs)
        if task.convert is not None:
            listed, named = task.convert(listed, named)
        return task.function(*listed, **named)


class CompiledJob(NamedTuple):
    """A job's row and what it means to this process. `problem` is why this process cannot run it, or ""."""

    row: JobRow
    timetable: triggers.Timetable
    problem: str
    retry: RetryPolicy | None
    tags: frozenset[str]

    def run(self, execution_id: int, scheduled_for: datetime, node_id: int, **own: Any) -> Run:
        """Return one run of this job on a node; `own` is what sets it apart from the job's other runs."""
        row = self.row
        return Run(
            execution_id=execution_id,
            node_id=node_id,
            job_id=row.id,
            func=row.func,
            args=row.args,
            kwargs=row.kwargs,
            scheduled_for=scheduled_for,
            executor=row.executor,
            revision=row.revision,
            priority=row.priority,
            timeout=row.timeout,
            retry=self.retry,
            **own,
        )


class Definitions:
    """Reads jobs and compiles them. One SELECT for any number; a row that did not change is not compiled again.

    `windows` are the maintenance windows, which the node reads anew whenever they change.
    """

    def __init__(self) -> None:
        self.windows = Windows()
        self._compiled: dict[str, CompiledJob] = {}
        self._calls = CallReview()
        self._rules_revision: int | None = None
        self._forget_calendars()

    def _follow_rules(self, revision: int) -> None:
        """Forget what was compiled, if somebody has changed a calendar since. It is read later than its revision."""
        if revision != self._rules_revision:
            self._compiled.clear()
            self._forget_calendars()
            self._rules_revision = revision

    def _forget_calendars(self) -> None:
        # Read when the first job names one: most installations have none.
        self._read_calendars = cache(WorkCalendar.objects.as_values)
        # Jobs with one trigger share one timetable, and so its memo of the next occurrence.
        self._timetable = lru_cache(maxsize=MOST_COMPILED)(self._make_timetable)

    def load(self, job_ids: Iterable[str]) -> dict[str, CompiledJob]:
        """Return the jobs that exist among these ids, as they are at this moment."""
        if len(self._compiled) > MOST_COMPILED:
            self._compiled.clear()
        rows = _read_rows(list(job_ids))
        if rows:
            self._follow_rules(rows[0][0])
        loaded = {row.id: self._compile(row) for _revision, row in rows}
        self._compiled.update(loaded)
        return loaded

    def _compile(self, row: JobRow) -> CompiledJob:
        known = self._compiled.get(row.id)
        if known is not None and known.row == row:
            return known
        timetable, problem = self._read_trigger(row)
        problem = problem or self._calls.problem_of(row.func, row.args, row.kwargs, row.executor)
        return CompiledJob(
            row=row,
            timetable=timetable,
            problem=problem,
            retry=_read_retry_policy(row),
            tags=_read_tags(row.tags),
        )

    def _read_trigger(self, row: JobRow) -> tuple[triggers.Timetable, str]:
        """Return the row's timetable; one without occurrences, and the problem, where it cannot be read."""
        try:
            seed = row.id if SPREAD.search(row.trigger) else ""
            return self._timetable(row.trigger, row.timezone, seed), ""
        except InvalidInput as error:
            return triggers.NEVER, str(error)

    def _make_timetable(self, trigger: str, timezone: str, seed: str) -> triggers.Timetable:
        calendars = self._read_calendars() if '"calendar"' in trigger else {}
        return read_timetable(loads(trigger), timezone, seed=seed, calendars=calendars)


@lru_cache(maxsize=1_000)
def _read_tags(tags: str) -> frozenset[str]:
    """Return the tags of a job, read once for all rows that have the same."""
    return tags_in(loads(tags))


def _read_retry_policy(row: JobRow) -> RetryPolicy | None:
    if not row.retries:
        return None
    return RetryPolicy(
        retries=row.retries,
        delay=row.retry_delay,
        max_delay=row.retry_max_delay,
        budget=row.retry_budget,
        on=tuple(loads(row.retry_on)),
    )


def _read_rows(job_ids: list[str]) -> list[tuple[int, JobRow]]:
    """Return the rows, each with the revision of the rules at the moment of reading.

    By one statement: a job that another node has just adapted to a new calendar must not meet the old one here.
    """
    if not job_ids:
        return []
    of_jobs, ids = within("id", job_ids)
    revision = f"(SELECT rules_revision FROM {SchedulerState._meta.db_table} WHERE id = {SchedulerState.THE_ONE})"
    rows = select(f"SELECT {revision}, {_columns(connection.vendor)} FROM {Job._meta.db_table} WHERE {of_jobs}", ids)
    return [(current or 0, JobRow._make(row)) for current, *row in rows]


@cache
def _columns(_vendor: str) -> str:
    """Return the columns of a JobRow, quoted as this kind of database does it."""
    return ", ".join(connection.ops.quote_name(name) for name in JobRow._fields)
