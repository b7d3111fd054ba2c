"""The ledger's rows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from scheduler.models import ACTIVE, Execution, ExecutionOutput, Job, Origin, Status

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def execution(job_id: str = "job", *, attempt: int = 1, status: Status = Status.QUEUED) -> Execution:
    return Execution.objects.create(
        job_id=job_id, scheduled_for=NOW, attempt=attempt, status=status, revision=1, created_at=NOW
    )


def test_database_refuses_a_second_row_for_one_occurrence() -> None:
    execution()

    with pytest.raises(IntegrityError), transaction.atomic():
        execution()


def test_another_attempt_and_another_job_are_no_second_run() -> None:
    execution()
    execution(attempt=2)
    execution("JOB")
    execution("job ")

    assert Execution.objects.count() == 4


def test_history_outlives_its_job() -> None:
    job = Job.objects.create(
        id="job", name="job", func="jobs:nothing", trigger={"trigger": "cron", "hour": "3"}, timezone="UTC"
    )
    kept = execution()
    ExecutionOutput.objects.create(execution=kept, result="3")

    job.delete()

    assert list(Execution.objects.of_job("job")) == [kept]
    assert Execution.objects.get().output.result == "3"


def test_codes_are_lower_case_words() -> None:
    codes = [*Status.values, *Origin.values]

    assert all(code == code.lower() and code.replace("_", "").isalpha() for code in codes)


def test_active_are_those_that_are_not_final() -> None:
    for attempt, status in enumerate(Status):
        execution(attempt=attempt, status=status)

    assert {each.status for each in Execution.objects.active()} == {"queued", "running"} == set(ACTIVE)


def test_executions_of_a_job_come_newest_first() -> None:
    first, second = execution(), execution(attempt=2)
    execution("other")

    assert list(Execution.objects.of_job("job")) == [second, first]


def test_duration_is_known_when_the_run_has_ended() -> None:
    row = Execution(started_at=NOW)
    assert row.duration is None

    row.finished_at = NOW + timedelta(seconds=3)
    assert row.duration == timedelta(seconds=3)


def test_long_texts_are_kept_whole() -> None:
    text = "é😀" * 50_000

    ExecutionOutput.objects.create(execution=execution(), result=text, traceback=text)

    output = ExecutionOutput.objects.get()
    assert (output.result, output.traceback) == (text, text)
