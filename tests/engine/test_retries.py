"""The retry's row, written with the failure that it retries."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from scheduler.engine import recorder
from scheduler.engine.outcomes import Outcome
from scheduler.engine.recorder import record
from scheduler.engine.retries import queue_retries
from scheduler.engine.retrying import RetryPolicy
from scheduler.models import Execution, Job, Node, Origin, Status
from scheduler.services.attempts import MOST_ATTEMPTS
from scheduler.services.executions import cancel_execution
from scheduler.services.jobs import create_job
from scheduler.services.nodes import register_node
from tests.engine.runs import run_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
POLICY = RetryPolicy(retries=3, delay=10, max_delay=100)


def running(job: Job, node: Node, **more: Any) -> Execution:
    columns = {"scheduled_for": NOW, "status": Status.RUNNING, "revision": 3, "created_at": NOW, **more}
    columns.setdefault("available_at", columns["created_at"])
    return Execution.objects.create(job=job, node=node, **columns)


def ended(
    execution: Execution, status: Status = Status.FAILED, *, retry: RetryPolicy | None = POLICY, **own: Any
) -> Outcome:
    run = run_of(execution, retry=retry, priority=7, **own)
    error_types = ("ValueError",) if status == Status.FAILED else ()
    return Outcome(run=run, status=status, started_at=NOW, finished_at=NOW, error_types=error_types)


def retries() -> list[Execution]:
    return list(Execution.objects.filter(origin=Origin.RETRY).order_by("pk"))


@pytest.mark.parametrize("status", [Status.FAILED, Status.TIMED_OUT])
def test_failed_run_is_queued_again_as_it_was(job: Job, node: Node, status: Status) -> None:
    execution = running(job, node, attempt=2)

    record([ended(execution, status, own_args="[1]", own_kwargs='{"second": 2}')])

    (retry,) = retries()
    assert (retry.status, retry.scheduled_for, retry.attempt) == (Status.QUEUED, NOW, 3)
    assert (retry.args, retry.kwargs, retry.revision, retry.priority) == ([1], {"second": 2}, 3, 7)
    assert NOW + timedelta(seconds=5) <= retry.available_at <= NOW + timedelta(seconds=10)
    assert retry.node_id is None


def test_retry_of_a_run_with_the_jobs_arguments_takes_those_that_the_job_has_then(job: Job, node: Node) -> None:
    record([ended(running(job, node))])

    assert (retries()[0].args, retries()[0].kwargs) == (None, None)


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.CANCELLED])
def test_what_did_not_fail_is_not_retried(job: Job, node: Node, status: Status) -> None:
    record([ended(running(job, node), status)])

    assert retries() == []


def test_job_without_retries_has_none(job: Job, node: Node) -> None:
    record([ended(running(job, node), retry=None)])

    assert retries() == []


def test_what_was_declared_lost_is_not_retried(job: Job, node: Node) -> None:
    execution = running(job, node)
    outcome = ended(execution)
    Execution.objects.update(status=Status.LOST)

    record([outcome])

    assert retries() == []


def test_what_was_declared_lost_and_runs_again_elsewhere_is_not_retried(job: Job, node: Node) -> None:
    outcome = ended(running(job, node))
    Execution.objects.update(node_id=node.pk + 1)

    record([outcome])

    assert retries() == []


def test_run_that_somebody_wants_cancelled_is_not_retried(job: Job, node: Node) -> None:
    execution = running(job, node)
    cancel_execution(execution.pk)

    record([ended(execution)])

    assert Execution.objects.get(pk=execution.pk).status == Status.FAILED
    assert retries() == []


def test_record_that_is_repeated_queues_one_retry(job: Job, node: Node) -> None:
    outcome = ended(running(job, node))

    record([outcome])
    record([outcome])

    assert len(retries()) == 1


def test_record_that_is_repeated_after_the_retry_has_run_queues_nothing(job: Job, node: Node) -> None:
    outcome = ended(running(job, node))
    record([outcome])
    Execution.objects.filter(origin=Origin.RETRY).update(status=Status.SUCCEEDED)

    record([outcome])

    assert [retry.status for retry in retries()] == [Status.SUCCEEDED]


def test_chain_ends_after_as_many_retries_as_the_job_says(job: Job, node: Node) -> None:
    execution = running(job, node)
    for _try in range(5):
        record([ended(execution)])
        if (latest := Execution.objects.latest("attempt")).pk == execution.pk:
            break
        Execution.objects.filter(pk=latest.pk).update(status=Status.RUNNING, node=node)
        execution = Execution.objects.get(pk=latest.pk)

    assert list(Execution.objects.order_by("attempt").values_list("attempt", "status")) == [
        (attempt, Status.FAILED) for attempt in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(("seconds", "count"), [(30, 1), (4, 0)])
def test_budget_counts_from_the_first_try(job: Job, node: Node, seconds: int, count: int) -> None:
    policy = RetryPolicy(retries=3, delay=10, max_delay=100, budget=seconds)

    record([ended(running(job, node), retry=policy)])

    assert len(retries()) == count


def test_budget_counts_from_the_end_of_the_window_that_the_first_try_waited_for(job: Job, node: Node) -> None:
    policy = RetryPolicy(retries=3, delay=10, max_delay=100, budget=60)
    long_ago = NOW - timedelta(hours=4)

    record([ended(running(job, node, created_at=long_ago, available_at=NOW), retry=policy)])

    assert len(retries()) == 1


@pytest.mark.parametrize("never_started", [Status.MISSED, Status.SKIPPED])
def test_backfill_of_what_never_started_has_a_budget_of_its_own(job: Job, node: Node, never_started: Status) -> None:
    long_ago = NOW - timedelta(days=9)
    Execution.objects.create(job=job, scheduled_for=NOW, status=never_started, revision=1, created_at=long_ago)
    policy = RetryPolicy(retries=3, delay=10, max_delay=100, budget=60)

    record([ended(running(job, node, attempt=2, origin=Origin.BACKFILL), retry=policy)])

    assert len(retries()) == 1


def test_chain_that_fills_the_column_of_attempts_ends_and_is_recorded(job: Job, node: Node) -> None:
    execution = running(job, node, attempt=MOST_ATTEMPTS)

    record([ended(execution)])

    assert Execution.objects.get().status == Status.FAILED


def test_run_whose_row_is_gone_is_not_retried(job: Job, node: Node) -> None:
    outcome = ended(running(job, node))
    Execution.objects.all().delete()

    record([outcome])

    assert retries() == []


@pytest.mark.django_db(transaction=True)
def test_failure_and_retry_are_written_together_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    node = register_node(name="here", pid=1, threads=4, now=NOW)
    execution = running(create_job({"id": "job", "func": "jobs:nothing", "next_run_time": None}), node)

    def die(failed: Any) -> None:
        queue_retries(failed)
        raise OperationalError("the server has gone away")

    monkeypatch.setattr(recorder, "queue_retries", die)
    with pytest.raises(OperationalError):
        record([ended(execution)])
    after_death = list(Execution.objects.values_list("status", flat=True))
    monkeypatch.undo()
    record([ended(execution)])

    assert after_death == [Status.RUNNING]
    assert set(Execution.objects.values_list("status", flat=True)) == {Status.FAILED, Status.QUEUED}
