"""What the latest runs of a job tell: the numbers, of the last ones alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from scheduler.models import Execution, Status
from scheduler.recent import LATEST, RecentRuns, read_recent

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def run(number: int = 0, status: Status = Status.SUCCEEDED, *, seconds: float | None = 1, **more: Any) -> Execution:
    """Return a run of so many seconds that began at its instant, the newer the greater its number."""
    moment = NOW + timedelta(minutes=number)
    times = {"started_at": moment, "finished_at": moment + timedelta(seconds=seconds)} if seconds is not None else {}
    columns = {"scheduled_for": moment, "available_at": moment, "created_at": moment, "revision": 1, **times, **more}
    return Execution(job_id="job", status=status, **columns)


def runs(*executions: Execution) -> RecentRuns:
    return RecentRuns(executions)


def test_percentiles_are_of_the_nearest_rank() -> None:
    durations = runs(*(run(seconds=seconds) for seconds in range(1, 101))).durations

    assert durations is not None
    assert (durations.count, durations.p50, durations.p95, durations.longest) == (
        100, timedelta(seconds=50), timedelta(seconds=95), timedelta(seconds=100),
    )  # fmt: skip


def test_percentiles_of_one_run_are_its_own() -> None:
    durations = runs(run(seconds=3)).durations

    assert durations is not None
    assert durations.p50 == durations.p95 == timedelta(seconds=3)


def test_what_has_not_ended_has_no_duration() -> None:
    assert runs(run(status=Status.RUNNING, seconds=None, started_at=NOW), run(seconds=None)).durations is None


def test_clock_that_was_set_back_makes_no_run_shorter_than_nothing() -> None:
    durations = runs(run(seconds=-5)).durations

    assert durations is not None
    assert durations.p50 == timedelta()


@pytest.mark.parametrize(
    ("statuses", "rate"),
    [
        ([], None),
        ([Status.SKIPPED, Status.MISSED, Status.QUEUED, Status.RUNNING, Status.CANCELLED], None),
        ([Status.SUCCEEDED, Status.SKIPPED], 1.0),
        ([Status.SUCCEEDED, Status.FAILED, Status.TIMED_OUT, Status.LOST], 0.25),
    ],
)
def test_success_rate_is_of_what_ran_to_an_end(statuses: list[Status], rate: float | None) -> None:
    assert runs(*(run(status=status) for status in statuses)).success_rate == rate


def test_lateness_is_counted_from_the_instant_of_scheduled_runs_alone() -> None:
    late = run(started_at=NOW + timedelta(seconds=3))
    by_hand = run(started_at=NOW + timedelta(hours=1), origin="manual")

    lateness = runs(late, by_hand).lateness

    assert lateness is not None
    assert (lateness.count, lateness.p95) == (1, timedelta(seconds=3))


def test_lateness_of_what_waited_for_a_window_is_counted_from_the_end_of_that() -> None:
    ended = NOW + timedelta(hours=2)

    lateness = runs(run(available_at=ended, started_at=ended + timedelta(seconds=1))).lateness

    assert lateness is not None
    assert lateness.p50 == timedelta(seconds=1)


@pytest.mark.parametrize("status", [Status.FAILED, Status.TIMED_OUT, Status.LOST])
def test_last_failure_is_the_newest_that_failed_in_whichever_way(status: Status) -> None:
    newest = run(3, status)
    recent = runs(run(4), newest, run(2, Status.FAILED), run(1))

    assert recent.last_failure is newest
    assert recent.last_success is recent.executions[0]


@pytest.mark.django_db
def test_latest_are_read_by_their_instants_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Execution.objects.bulk_create(run(number) for number in range(LATEST + 5))
    Execution.objects.create(**{**vars_of(run(1000)), "job_id": "other"})

    with django_assert_num_queries(1):
        recent = read_recent("job")
        assert recent.success_rate == 1.0

    assert len(recent.executions) == LATEST
    assert recent.executions[0].scheduled_for == NOW + timedelta(minutes=LATEST + 4)


def vars_of(execution: Execution) -> dict[str, Any]:
    return {field.attname: getattr(execution, field.attname) for field in Execution._meta.concrete_fields}
