"""The attempts at one occurrence: its retries and recoveries, which are counted by their rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.db.models.functions import Greatest

from scheduler.models import Execution, Origin, Status

# What the column of attempts can hold.
MOST_ATTEMPTS = 2**15 - 1
# Of an occurrence that never started, nothing has been tried.
_NEVER_STARTED = (Status.MISSED, Status.SKIPPED)


@dataclass(frozen=True, kw_only=True)
class Chain:
    """What was tried of one occurrence so far."""

    retried: int
    recovered: int
    first_tried_at: datetime


def read_chains(occurrences: Collection[tuple[str, datetime]]) -> dict[tuple[str, datetime], Chain]:
    """Return what was tried of these occurrences, each a job's id and an instant; perhaps of others, too."""
    tried = Execution.objects.filter(
        job_id__in={job_id for job_id, _moment in occurrences},
        scheduled_for__in={moment for _job_id, moment in occurrences},
    )
    rows = (
        tried.order_by()
        .values_list("job_id", "scheduled_for")
        .annotate(
            retried=Count("pk", filter=Q(origin=Origin.RETRY)),
            recovered=Count("pk", filter=Q(origin=Origin.RECOVERY)),
            # What waited for the end of a maintenance window is tried from then on.
            first=Min(Greatest("created_at", "available_at"), filter=~Q(status__in=_NEVER_STARTED)),
        )
    )
    return {
        (job_id, moment): Chain(retried=retried, recovered=recovered, first_tried_at=first)
        for job_id, moment, retried, recovered, first in rows
    }


def queue_attempts(attempts: Iterable[Execution]) -> None:
    """Queue further attempts. Whoever has queued one already is not hindered; beyond MOST_ATTEMPTS there are none."""
    possible = [attempt for attempt in attempts if attempt.attempt <= MOST_ATTEMPTS]
    Execution.objects.bulk_create(possible, ignore_conflicts=True)
