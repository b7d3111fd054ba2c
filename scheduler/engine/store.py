"""The job store: claims what is due. The heart of the engine, and the place to ask what happens if a node dies.

A claim is one transaction: hold this node's row, lock due schedules, write a row for each of their occurrences, move
the schedules on. If the node dies before the commit, nothing has happened and another node claims the same. If it dies
after, the rows say "running" on a dead node, and become "lost". A body never starts before the commit, so no death
runs one twice; and nobody can declare the node dead between the look at its row and the commit.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Never

from apscheduler.jobstores.base import BaseJobStore
from django.db import IntegrityError, InterfaceError, OperationalError, models
from django.utils.translation import gettext as _
from django_apscheduler.jobstores import DjangoJobStore

from scheduler.engine.definitions import CompiledJob, Definitions, Run
from scheduler.engine.ledger import EXECUTION_COLUMNS, Ledger, Room
from scheduler.engine.statements import BulkUpdate, insert_rows
from scheduler.engine.writing import write_transaction
from scheduler.exceptions import NodeBuried
from scheduler.models import Execution, Job, Node, Origin, Schedule, Status
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.problems import write_problems
from scheduler.services.schedules import quarantine_job

logger = logging.getLogger(__name__)

BATCH = 500

_MOVE_SCHEDULES = BulkUpdate(model=Schedule, keys={"id": str}, columns={"next_run_time": datetime})


class ScheduleStore(DjangoJobStore):
    """django-apscheduler's store, with claims in place of its unpickling, its per-job updates and its deletions."""

    def __init__(self) -> None:
        super().__init__()
        self._definitions = Definitions()

    def start(self, scheduler: Any, alias: str) -> None:
        """Start without the listeners that write django-apscheduler's own execution table."""
        BaseJobStore.start(self, scheduler, alias)

    @retry_deadlocks
    def claim(self, node: Node, *, now: datetime, room: Room) -> tuple[list[Run], int]:
        """Claim up to BATCH due schedules; return the runs that this node shall start now, and how many were due.

        Raises NodeBuried when this node has been declared dead, and what the database raises while it is away.
        """
        due = Schedule.objects.filter(next_run_time__lte=now).order_by("next_run_time")[:BATCH]
        try:
            return self._claim(due, node, now=now, room=room.copy(), look_first=False)
        except IntegrityError:
            # An occurrence has a row already: somebody moved a schedule back. Look before the next try.
            return self._claim(due, node, now=now, room=room.copy(), look_first=True)
        except (OperationalError, InterfaceError, NodeBuried):
            raise
        except Exception:  # noqa: BLE001 - whatever one job's claim raises
            # One job among them cannot be claimed; the others must not wait for it.
            return self._claim_singly(due, node, now=now, room=room)

    def _claim_singly(
        self, due: models.QuerySet[Schedule], node: Node, *, now: datetime, room: Room
    ) -> tuple[list[Run], int]:
        """Claim due schedules one by one, and quarantine the jobs whose claims fail."""
        runs: list[Run] = []
        job_ids = list(due.values_list("pk", flat=True))
        for job_id in job_ids:
            one = Schedule.objects.filter(pk=job_id, next_run_time__lte=now)
            try:
                runs += self._claim(one, node, now=now, room=room, look_first=True)[0]
            except (OperationalError, InterfaceError, NodeBuried):
                # What is claimed by now is committed, and must start; what is left is still due.
                logger.exception("Claiming one by one was cut short.", extra={"action": "claim_cut_short"})
                break
            except Exception as error:
                logger.exception("Job %s cannot be claimed; quarantined.", job_id, extra={"action": "job_quarantined"})
                quarantine_job(job_id, problem=_("It cannot be claimed: %r.") % error, now=now)
        return runs, len(job_ids)

    @write_transaction()
    def _claim(
        self, due: models.QuerySet[Schedule], node: Node, *, now: datetime, room: Room, look_first: bool
    ) -> tuple[list[Run], int]:
        _require_alive(node)
        # Nodes share the work: what one has locked, the others skip. SQLite's BEGIN IMMEDIATE lets one in at a time.
        locked = list(due.select_for_update(skip_locked=True).values_list("pk", "next_run_time"))
        if not locked:
            return [], 0
        # Read under the locks, so that an edit is either seen here or waits for the commit and then overrules it.
        jobs = self._definitions.load(job_id for job_id, _moment in locked)
        ledger = Ledger(
            node=node,
            now=now,
            room=room,
            active=_count_active(jobs),
            existing=_existing_rows(locked) if look_first else frozenset(),
        )
        for job_id, moment in locked:
            # A job just changed past the services waits for the next turn, which derives its schedule afresh.
            if job_id in jobs and not jobs[job_id].row.stale:
                ledger.enter(jobs[job_id], moment)
        _delete_orphans([job_id for job_id, _moment in locked if job_id not in jobs])
        _write(ledger)
        return ledger.runs, len(locked)

    @retry_deadlocks
    @write_transaction()
    def take_queued(self, node: Node, *, now: datetime, room: Room, manual_only: bool) -> list[Run]:
        """Take queued executions, oldest first, for which there is room; return the runs, whose places are taken.

        `manual_only` leaves the scheduled ones waiting, while the scheduler is paused. Raises NodeBuried.
        """
        _require_alive(node)
        queued = Execution.objects.filter(status=Status.QUEUED)
        if manual_only:
            queued = queued.filter(origin=Origin.MANUAL)
        if full := room.full:
            # What waits for a full executor must not hide what waits behind it for another.
            queued = queued.exclude(job_id__in=Job.objects.filter(executor__in=full).values("pk"))
        waiting = list(
            queued.select_for_update(skip_locked=True)
            .order_by("id")
            .values_list("id", "job_id", "scheduled_for")[: min(room.total, BATCH)]
        )
        jobs = self._definitions.load({job_id for _id, job_id, _moment in waiting})
        runs, refused = _sort_out(waiting, jobs, node=node, room=room)
        Execution.objects.filter(id__in=[run.execution_id for run in runs]).update(
            status=Status.RUNNING, node_id=node.pk
        )
        for reason, ids in refused.items():
            Execution.objects.filter(id__in=ids).update(status=Status.CANCELLED, reason=reason, finished_at=now)
        return runs

    def _refuse(self, *args: Any, **kwargs: Any) -> Never:
        raise NotImplementedError("Jobs are read from scheduler.models.Job and written through scheduler.services.")

    # The stock implementations unpickle the rows, and delete those that they cannot read.
    lookup_job = get_due_jobs = get_all_jobs = add_job = update_job = remove_job = remove_all_jobs = _refuse
    _reconstitute_job = _get_jobs = _refuse


def _require_alive(node: Node) -> None:
    """Hold this node's row until the commit, so that nobody declares it dead in between."""
    if not Node.objects.select_for_update().filter(pk=node.pk, stopped_at=None).values_list("pk"):
        raise NodeBuried(name=node.name)


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


def _write(ledger: Ledger) -> None:
    if ledger.rows:
        insert_rows(Execution, EXECUTION_COLUMNS, ledger.rows)
    if ledger.moves:
        _MOVE_SCHEDULES.run(ledger.moves)
    if ledger.finished:
        Job.objects.filter(pk__in=ledger.finished).update(finished_at=ledger.now)
    write_problems(ledger.problems)


def _sort_out(
    waiting: Iterable[tuple[int, str, datetime]], jobs: dict[str, CompiledJob], *, node: Node, room: Room
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
            runs.append(job.run(execution_id, scheduled_for, node))
    return runs, refused
