"""Runs again what has run before: as it was, or as its job is defined now."""

from django.db import transaction

from scheduler.dossiers import read_dossier
from scheduler.exceptions import CannotRepeat, ExecutionNotFound, JobNotFound
from scheduler.models import Execution
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.runs import run_job
from scheduler.services.schedules import lock_jobs


@retry_deadlocks
@transaction.atomic
def run_again(execution_id: int) -> Execution:
    """Queue a run of the same task with the same arguments as another had, whatever its job's are now.

    Who runs it, and its limits and retries, are today's. Raises ExecutionNotFound, JobNotFound, CannotRepeat, and
    InvalidInput where the arguments no longer fit the code.
    """
    job_id = _job_of(execution_id)
    # Nobody changes the job between the look at its task and the run.
    if not lock_jobs([job_id]):
        raise JobNotFound(id=job_id)
    dossier = read_dossier(execution_id)
    if dossier is None:
        raise ExecutionNotFound(id=execution_id)
    if dossier.obstacle:
        raise CannotRepeat(id=execution_id, reason=dossier.obstacle)
    return run_job(job_id, {"args": dossier.args, "kwargs": dossier.kwargs}, again_of=execution_id)


def run_as_defined_now(execution_id: int) -> Execution:
    """Queue a run of an execution's job as it is defined now. Raises ExecutionNotFound, JobNotFound."""
    return run_job(_job_of(execution_id), again_of=execution_id)


def _job_of(execution_id: int) -> str:
    job_id = Execution.objects.filter(pk=execution_id).values_list("job_id", flat=True).first()
    if job_id is None:
        raise ExecutionNotFound(id=execution_id)
    return job_id
