"""The writer of outcomes: all of them, in batches, however it is stopped."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.db import DataError, OperationalError

from scheduler.engine import recorder as recorder_module
from scheduler.engine.outcomes import Outcome
from scheduler.engine.recorder import BATCH, Recorder
from scheduler.models import Execution, ExecutionOutput, Node, Status
from scheduler.services.jobs import create_job
from tests.engine.runs import run_of

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def running(node: Node, count: int) -> list[Outcome]:
    """Write rows that run, and return how they ended."""
    job = create_job({"id": "job", "func": "jobs:nothing", "next_run_time": None})
    rows = Execution.objects.bulk_create(
        Execution(job=job, scheduled_for=NOW, attempt=n, status="running", revision=1, node=node, created_at=NOW)
        for n in range(count)
    )
    return [Outcome(run=run_of(row), status=Status.SUCCEEDED, started_at=NOW, finished_at=NOW) for row in rows]


def record_all(node: Node, outcomes: list[Outcome]) -> None:
    recorder = Recorder(lambda recorded: None)
    for outcome in outcomes:
        recorder.put(outcome)
    recorder.start()
    recorder.stop(60)


@pytest.mark.parametrize("count", [1, BATCH, 2 * BATCH + 1])
def test_everything_handed_over_before_the_stop_is_recorded(node: Node, count: int) -> None:
    record_all(node, running(node, count))

    assert Execution.objects.filter(status=Status.SUCCEEDED).count() == count


def test_batch_that_the_database_refuses_is_tried_until_it_takes_it(
    node: Node, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    outcomes = running(node, 3)
    record, failures = recorder_module.record, iter([1, 2])

    def sometimes(batch: Sequence[Outcome]) -> None:
        if next(failures, None):
            raise OperationalError("the server has gone away")
        record(batch)

    monkeypatch.setattr(recorder_module, "record", sometimes)
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0)

    record_all(node, outcomes)

    assert Execution.objects.filter(status=Status.SUCCEEDED).count() == 3
    assert len([line for line in caplog.records if line.exc_info]) == 1


def test_one_outcome_that_cannot_be_stored_stops_no_other(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = running(node, 9)
    outcomes[4] = outcomes[4]._replace(result="poison")
    record = recorder_module.record

    def choke(batch: Sequence[Outcome]) -> None:
        if any(outcome.result == "poison" for outcome in batch):
            raise DataError
        record(batch)

    monkeypatch.setattr(recorder_module, "record", choke)
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0)

    record_all(node, outcomes)

    assert Execution.objects.filter(status=Status.SUCCEEDED).count() == 9
    assert Execution.objects.exclude(reason="").get().pk == outcomes[4].run.execution_id


def test_heavy_texts_travel_in_small_batches(node: Node) -> None:
    outcomes = [outcome._replace(traceback="x" * 200_000) for outcome in running(node, 120)]

    record_all(node, outcomes)

    assert Execution.objects.filter(status=Status.SUCCEEDED).count() == 120
    assert ExecutionOutput.objects.count() == 120
