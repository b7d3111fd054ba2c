"""The job store: claims what is due. The heart of the engine, and the place to ask what happens if a node dies.

A claim is one transaction: hold this node's row, lock due schedules, write a row for each of their occurrences, move
the schedules on. If the node dies before the commit, nothing has happened and another node claims the same. If it dies
after, the rows say "running" on a dead node, and become "lost". A body never starts before the commit, so no death
runs one twice; and nobody can declare the node dead between the look at its row and the commit.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Never

from apscheduler.jobstores.base import BaseJobStore
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django_apscheduler.jobstores import DjangoJobStore

from scheduler.engine.definitions import CompiledJob, Definitions, Run
from scheduler.engine.ledger import (
    EXECUTION_COLUMNS,
    EXECUTION_EXPRESSIONS,
    POSTPONED_COLUMNS,
    POSTPONED_EXPRESSIONS,
    Ledger,
    Room,
)
from scheduler.engine.maintenance import WaitingRuns
from scheduler.engine.statements import (
    BulkInsert,
    BulkUpdate,
    as_moment,
    as_parameter,
    execute,
    for_update,
    moment_of,
    select,
    within,
)
from scheduler.exceptions import NodeBuried
from scheduler.models import Execution, Job, Node, Origin, Schedule, Status
from scheduler.services import executions, nodes
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.problems import write_problems
from scheduler.services.schedules import quarantine_job
from scheduler.services.transactions import write_transaction
from scheduler.words import reasons

logger = logging.getLogger(__name__)

# A claim takes as many due schedules as there is room for, between these: what it cannot start it must queue, but each
# claim costs some round trips, in whose midst the bodies have the interpreter.
LEAST_CLAIMED = 500
MOST_CLAIMED = 2_000
# What ends a claim without saying anything about the jobs in it.
NOT_THE_JOBS_FAULT = (OperationalError, InterfaceError, NodeBuried)
# A full batch of which one in so many can start leaves the rest due, for the next turn or another node.
WORTH_A_CLAIM = 25

_INSERT_EXECUTIONS = BulkInsert(model=Execution, columns=EXECUTION_COLUMNS, expressions=EXECUTION_EXPRESSIONS)
_INSERT_POSTPONED = BulkInsert(model=Execution, columns=POSTPONED_COLUMNS, expressions=POSTPONED_EXPRESSIONS)
_COUNT_RUNS = BulkUpdate(model=Job, keys={"id": str}, columns={"run_count": int})
_MOVE_SCHEDULES = BulkUpdate(model=Schedule, keys={"id": str}, columns={"next_run_time": datetime})


class Claim(NamedTuple):
    """What a claim came to: runs to start now, how many schedules were due, and what waits to replace its job's run."""

    runs: list[Run]
    due: int
    # Whether it took as much as one may, so that more must be due.
    is_full: bool
    # The queued executions, by job.
    replacing: dict[str, int]


class ScheduleStore(DjangoJobStore):
    """django-apscheduler's store, with claims in place of its unpickling, its per-job updates and its deletions."""

    def __init__(self, definitions: Definitions) -> None:
        super().__init__()
        self._definitions = definitions

    def start(self, scheduler: Any, alias: str) -> None:
        """Start without the listeners that write django-apscheduler's own execution table."""
        BaseJobStore.start(self, scheduler, alias)

    def claim(self, node: Node, *, now: datetime, room: Room) -> Claim:
        """Claim due schedules, as many as one claim may.

        Raises NodeBuried when this node has been declared dead, and what the database raises while it is away.
        """
        # Where an occurrence has a row already, somebody moved a schedule back: look before the second try.
        for look_first in (False, True):
            try:
                return self._claim(node, now=now, room=room, look_first=look_first)
            except IntegrityError:
                continue
            except NOT_THE_JOBS_FAULT:
                raise
            except Exception:  # noqa: BLE001 - whatever one job's claim raises
                break
        # One job among them cannot be claimed; the others must not wait for it.
        return self._claim_singly(node, now=now, room=room)

    def _claim_singly(self, node: Node, *, now: datetime, room: Room) -> Claim:
        """Claim due schedules one by one, and quarantine the jobs whose claims fail.

        When the database goes away meanwhile, what is claimed by now goes back into the queue with the next turn.
        """
        runs: list[Run] = []
        replacing: dict[str, int] = {}
        due = Schedule.objects.filter(next_run_time__lte=now).order_by("next_run_time")
        job_ids = list(due.values_list("pk", flat=True)[:LEAST_CLAIMED])
        for job_id in job_ids:
            try:
                one = self._claim(node, now=now, room=room, look_first=True, job_id=job_id)
            except NOT_THE_JOBS_FAULT:
                raise
            except Exception as error:
                logger.exception("Job %s cannot be claimed; quarantined.", job_id, extra={"action": "job_quarantined"})
                quarantine_job(job_id, problem=reasons.CANNOT_CLAIM % {"error": repr(error)}, now=now)
            else:
                runs += one.runs
                replacing |= one.replacing
                for run in one.runs:
                    room.take(run.executor)
        return Claim(runs, len(job_ids), len(job_ids) == LEAST_CLAIMED, replacing)

    @retry_deadlocks
    @write_transaction()
    def _claim(
        self, node: Node, *, now: datetime, room: Room, look_first: bool = False, job_id: str | None = None
    ) -> Claim:
        # A try that a deadlock undid must not have used up places.
        room = room.copy()
        nodes.hold_node(node)
        limit = min(max(room.total, LEAST_CLAIMED), MOST_CLAIMED)
        locked = _lock_due(now=now, job_id=job_id, limit=limit)
        if not locked:
            return Claim([], 0, False, {})
        # Read under the locks, so that an edit is either seen here or waits for the commit and then overrules it.
        jobs = self._definitions.load(job_id for job_id, _moment in locked)
        active = _count_active(jobs, now=now)
        ledger = Ledger(
            node_id=node.pk,
            now=now,
            room=room,
            active={active_id: count for active_id, count, _backfills in active},
            backfills={active_id: backfills for active_id, _count, backfills in active},
            existing=_existing_rows(locked) if look_first else frozenset(),
            windows=self._definitions.windows,
            is_waiting=WaitingRuns(jobs),
        )
        is_full = len(locked) == limit
        leaves_rest = is_full and room.total * WORTH_A_CLAIM >= limit
        for due_id, moment in _by_priority(locked, jobs):
            # A job just changed past the services waits for the next turn, which derives its schedule afresh.
            job = jobs.get(due_id)
            if job is None or job.row.stale:
                continue
            # What finds no place now is left as it is where the next turn comes soon: queued first and taken then, it
            # would be written twice.
            if not (leaves_rest and room.is_used_up(job.row.executor)):
                ledger.enter(job, moment)
        _delete_orphans([due_id for due_id, _moment in locked if due_id not in jobs])
        _write(ledger)
        return Claim(ledger.runs, len(locked), is_full, ledger.replacing)

    def _refuse(self, *args: Any, **kwargs: Any) -> Never:
        raise NotImplementedError("Jobs are read from scheduler.models.Job and written through scheduler.services.")

    # The stock implementations unpickle the rows, and delete those that they cannot read.
    lookup_job = get_due_jobs = get_all_jobs = add_job = update_job = remove_job = remove_all_jobs = _refuse
    _reconstitute_job = _get_jobs = _refuse


def _lock_due(*, now: datetime, job_id: str | None, limit: int) -> list[tuple[str, datetime]]:
    """Lock up to `limit` due schedules, the oldest first, or that of one job if it is due.

    Nodes share the work: what one has locked, the others skip. SQLite's BEGIN IMMEDIATE lets one in at a time.
    """
    one, only = ("AND id = %s", [job_id]) if job_id is not None else ("", [])
    statement = f"""
        SELECT id, {moment_of("next_run_time")} FROM {Schedule._meta.db_table} WHERE next_run_time <= %s {one}
        ORDER BY next_run_time LIMIT {limit} {for_update(skip_locked=True)}
    """
    return [(due_id, as_moment(moment)) for due_id, moment in select(statement, [as_parameter(now), *only])]


def _by_priority(due: Iterable[tuple[str, datetime]], jobs: Mapping[str, CompiledJob]) -> list[tuple[str, datetime]]:
    """Return what is due so that the places go to the most important first, and to the oldest among equals."""
    return sorted(due, key=lambda each: -jobs[each[0]].row.priority if each[0] in jobs else 0)


def _existing_rows(due: Iterable[tuple[str, datetime]]) -> set[tuple[str, datetime]]:
    """Return the occurrences of these jobs, from their due instants on, that have a row."""
    found: set[tuple[str, datetime]] = set()
    for job_id, moment in due:
        rows = Execution.objects.filter(job_id=job_id, scheduled_for__gte=moment, attempt=1)
        found.update(rows.values_list("job_id", "scheduled_for"))
    return found


def _count_active(job_ids: Collection[str], *, now: datetime) -> list[tuple[str, int, int]]:
    """Return the jobs that have executions queued or running, on whichever node: how many, and how many of a backfill.

    Neither a retry that waits for its time nor a backfill that waits for its turn keeps an occurrence from running.
    """
    if not job_ids:
        return []
    # Without statistics, SQLite's planner would rather walk through all the history of each job; the sign hides the
    # index of that. What is active is little.
    of_jobs, ids = within("+job_id" if connection.vendor == "sqlite" else "job_id", job_ids)
    statement = f"""
        SELECT job_id, COUNT(*), COUNT(CASE WHEN origin = %s THEN 1 END) FROM {Execution._meta.db_table}
        WHERE status IN (%s, %s) AND (status = %s OR (available_at <= %s AND origin <> %s)) AND {of_jobs}
        GROUP BY job_id
    """
    backfill, running = Origin.BACKFILL.value, Status.RUNNING.value
    values = [backfill, running, Status.QUEUED.value, running, as_parameter(now), backfill]
    return [(job_id, count, backfills) for job_id, count, backfills in select(statement, [*values, *ids])]


def _delete_orphans(job_ids: Sequence[str]) -> None:
    """Delete the schedules whose jobs somebody deleted past the services."""
    if job_ids:
        Schedule.objects.filter(pk__in=job_ids).delete()


def _write(ledger: Ledger) -> None:
    if ledger.rows:
        _INSERT_EXECUTIONS.run(ledger.rows, [ledger.now])
    if ledger.postponed:
        _INSERT_POSTPONED.run(ledger.postponed, [ledger.now])
    if ledger.moves:
        _MOVE_SCHEDULES.run(ledger.moves)
    if ledger.run_counts:
        _COUNT_RUNS.run(list(ledger.run_counts.items()))
    if ledger.finished:
        of_jobs, ids = within("id", ledger.finished)
        execute(f"UPDATE {Job._meta.db_table} SET finished_at = %s WHERE {of_jobs}", [as_parameter(ledger.now), *ids])
    if ledger.replacing:
        executions.cancel_replaced(ledger.replacing, now=ledger.now)
    write_problems(ledger.problems)
