"""Runs that somebody asks for, now or of the past."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from time_machine import Traveller

from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.models import Execution, Job, Origin, Status
from scheduler.services.runs import backfill_job, run_job
from tests.services.rows import NEXT_HOURLY, NOW, make_job, next_run_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_run_is_queued_beside_the_schedule() -> None:
    make_job(next_run_time=None)

    execution = run_job("job")

    execution.refresh_from_db()
    assert (execution.status, execution.origin) == (Status.QUEUED, Origin.MANUAL)
    assert (execution.scheduled_for, execution.revision) == (NOW, 1)
    assert next_run_of() is None


def test_run_may_have_arguments_of_its_own() -> None:
    make_job(func="jobs:add", args=[1], kwargs={"second": 2})

    execution = run_job("job", {"args": [5]})

    execution.refresh_from_db()
    assert (execution.args, execution.kwargs) == ([5], None)
    assert Job.objects.get().args == [1]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"args": ["a", "b", "c"]}, "args"),
        ({"kwargs": {"nosuch": 1}}, "kwargs"),
        ({"args": "text"}, "args"),
        ({"kwargs": [1]}, "kwargs"),
        ({"other": 1}, "other"),
        ([1], "body"),
    ],
)
def test_run_with_wrong_arguments_is_refused(arguments: Any, field: str) -> None:
    make_job(func="jobs:add", args=[1])

    with pytest.raises(InvalidInput) as error:
        run_job("job", arguments)

    assert list(error.value.errors) == [field]
    assert not Execution.objects.exists()


def test_two_runs_by_hand_have_a_row_each(clock: Traveller) -> None:
    make_job()

    first = run_job("job")
    clock.shift(timedelta(microseconds=1))

    assert run_job("job").pk != first.pk
    assert Execution.objects.count() == 2


def backfill(hours: float = 6, **more: Any) -> list[datetime]:
    """Backfill the last hours before NOW; answers for which occurrences."""
    fields: dict[str, Any] = {"start": NOW - timedelta(hours=hours), "end": NOW, **more}
    runs = backfill_job("job", **fields)
    return [run.scheduled_for for run in runs]


def half_past(hour: int) -> datetime:
    return datetime(2026, 6, 1, hour, 30, tzinfo=UTC)


def test_each_occurrence_of_a_range_is_run_that_has_no_row() -> None:
    make_job()

    assert backfill(3) == [half_past(9), half_past(10), half_past(11)]
    row = Execution.objects.earliest("scheduled_for")
    assert (row.origin, row.status, row.attempt) == (Origin.BACKFILL, Status.QUEUED, 1)
    assert next_run_of() == NEXT_HOURLY


def test_both_ends_of_the_range_count() -> None:
    make_job()

    assert backfill(start=half_past(9), end=half_past(10)) == [half_past(9), half_past(10)]


def test_what_ran_is_not_run_again_and_what_never_did_is(clock: Traveller) -> None:
    job = make_job()
    for hour, status in ((8, Status.SUCCEEDED), (9, Status.MISSED), (10, Status.FAILED), (11, Status.SKIPPED)):
        Execution.objects.create(
            job=job, scheduled_for=half_past(hour), status=status, revision=1, created_at=NOW, finished_at=NOW
        )

    assert backfill(4) == [half_past(9), half_past(11)]
    assert backfill(4) == []
    assert set(Execution.objects.filter(origin=Origin.BACKFILL).values_list("attempt", flat=True)) == {2}


def test_backfill_may_have_arguments_of_its_own() -> None:
    make_job(func="jobs:add", args=[1])

    backfill(1, arguments={"args": [9]})

    assert Execution.objects.get().args == [9]


def test_range_before_the_schedule_began_holds_nothing() -> None:
    make_job()

    assert backfill(start=NOW - timedelta(days=9), end=NOW - timedelta(days=8)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": NOW + timedelta(seconds=1)},
        {"start": NOW, "end": NOW - timedelta(seconds=1)},
    ],
)
def test_range_that_is_not_past_is_refused(wrong: dict[str, Any]) -> None:
    make_job()

    with pytest.raises(InvalidInput, match="end"):
        backfill(**wrong)


def test_range_from_the_beginning_of_the_calendar_is_no_error() -> None:
    make_job()

    assert len(backfill(start=datetime.min.replace(tzinfo=UTC))) == 12


def test_too_many_occurrences_are_refused_and_leave_nothing() -> None:
    make_job(trigger="interval", seconds=1, start_date="2026-01-01")

    with pytest.raises(InvalidInput, match="1000"):
        backfill(1)

    assert not Execution.objects.exists()


def test_backfill_of_an_unknown_job_is_not_found() -> None:
    with pytest.raises(JobNotFound):
        backfill()
