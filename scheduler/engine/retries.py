"""Queues the retries of what failed, in the transaction that records the failures: a crash loses neither or both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads

from django.db.models import Count, Min, Q

from scheduler.engine.outcomes import Outcome
from scheduler.models import Execution, Origin, Status
from scheduler.services.executions import MOST_ATTEMPTS

# Of an occurrence that never started, nothing has been tried.
_NEVER_STARTED = (Status.MISSED, Status.SKIPPED)


@dataclass(frozen=True, kw_only=True)
class _Chain:
    """What was tried of one occurrence so far."""

    retried: int
    first_tried_at: datetime


def queue_retries(failed: Sequence[Outcome]) -> None:
    """Queue another try of each, where its job's policy wants one. Whoever has queued it already is not hindered."""
    failed = _not_cancelled(failed)
    if not failed:
        return
    chains = _read_chains(failed)
    retries = [retry for outcome in failed if (retry := _retry_of(outcome, chains))]
    Execution.objects.bulk_create(retries, ignore_conflicts=True)


def _not_cancelled(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Leave out what somebody has asked to be cancelled, but failed before it was told."""
    asked = Execution.objects.filter(pk__in=[outcome.run.execution_id for outcome in outcomes])
    cancelled = set(asked.exclude(cancel_requested_at=None).values_list("pk", flat=True)) if outcomes else set()
    return [outcome for outcome in outcomes if outcome.run.execution_id not in cancelled]


def _read_chains(outcomes: Sequence[Outcome]) -> dict[tuple[str, datetime], _Chain]:
    tried = Execution.objects.filter(
        job_id__in={outcome.run.job_id for outcome in outcomes},
        scheduled_for__in={outcome.run.scheduled_for for outcome in outcomes},
    )
    rows = (
        tried.order_by()
        .values_list("job_id", "scheduled_for")
        .annotate(
            retried=Count("pk", filter=Q(origin=Origin.RETRY)),
            first=Min("created_at", filter=~Q(status__in=_NEVER_STARTED)),
        )
    )
    return {(job_id, moment): _Chain(retried=retried, first_tried_at=first) for job_id, moment, retried, first in rows}


def _retry_of(outcome: Outcome, chains: Mapping[tuple[str, datetime], _Chain]) -> Execution | None:
    run, chain = outcome.run, chains.get((outcome.run.job_id, outcome.run.scheduled_for))
    if run.retry is None or chain is None or run.attempt >= MOST_ATTEMPTS:
        return None
    moment = run.retry.next_try(
        retried=chain.retried,
        error_types=outcome.error_types,
        first_tried_at=chain.first_tried_at,
        failed_at=outcome.finished_at,
        seed=f"{run.job_id} {run.scheduled_for.isoformat()}",
    )
    if moment is None:
        return None
    return Execution(
        job_id=run.job_id,
        scheduled_for=run.scheduled_for,
        attempt=run.attempt + 1,
        origin=Origin.RETRY,
        revision=run.revision,
        priority=run.priority,
        available_at=moment,
        args=run.own_args and loads(run.own_args),
        kwargs=run.own_kwargs and loads(run.own_kwargs),
        created_at=outcome.finished_at,
    )
