"""The preview of a backfill is what the backfill does."""

from datetime import timedelta

import pytest

from scheduler.models import Execution, Status
from scheduler.services.backfills import plan_backfill
from scheduler.services.runs import backfill_job
from tests.services.rows import NOW, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

START = NOW - timedelta(hours=8)


def on_record(hours_ago: float, status: Status, *, attempt: int = 1, started: bool = False) -> Execution:
    """Write what became of the occurrence at half past, so many hours ago."""
    moment = NOW - timedelta(hours=hours_ago)
    return Execution.objects.create(
        job_id="job", scheduled_for=moment, attempt=attempt, status=status, revision=1, created_at=moment,
        started_at=moment if started else None,
    )  # fmt: skip


def test_plan_names_each_occurrence_and_what_is_queued() -> None:
    job = make_job(start_date=(NOW - timedelta(hours=9.5)).isoformat(), trigger="interval", hours=1)
    on_record(7.5, Status.MISSED)
    on_record(6.5, Status.SUCCEEDED, started=True)
    on_record(5.5, Status.FAILED, started=True)
    on_record(5.5, Status.CANCELLED, attempt=2)
    on_record(4.5, Status.CANCELLED)
    on_record(3.5, Status.CANCELLED, started=True)
    on_record(2.5, Status.RUNNING, started=True)

    plan = plan_backfill(job, start=START, end=NOW, now=NOW)

    attempts = [2, None, None, 2, None, None, 1, 1]
    assert [line.attempt for line in plan] == attempts
    assert [line.latest and line.latest.status for line in plan] == [
        "missed", "succeeded", "cancelled", "cancelled", "cancelled", "running", None, None,
    ]  # fmt: skip


def test_backfill_queues_exactly_what_its_plan_says() -> None:
    job = make_job(start_date=(NOW - timedelta(hours=9.5)).isoformat(), trigger="interval", hours=1)
    on_record(7.5, Status.MISSED)
    on_record(6.5, Status.SUCCEEDED, started=True)
    plan = plan_backfill(job, start=START, end=NOW, now=NOW)

    runs = backfill_job("job", start=START, end=NOW)

    assert [(run.scheduled_for, run.attempt) for run in runs] == [
        (line.scheduled_for, line.attempt) for line in plan if line.attempt
    ]
