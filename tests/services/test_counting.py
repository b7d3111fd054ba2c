"""Hours are counted from the ledger, once they are over, by one node, and to the same result however often."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from scheduler.models import AN_HOUR, Execution, HourlyStatistics, Origin, Status
from scheduler.services import counting
from scheduler.services.counting import claim_counting, count_hours
from scheduler.services.nodes import register_node
from tests.overview.rows import made
from tests.services.rows import NOW

pytestmark = pytest.mark.django_db

HOUR = NOW - AN_HOUR
A_SECOND, A_MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def counted(hour: datetime = HOUR) -> dict[str, int]:
    """Return what was counted of an hour, without what was not there."""
    counts = HourlyStatistics.objects.get(pk=hour).counts
    return {status: count for status, count in counts.items() if count}


def hours() -> Sequence[datetime]:
    return list(HourlyStatistics.objects.order_by("hour").values_list("hour", flat=True))


def test_hour_that_is_over_is_counted_by_status() -> None:
    for status in (Status.SUCCEEDED, Status.SUCCEEDED, Status.FAILED, Status.MISSED):
        made(HOUR + A_MINUTE, status=status)

    count_hours(now=NOW + A_MINUTE)

    assert counted() == {"succeeded": 2, "failed": 1, "missed": 1}


def test_execution_belongs_to_the_hour_in_which_it_was_made_to_the_millisecond() -> None:
    made(HOUR, status=Status.SUCCEEDED)
    made(NOW - timedelta(milliseconds=1), status=Status.FAILED)
    made(NOW, status=Status.LOST)
    made(HOUR - timedelta(milliseconds=1), status=Status.TIMED_OUT)

    count_hours(now=NOW + A_MINUTE)

    assert counted() == {"succeeded": 1, "failed": 1}


def test_hour_that_is_not_over_is_left_for_later() -> None:
    made(NOW)

    assert count_hours(now=NOW + timedelta(minutes=59, seconds=59)) == 0
    assert hours() == []


def test_nothing_is_counted_where_nothing_ever_ran() -> None:
    assert count_hours(now=NOW) == 0


def test_hours_back_to_the_first_execution_are_counted_and_empty_ones_too() -> None:
    made(NOW - 3 * AN_HOUR)

    assert count_hours(now=NOW + A_MINUTE) == 3
    assert hours() == [NOW - 3 * AN_HOUR, NOW - 2 * AN_HOUR, NOW - AN_HOUR]


def test_only_so_many_hours_are_counted_at_once_the_latest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_AT_ONCE", 2)
    made(NOW - 5 * AN_HOUR)

    assert [count_hours(now=NOW + A_MINUTE) for _pass in range(4)] == [2, 2, 1, 0]


def test_starts_are_counted_by_five_minutes_and_what_did_not_start_is_none() -> None:
    made(HOUR + timedelta(minutes=4, seconds=59))
    made(HOUR + timedelta(minutes=5))
    made(HOUR + timedelta(minutes=59), status=Status.SKIPPED)

    count_hours(now=NOW + A_MINUTE)

    assert HourlyStatistics.objects.get().starts == [1, 1, *[0] * 10]


@pytest.mark.parametrize(
    ("late", "bucket"),
    [
        (timedelta(0), "0"),
        (timedelta(milliseconds=-5), "0"),
        (timedelta(milliseconds=1.1), "0"),
        (timedelta(milliseconds=1.5), "1"),
        (timedelta(milliseconds=15), "11"),
        (timedelta(seconds=1.5), "31"),
        (timedelta(hours=1), "65"),
    ],
)
def test_lateness_falls_into_a_bucket_each_a_quarter_wider(late: timedelta, bucket: str) -> None:
    made(HOUR, started_at=HOUR + late)

    count_hours(now=NOW + A_MINUTE)

    assert HourlyStatistics.objects.get().lateness == {bucket: 1}


def test_what_waited_for_the_end_of_a_window_is_not_late_for_that() -> None:
    end = HOUR + timedelta(minutes=30)
    made(HOUR, available_at=end, started_at=end + timedelta(milliseconds=1.5))

    count_hours(now=NOW + A_MINUTE)

    assert HourlyStatistics.objects.get().lateness == {"1": 1}


@pytest.mark.parametrize("origin", [origin for origin in Origin if origin != Origin.SCHEDULE])
def test_what_no_trigger_named_starts_but_is_never_late(origin: Origin) -> None:
    made(HOUR, origin=origin, started_at=HOUR + AN_HOUR)

    count_hours(now=NOW + A_MINUTE)

    row = HourlyStatistics.objects.get()
    assert (sum(row.starts), row.lateness) == (1, {})


def test_hour_is_counted_again_when_all_that_was_made_in_it_is_surely_committed() -> None:
    made(HOUR)
    count_hours(now=NOW + A_MINUTE)
    made(HOUR)

    assert count_hours(now=NOW + timedelta(minutes=9)) == 0
    assert count_hours(now=NOW + timedelta(minutes=10)) == 1
    assert counted() == {"succeeded": 2}
    assert count_hours(now=NOW + timedelta(minutes=30)) == 0


def test_hour_in_which_something_still_runs_is_counted_until_it_has_ended() -> None:
    run = made(HOUR, status=Status.RUNNING)
    count_hours(now=NOW + timedelta(minutes=10))
    assert counted() == {"running": 1}
    Execution.objects.filter(pk=run.pk).update(status=Status.FAILED)

    count_hours(now=NOW + timedelta(minutes=20))

    assert counted() == {"failed": 1}
    assert count_hours(now=NOW + timedelta(minutes=40)) == 0


def test_what_runs_for_days_is_asked_after_no_more() -> None:
    made(HOUR, status=Status.RUNNING)
    for number in range(60):
        count_hours(now=NOW + number * AN_HOUR + A_MINUTE)

    assert HourlyStatistics.objects.get(pk=HOUR).counted_at < NOW + timedelta(days=2)


def test_what_retention_deletes_stays_counted() -> None:
    made(HOUR + timedelta(minutes=7))
    made(HOUR, status=Status.RUNNING)
    count_hours(now=NOW + timedelta(minutes=10))
    Execution.objects.filter(status=Status.SUCCEEDED).delete()
    Execution.objects.update(status=Status.SUCCEEDED)

    count_hours(now=NOW + timedelta(minutes=20))

    row = HourlyStatistics.objects.get()
    assert (counted(), row.starts[1]) == ({"succeeded": 1}, 1)


def test_statistics_are_not_kept_for_ever() -> None:
    HourlyStatistics.objects.create(hour=NOW - timedelta(days=401), counted_at=NOW)
    made(HOUR)

    count_hours(now=NOW + A_MINUTE)

    assert hours() == [HOUR]


def test_counting_falls_to_one_node_each_minute() -> None:
    register_node(name="here", pid=1, threads=1, now=NOW)

    assert [claim_counting(now=NOW) for _node in range(3)] == [True, False, False]
    assert claim_counting(now=NOW + A_MINUTE)


def test_clock_that_was_wrong_once_does_not_stop_the_counting() -> None:
    register_node(name="here", pid=1, threads=1, now=NOW)
    claim_counting(now=NOW + timedelta(days=400))

    assert claim_counting(now=NOW)


def test_each_five_minutes_are_one_statement(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(50):
        made(HOUR + number * A_MINUTE)

    with django_assert_max_num_queries(2 + 12 + 8):
        count_hours(now=NOW + A_MINUTE)
