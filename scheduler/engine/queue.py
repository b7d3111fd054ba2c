"""Takes what is queued, whatever brought it there: by priority, then by age, and of each job as many as it may run.

One transaction: hold this node's row, choose, lock the schedules of the chosen jobs, so that nobody else starts any of
them meanwhile, look again, and mark what starts as running here. If the node dies before the commit, nothing has
happened; if it dies after, the rows say "running" on a dead node, and become "lost".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from scheduler.engine.definitions import CompiledJob, Definitions, Run
from scheduler.engine.ledger import Room, late_reason
from scheduler.engine.maintenance import hold_back
from scheduler.engine.statements import as_moment, as_parameter, execute, for_update, moment_of, select, within
from scheduler.models import Execution, Job, Node, Origin, Schedule, Status
from scheduler.services import nodes
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.transactions import write_transaction
from scheduler.words import reasons

MOST_AT_ONCE = 500
# Where all that was chosen has to wait for the end of a maintenance window, others are, up to so many times in a turn.
MOST_ROUNDS = 10
# What is late by more than its job's grace does not start any more; what somebody asked for starts however late.
_IN_TIME_ONLY = {Origin.SCHEDULE.value, Origin.RETRY.value, Origin.RECOVERY.value}
_EXECUTION = Execution._meta.db_table


class Queued(NamedTuple):
    """The columns of a queued execution that starting it depends on; JSON columns as text."""

    id: int
    job_id: str
    scheduled_for: datetime
    attempt: int
    origin: str
    available_at: datetime
    args: str | None
    kwargs: str | None
    cancel_requested_at: datetime | None
    reason: str

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Queued":
        """Return a row as the driver gives it."""
        queued = cls._make(row)
        return queued._replace(
            scheduled_for=as_moment(queued.scheduled_for),
            available_at=as_moment(queued.available_at),
            cancel_requested_at=as_moment(queued.cancel_requested_at),
        )


class Refusal(NamedTuple):
    """Why queued executions will never start."""

    status: Status
    reason: str


@retry_deadlocks
@write_transaction()
def take_queued(node: Node, definitions: Definitions, *, now: datetime, room: Room, manual_only: bool) -> list[Run]:
    """Take queued executions for which there is room; return their runs, whose places are taken.

    `manual_only` leaves all others waiting, while the scheduler is paused. Raises NodeBuried.
    """
    nodes.hold_node(node)
    for _round in range(MOST_ROUNDS):
        chosen = _choose(now=now, room=room, manual_only=manual_only)
        if not chosen:
            return []
        jobs, waiting = _lock(chosen, definitions)
        ready = hold_back(waiting, jobs, definitions.windows, now=now)
        if ready or not waiting:
            break
    runs, refused = _sort_out(ready, jobs, node=node, room=room.copy(), now=now)
    _mark_running([run.execution_id for run in runs], node=node)
    for refusal, ids in refused.items():
        Execution.objects.filter(id__in=ids).update(status=refusal.status, reason=refusal.reason, finished_at=now)
    # Only now, since a deadlock may have undone an earlier try.
    for run in runs:
        room.take(run.executor)
    return runs


def _lock(chosen: Sequence[tuple[int, str]], definitions: Definitions) -> tuple[dict[str, CompiledJob], list[Queued]]:
    """Lock the chosen executions whose jobs nobody else has locked; return the jobs, and what is still queued."""
    job_ids = {job_id for _id, job_id in chosen}
    locked = _lock_schedules(job_ids)
    jobs = definitions.load(job_ids)
    if unlocked := jobs.keys() - locked:
        _restore_missing_schedules(unlocked)
    return jobs, _look_again([each for each, job_id in chosen if job_id in locked or job_id not in jobs])


def _choose(*, now: datetime, room: Room, manual_only: bool) -> list[tuple[int, str]]:
    """Return the ids, and the jobs, of what could start now, without a lock.

    Not among them: what waits for a full executor, for its job to be resumed, or for another run of its job to end.
    """
    job, manual = Job._meta.db_table, Origin.MANUAL.value
    full_executors, full = within("j.executor", room.full) if room.full else ("1 = 0", [])
    only_manual = "AND e.origin = %s" if manual_only else ""
    statement = f"""
        SELECT e.id, e.job_id FROM {_EXECUTION} e LEFT JOIN {job} j ON j.id = e.job_id
        WHERE e.status = %s AND e.available_at <= %s {only_manual} AND (j.id IS NULL OR NOT {full_executors})
        AND (e.origin = %s OR j.id IS NULL OR NOT j.paused)
        AND e.job_id NOT IN (
            SELECT r.job_id FROM {_EXECUTION} r JOIN {job} o ON o.id = r.job_id
            WHERE r.status = %s GROUP BY r.job_id, o.max_instances HAVING COUNT(*) >= o.max_instances
        )
        ORDER BY e.priority DESC, e.available_at, e.id LIMIT {min(room.total, MOST_AT_ONCE)}
    """
    parameters = [Status.QUEUED.value, as_parameter(now), *([manual] if manual_only else []), *full, manual]
    return [(execution_id, job_id) for execution_id, job_id in select(statement, [*parameters, Status.RUNNING.value])]


def _lock_schedules(job_ids: Collection[str]) -> set[str]:
    """Lock the schedules of these jobs that nobody else has locked; return their ids."""
    of_jobs, ids = within("id", job_ids)
    statement = f"SELECT id FROM {Schedule._meta.db_table} WHERE {of_jobs} {for_update(skip_locked=True)}"
    return {job_id for (job_id,) in select(statement, ids)}


def _restore_missing_schedules(job_ids: Iterable[str]) -> None:
    """Where somebody deleted the schedules under whose locks runs start, let the next turn derive them afresh."""
    existing = Schedule.objects.filter(pk=OuterRef("pk"))
    Job.objects.filter(~Exists(existing), pk__in=list(job_ids)).update(synced_trigger=None)


def _look_again(execution_ids: Sequence[int]) -> list[Queued]:
    """Lock these executions; return those that are still queued, in the same order."""
    if not execution_ids:
        return []
    these, ids = within("id", execution_ids)
    columns = ", ".join(moment_of(name) if name.endswith(("_for", "_at")) else name for name in Queued._fields)
    statement = f"SELECT {columns} FROM {_EXECUTION} WHERE {these} AND status = %s ORDER BY id {for_update()}"
    found = {row[0]: Queued.of(row) for row in select(statement, [*ids, Status.QUEUED.value])}
    return [found[each] for each in execution_ids if each in found]


def _mark_running(execution_ids: Sequence[int], *, node: Node) -> None:
    if execution_ids:
        these, ids = within("id", execution_ids)
        statement = f"UPDATE {_EXECUTION} SET status = %s, node_id = %s WHERE {these}"
        execute(statement, [Status.RUNNING.value, node.pk, *ids])


def _count_running(job_ids: Collection[str]) -> dict[str, int]:
    if not job_ids:
        return {}
    of_jobs, ids = within("job_id", job_ids)
    statement = f"SELECT job_id, COUNT(*) FROM {_EXECUTION} WHERE status = %s AND {of_jobs} GROUP BY job_id"
    return dict(select(statement, [Status.RUNNING.value, *ids]))


def _sort_out(
    waiting: Iterable[Queued], jobs: Mapping[str, CompiledJob], *, node: Node, room: Room, now: datetime
) -> tuple[list[Run], dict[Refusal, list[int]]]:
    """Part what can start from what never can; what has no room, or is one run too many of its job, stays queued."""
    running = _count_running(jobs)
    runs: list[Run] = []
    refused: dict[Refusal, list[int]] = {}
    for queued in waiting:
        job = jobs.get(queued.job_id)
        refusal = _refusal_of(queued, job, now=now)
        if refusal:
            refused.setdefault(refusal, []).append(queued.id)
        elif (
            job
            and not _must_wait(queued, job)
            and running.get(queued.job_id, 0) < job.row.max_instances
            and room.take(job.row.executor)
        ):
            running[queued.job_id] = running.get(queued.job_id, 0) + 1
            runs.append(_run_of(queued, job, node))
    return runs, refused


def _must_wait(queued: Queued, job: CompiledJob) -> bool:
    """Tell whether the job has been paused since the run was chosen; what somebody asked for runs all the same."""
    return bool(job.row.paused) and queued.origin != Origin.MANUAL.value


def _refusal_of(queued: Queued, job: CompiledJob | None, *, now: datetime) -> Refusal | None:
    if job is None:
        return Refusal(Status.CANCELLED, reasons.JOB_DELETED)
    if queued.cancel_requested_at is not None:
        return Refusal(Status.CANCELLED, queued.reason or reasons.CANCELLED_WAITING)
    if job.problem:
        return Refusal(Status.CANCELLED, job.problem)
    grace = job.row.misfire_grace_time
    if queued.origin in _IN_TIME_ONLY and grace is not None and now > queued.available_at + timedelta(seconds=grace):
        return Refusal(Status.MISSED, late_reason(now, queued.available_at, grace))
    return None


def _run_of(queued: Queued, job: CompiledJob, node: Node) -> Run:
    return job.run(
        queued.id,
        queued.scheduled_for,
        node.pk,
        attempt=queued.attempt,
        own_args=queued.args,
        own_kwargs=queued.kwargs,
        note=queued.reason,
    )
