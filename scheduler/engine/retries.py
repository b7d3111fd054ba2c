"""Queues the retries of what failed, in the transaction that records the failures: a crash loses neither or both."""

from collections.abc import Sequence
from datetime import datetime
from json import loads

from scheduler.engine.outcomes import Outcome
from scheduler.models import Execution, Origin
from scheduler.services.attempts import Chain, queue_attempts, read_chains


def queue_retries(failed: Sequence[Outcome]) -> None:
    """Queue another try of each, where its job's policy wants one. Whoever has queued it already is not hindered."""
    if not failed:
        return
    failed = _not_cancelled(failed)
    chains = read_chains({_occurrence_of(outcome) for outcome in failed})
    queue_attempts(retry for outcome in failed if (retry := _retry_of(outcome, chains.get(_occurrence_of(outcome)))))


def _occurrence_of(outcome: Outcome) -> tuple[str, datetime]:
    return outcome.run.job_id, outcome.run.scheduled_for


def _not_cancelled(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Leave out what somebody has asked to be cancelled, but failed before it was told."""
    asked = Execution.objects.filter(pk__in=[outcome.run.execution_id for outcome in outcomes])
    cancelled = set(asked.exclude(cancel_requested_at=None).values_list("pk", flat=True))
    return [outcome for outcome in outcomes if outcome.run.execution_id not in cancelled]


def _retry_of(outcome: Outcome, chain: Chain | None) -> Execution | None:
    run = outcome.run
    if run.retry is None or chain is None:
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
