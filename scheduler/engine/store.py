"""The job store: claims what is due. The heart of the engine, and the place to ask what happens if a node dies.

A claim is one transaction: lock due schedules, write a row for each of their occurrences, move the schedules on. If
the node dies before the commit, nothing has happened and another node claims the same. If it dies after, the rows
say "running" on a dead node, and become "lost". A body never starts before the commit, so no death runs one twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Never

from apscheduler.jobstores.base import BaseJobStore
from django.db import IntegrityError, models
from django.utils.translation import gettext as _
from django_apscheduler.jobstores import DjangoJobStore

from scheduler.engine.definitions import CompiledJob, Definitions, Run
from scheduler.engine.planning import Occurrence, plan
from scheduler.engine.statements import BulkUpdate, insert_rows
from scheduler.engine.writing import write_transaction
from scheduler.models import ACTIVE, Execution, Job, Node, Origin, Schedule, Status, new_ids
from scheduler.services.problems import write_problems

BATCH = 500

_MOVE_SCHEDULES = BulkUpdate(model=Schedule, key="id", key_type=str, columns={"next_run_time": datetime})
_EXECUTION_COLUMNS = (
    "id", "job_id", "scheduled_for", "attempt", "status", "reason", "origin", "revision", "node_id", "occurrences",
    "first_scheduled_for", "created_at", "finished_at",
)  # fmt: skip


class Room:
    """How many more runs each executor can take at this moment; counts down as they are given out."""

    def __init__(self, free: Mapping[str, int]) -> None:
        self._free = dict(free)

    def take(self, alias: str) -> bool:
        """Take a place in this executor, if it has one."""
        free = self._free.get(alias, 0)
        self._free[alias] = free - 1
        return free > 0

    @property
    def total(self) -> int:
        """All free places."""
        return sum(max(free, 0) for free in self._free.values())


@dataclass
class Ledger:
    """What one claim will write: rows, moved schedules, and what it found out about the jobs."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


class ScheduleStore(DjangoJobStore):
    """django-apscheduler's store, with claims in place of its unpickling, its per-job updates and its deletions."""

    def __init__(self) -> None:
        super().__init__()
        self._definitions = Definitions()

    def start(self, scheduler: Any, alias: str) -> None:
        """Start without the listeners that write django-apscheduler's own execution table."""
        BaseJobStore.start(self, scheduler, alias)

    def claim(self, node: Node, *, now: datetime, free: Mapping[str, int]) -> tuple[list[Run], int]:
        """Claim up to BATCH due schedules; return the runs that this node shall start now, and how many were due."""
        try:
            return self._claim(node, now=now, room=Room(free), has_rows=False)
        except IntegrityError:
            # An occurrence has a row already: somebody moved a schedule back. Look before the next try.
            return self._claim(node, now=now, room=Room(free), has_rows=True)

    @write_transaction()
    def _claim(self, node: Node, *, now: datetime, room: Room, has_rows: bool) -> tuple[list[Run], int]:
        # Nodes share the work: what one has locked, the others skip. SQLite's BEGIN IMMEDIATE lets one in at a time.
        due = list(
            Schedule.objects.select_for_update(skip_locked=True)
            .filter(next_run_time__lte=now)
            .order_by("next_run_time")
            .values_list("pk", "next_run_time")[:BATCH]
        )
        if not due:
            return [], 0
        # Read under the locks, so that an edit is either seen here or waits for the commit and then overrules it.
        jobs = self._definitions.load(job_id for job_id, _moment in due)
        existing = _existing_rows(due) if has_rows else set()
        ledger = self._plan(due, jobs, existing=existing, node=node, now=now, room=room)
        _delete_orphans([job_id for job_id, _moment in due if job_id not in jobs])
        _write(ledger, now=now)
        return ledger.runs, len(due)

    def _plan(
        self,
        due: Sequence[tuple[str, datetime]],
        jobs: dict[str, CompiledJob],
        *,
        existing: set[tuple[str, datetime]],
        node: Node,
        now: datetime,
        room: Room,
    ) -> Ledger:
        ledger = Ledger()
        active = _count_active(jobs)
        for job_id, moment in due:
            job = jobs.get(job_id)
            if job is None or job.row.stale:
                # An orphan, or a job just changed past the services: the next turn derives its schedule afresh.
                continue
            if job.problem != job.row.problem:
                ledger.problems[job_id] = job.problem
            planned = plan(
                job.timetable,
                moment,
                now=now,
                coalesce=job.row.coalesce,
                grace_seconds=job.row.misfire_grace_time,
            )
            ledger.moves.append({"id": job_id, "next_run_time": planned.next_run_time})
            if planned.next_run_time is None and not job.problem:
                ledger.finished.append(job_id)
            fresh = [each for each in planned.occurrences if (job_id, each.scheduled_for) not in existing]
            for execution_id, occurrence in zip(new_ids(len(fresh)), fresh, strict=True):
                status, reason = _decide(job, occurrence, active=active.get(job_id, 0), now=now, room=room)
                if status in ACTIVE:
                    active[job_id] = active.get(job_id, 0) + 1
                if status == Status.RUNNING:
                    ledger.runs.append(job.run(execution_id, occurrence.scheduled_for))
                ledger.rows.append(_row(execution_id, job, occurrence, status, reason, node=node, now=now))
        return ledger

    def take_queued(
        self, node: Node, *, now: datetime, free: Mapping[str, int], manual_only: bool
    ) -> tuple[list[Run], int]:
        """Take queued executions, oldest first, for which there is room; return the runs, and how many were looked at.

        `manual_only` leaves the scheduled ones waiting, while the scheduler is paused.
        """
        room = Room(free)
        with write_transaction():
            queued = Execution.objects.filter(status=Status.QUEUED)
            if manual_only:
                queued = queued.filter(origin=Origin.MANUAL)
            waiting = list(
                queued.select_for_update(skip_locked=True)
                .order_by("id")
                .values_list("id", "job_id", "scheduled_for")[: min(room.total, BATCH)]
            )
            jobs = self._definitions.load({job_id for _id, job_id, _moment in waiting})
            runs, refused = _sort_out(waiting, jobs, room=room)
            Execution.objects.filter(id__in=[run.execution_id for run in runs]).update(
                status=Status.RUNNING, node_id=node.pk
            )
            for reason, ids in refused.items():
                Execution.objects.filter(id__in=ids).update(status=Status.CANCELLED, reason=reason, finished_at=now)
        return runs, len(waiting)

    def _refuse(self, *args: Any, **kwargs: Any) -> Never:
        raise NotImplementedError("Jobs are read from scheduler.models.Job and written through scheduler.services.")

    # The stock implementations unpickle the rows, and delete those that they cannot read.
    lookup_job = get_due_jobs = get_all_jobs = add_job = update_job = remove_job = remove_all_jobs = _refuse
    _reconstitute_job = _get_jobs = _refuse


def _decide(job: CompiledJob, occurrence: Occurrence, *, active: int, now: datetime, room: Room) -> tuple[Status, str]:
    """Decide what becomes of one occurrence, and why if it does not run."""
    if occurrence.missed:
        late = (now - occurrence.scheduled_for).total_seconds()
        grace = job.row.misfire_grace_time
        return Status.MISSED, _("%(late).0f s late; misfire_grace_time is %(grace)s s.") % {
            "late": late,
            "grace": grace,
        }
    if job.problem:
        return Status.SKIPPED, job.problem
    if active >= job.row.max_instances:
        return Status.SKIPPED, _("max_instances (%d) runs of this job were queued or running.") % job.row.max_instances
    return (Status.RUNNING if room.take(job.row.executor) else Status.QUEUED), ""


def _row(
    execution_id: int,
    job: CompiledJob,
    occurrence: Occurrence,
    status: Status,
    reason: str,
    *,
    node: Node,
    now: datetime,
) -> tuple[Any, ...]:
    """Return the values of _EXECUTION_COLUMNS."""
    return (
        execution_id, job.row.id, occurrence.scheduled_for, 1, status.value, reason, Origin.SCHEDULE.value,
        job.row.revision, node.pk if status == Status.RUNNING else None, occurrence.count, occurrence.first, now,
        None if status in ACTIVE else now,
    )  # fmt: skip


def _existing_rows(due: Iterable[tuple[str, datetime]]) -> set[tuple[str, datetime]]:
    """Return the occurrences of these jobs, from their due instants on, that have a row."""
    found: set[tuple[str, datetime]] = set()
    for job_id, moment in due:
        rows = Execution.objects.filter(job_id=job_id, scheduled_for__gte=moment, attempt=1)
        found.update(rows.values_list("job_id", "scheduled_for"))
    return found


def _count_active(jobs: Iterable[str]) -> dict[str, int]:
    """Return how many executions of each job are queued or running, manual ones apart, on whichever node."""
    counted = (
        Execution.objects.active()
        .filter(job_id__in=list(jobs))
        .exclude(origin=Origin.MANUAL)
        .order_by()
        .values_list("job_id")
        .annotate(count=models.Count("id"))
    )
    return dict(counted)


def _delete_orphans(job_ids: Sequence[str]) -> None:
    """Delete the schedules whose jobs somebody deleted past the services."""
    if job_ids:
        Schedule.objects.filter(pk__in=job_ids).delete()


def _write(ledger: Ledger, *, now: datetime) -> None:
    if ledger.rows:
        insert_rows(Execution, _EXECUTION_COLUMNS, ledger.rows)
    if ledger.moves:
        _MOVE_SCHEDULES.run(ledger.moves)
    if ledger.finished:
        Job.objects.filter(pk__in=ledger.finished).update(finished_at=now)
    write_problems(ledger.problems)


def _sort_out(
    waiting: Iterable[tuple[int, str, datetime]], jobs: dict[str, CompiledJob], *, room: Room
) -> tuple[list[Run], dict[str, list[int]]]:
    """Part what can start from what never can; what merely has no room in its executor stays queued."""
    runs: list[Run] = []
    refused: dict[str, list[int]] = {}
    for execution_id, job_id, scheduled_for in waiting:
        job = jobs.get(job_id)
        problem = job.problem if job else _("The job was deleted before this run started.")
        if job is None or problem:
            refused.setdefault(problem, []).append(execution_id)
        elif room.take(job.row.executor):
            runs.append(job.run(execution_id, scheduled_for))
    return runs, refused
