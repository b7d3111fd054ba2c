"""Which jobs somebody means who looks for some of the history: those that are there, and those that are gone."""

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from scheduler.models import Execution, HistoricalJob, Job

# The history of so many jobs is found by execution_once, and sorted.
MOST_BY_INDEX = 20


def jobs_named(text: str) -> set[str]:
    """Return the jobs whose id begins with a text or whose name has it; more than MOST_BY_INDEX stands for too many.

    PostgreSQL would refuse to look for what cannot be printed, which no id has.
    """
    if not text.isprintable():
        return set()
    there = Job.objects.filter(Q(pk__startswith=text) | Q(name__icontains=text))
    gone = HistoricalJob.objects.filter(id__startswith=text)
    limit = MOST_BY_INDEX + 1
    return {
        *there.values_list("pk", flat=True)[:limit],
        *gone.order_by().values_list("id", flat=True).distinct()[:limit],
    }


def of_jobs(executions: QuerySet[Execution], job_ids: set[str]) -> QuerySet[Execution]:
    """Return the executions of these jobs; of many, so that no planner thinks of finding them job by job."""
    if len(job_ids) <= MOST_BY_INDEX:
        return executions.filter(job_id__in=job_ids)
    return executions.alias(plain_job_id=Concat("job_id", Value(""))).filter(plain_job_id__in=job_ids)
