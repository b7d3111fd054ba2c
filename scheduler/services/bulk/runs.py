"""Queues runs of many jobs, runs executions again, and cancels many."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from scheduler import clock
from scheduler.actors import current_actor
from scheduler.models import Action, Execution, Job, Node, Origin, Schedule, Status
from scheduler.services import audit
from scheduler.services.bulk.chunks import Outcome, in_chunks
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.schedules import lock_fresh_jobs, write_next_run_times
from scheduler.triggers.instants import MICROSECOND
from scheduler.words import reasons, said


def run_jobs(job_ids: Iterable[str]) -> Outcome:
    """Queue a run of each of these jobs, as `run_job` does of one; the broken ones could not run."""
    return in_chunks(job_ids, _run)


def run_again(execution_ids: Iterable[int]) -> Outcome:
    """Queue, for each of these executions, a run of its job as that is now, with the arguments that it had of its own.

    `changed` and `failed` are by execution; that of a job which is gone, or broken, cannot run.
    """
    return in_chunks(execution_ids, _run_again)


def cancel_executions(execution_ids: Iterable[int]) -> Outcome:
    """Cancel those of these executions that have not ended, as `cancel_execution` does one."""
    return in_chunks(execution_ids, _cancel)


@retry_deadlocks
@transaction.atomic
def _run(job_ids: Sequence[str], mark: str) -> tuple[list[str], dict[str, str]]:
    jobs = [each.job for each in lock_fresh_jobs(job_ids)]
    broken = {job.pk: said(job.problem) for job in jobs if job.problem}
    # Taken under the locks, so that two requests never name one instant.
    now = clock.now()
    _queue([_manual_run(job, now, now=now) for job in jobs if job.pk not in broken], mark, now=now)
    return [job.pk for job in jobs if job.pk not in broken], broken


@retry_deadlocks
@transaction.atomic
def _run_again(execution_ids: Sequence[int], mark: str) -> tuple[list[str], dict[str, str]]:
    wanted = list(Execution.objects.filter(pk__in=execution_ids).order_by("pk").only("job_id", "args", "kwargs"))
    jobs = {each.job.pk: each.job for each in lock_fresh_jobs({execution.job_id for execution in wanted})}
    now = clock.now()
    runs: dict[str, Execution] = {}
    failed: dict[str, str] = {}
    for execution in wanted:
        job = jobs.get(execution.job_id)
        if job is None:
            failed[str(execution.pk)] = _("Its job is gone.")
        elif job.problem:
            failed[str(execution.pk)] = said(job.problem)
        else:
            # Two runs of one job must not name one instant.
            moment = now + len(runs) * MICROSECOND
            run = _manual_run(job, moment, now=now)
            run.args, run.kwargs = execution.args, execution.kwargs
            runs[str(execution.pk)] = run
    _queue(list(runs.values()), mark, now=now)
    return list(runs), failed


def _manual_run(job: Job, moment: datetime, *, now: datetime) -> Execution:
    return Execution(
        job=job,
        scheduled_for=moment,
        origin=Origin.MANUAL,
        revision=job.revision,
        priority=job.priority,
        available_at=now,
        created_at=now,
    )


def _queue(runs: Sequence[Execution], mark: str, *, now: datetime) -> None:
    job_ids = {run.job_id for run in runs}
    known = Schedule.objects.filter(pk__in=job_ids).values_list("pk", flat=True)
    # Whoever starts a run locks the schedule; that of a finished job may have been swept away.
    if missing := job_ids - set(known):
        write_next_run_times(dict.fromkeys(missing))
    Execution.objects.bulk_create(runs)
    audit.write(
        audit.entry(Action.RUN, now=now, of=run.job, details={"execution": str(run.pk), "bulk": mark}) for run in runs
    )


@retry_deadlocks
@transaction.atomic
def _cancel(execution_ids: Sequence[int], mark: str) -> tuple[list[str], dict[str, str]]:
    by = current_actor().name
    reason = reasons.CANCELLED_BY % {"name": by} if by else reasons.CANCELLED
    # Their nodes may be about to record them, or to take others: first the nodes' rows, as everywhere.
    nodes = Execution.objects.filter(pk__in=execution_ids, node_id__isnull=False).values_list("node_id", flat=True)
    list(Node.objects.select_for_update().filter(pk__in=set(nodes)).order_by("pk").values_list("pk"))
    active = list(Execution.objects.select_for_update().active().filter(pk__in=execution_ids).order_by("pk"))
    now, ids = clock.now(), [execution.pk for execution in active]
    these = Execution.objects.filter(pk__in=ids)
    these.update(reason=reason, cancel_requested_at=now)
    these.filter(status=Status.QUEUED).update(status=Status.CANCELLED, finished_at=now)
    Node.objects.filter(pk__in={each.node_id for each in active if each.node_id}).update(orders=F("orders") + 1)
    audit.write(
        audit.entry(Action.CANCELLED, now=now, of=each, details={"execution": str(each.pk), "bulk": mark})
        for each in active
    )
    return [str(execution_id) for execution_id in ids], {}
