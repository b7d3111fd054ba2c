"""What can be done to executions: cancel, replace, run a lost one again.

Lock order everywhere: the node first, then the schedule, the job, and the executions last, by id.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from scheduler import clock
from scheduler.actors import current_actor
from scheduler.exceptions import ExecutionEnded, ExecutionNotFound
from scheduler.models import FINAL, Action, Execution, Job, Node, OnLost, Origin, Status
from scheduler.services.attempts import queue_attempts, read_chains
from scheduler.services.audit import note
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.words import reasons

# A run that brings every node down is not to do so for ever.
MOST_RECOVERIES = 5


@retry_deadlocks
@transaction.atomic
def cancel_execution(execution_id: int) -> Execution:
    """Cancel an execution: a queued one at once; a running one is told to stop by its node, within a second.

    Raises ExecutionNotFound, and ExecutionEnded when there is nothing left to cancel.
    """
    by = current_actor().name
    reason = reasons.CANCELLED_BY % {"name": by} if by else reasons.CANCELLED
    node_id = Execution.objects.filter(pk=execution_id).values_list("node_id", flat=True).first()
    # Its node may be about to record it, or to take another: first the node's row, as everywhere.
    _lock_node(node_id)
    execution = Execution.objects.select_for_update().filter(pk=execution_id).first()
    if execution is None:
        raise ExecutionNotFound(id=execution_id)
    if execution.status in FINAL:
        raise ExecutionEnded(id=execution_id, status=Status(execution.status).label)
    now = clock.now()
    _cancel([execution], reason=reason, now=now)
    note(Action.CANCELLED, now=now, of=execution, details={"execution": str(execution.pk)})
    return execution


@retry_deadlocks
@transaction.atomic
def replace_running(job_id: str, *, newest: int, now: datetime) -> None:
    """Ask for the end of the job's oldest run, which its newest execution waits to replace.

    Nobody is asked while one that was asked before is about to end, nor when the newest waits no more. If the node dies
    before it asks, the run that waits starts when the other has ended by itself.
    """
    if not Execution.objects.filter(pk=newest, status=Status.QUEUED).exists():
        return
    running = Execution.objects.filter(job_id=job_id, status=Status.RUNNING)
    if running.exclude(cancel_requested_at=None).exists():
        return
    oldest = running.exclude(pk=newest).order_by("id").values_list("pk", "node_id").first()
    if oldest:
        execution_id, node_id = oldest
        _lock_node(node_id)
        still = Execution.objects.select_for_update().filter(pk=execution_id, status=Status.RUNNING)
        _cancel(still, reason=reasons.REPLACED, now=now)


def cancel_replaced(newest: Mapping[str, int], *, now: datetime) -> None:
    """Cancel the queued occurrences of jobs that are overtaken by their newest. The caller holds the schedules."""
    queued = Execution.objects.filter(job_id__in=list(newest), status=Status.QUEUED, origin=Origin.SCHEDULE)
    overtaken = queued.exclude(pk__in=list(newest.values()))
    overtaken.update(status=Status.CANCELLED, reason=reasons.REPLACED, finished_at=now)


def _lock_node(node_id: int | None) -> None:
    """Lock a node's row until the commit, whether the node lives or not; whoever claims for it waits."""
    if node_id:
        list(Node.objects.select_for_update().filter(pk=node_id).values_list("pk"))


def _cancel(executions: Iterable[Execution], *, reason: str, now: datetime) -> None:
    """Cancel locked executions, and tell their nodes."""
    for execution in executions:
        execution.reason, execution.cancel_requested_at = reason, now
        if execution.status == Status.QUEUED:
            execution.status, execution.finished_at = Status.CANCELLED, now
        execution.save(update_fields=["status", "reason", "cancel_requested_at", "finished_at"])
        if execution.node_id:
            Node.objects.filter(pk=execution.node_id).update(orders=F("orders") + 1)


def lose_executions(node_ids: Iterable[int], *, reason: str, now: datetime) -> int:
    """Declare lost what runs on these nodes, and queue it again where its job says so; return how many.

    Called in the transaction that declares the nodes dead or stopped.
    """
    running = Execution.objects.select_for_update().filter(status=Status.RUNNING, node_id__in=list(node_ids))
    lost = list(running.order_by("pk"))
    ids = [execution.pk for execution in lost]
    Execution.objects.filter(pk__in=ids).update(status=Status.LOST, reason=reason, finished_at=now)
    _recover([execution for execution in lost if execution.cancel_requested_at is None], now=now)
    return len(lost)


def _recover(lost: list[Execution], *, now: datetime) -> None:
    """Queue another try of each, where its job says that this does no harm, but not for ever."""
    wishing = Job.objects.filter(pk__in={execution.job_id for execution in lost}, on_lost=OnLost.RERUN)
    wanted = set(wishing.values_list("pk", flat=True))
    lost = [execution for execution in lost if execution.job_id in wanted]
    if not lost:
        return
    chains = read_chains({(each.job_id, each.scheduled_for) for each in lost})
    queue_attempts(
        Execution(
            job_id=each.job_id,
            scheduled_for=each.scheduled_for,
            attempt=each.attempt + 1,
            origin=Origin.RECOVERY,
            revision=each.revision,
            priority=each.priority,
            available_at=now,
            args=each.args,
            kwargs=each.kwargs,
            created_at=now,
        )
        for each in lost
        if chains[each.job_id, each.scheduled_for].recovered < MOST_RECOVERIES
    )
