"""The interval trigger: a grid of elapsed time."""

from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from hypothesis import given
from hypothesis import strategies as st

from tests.triggers.occurrences import NOW, moments, parsed, timetable_of, walk

pytestmark = pytest.mark.pure

YEARS_OF_SECONDS = 10 * 366 * 24 * 3600


@given(
    st.integers(1, 10**7), moments.map(lambda moment: moment.replace(microsecond=0)), st.integers(0, YEARS_OF_SECONDS)
)
def test_grid_agrees_with_apscheduler_on_whole_seconds(seconds: int, start: datetime, passed: int) -> None:
    occurrences = timetable_of(trigger="interval", seconds=seconds, start_date=start.isoformat())
    now = start + timedelta(seconds=passed)
    peer = IntervalTrigger(seconds=seconds, start_date=start, timezone=UTC)

    assert occurrences.first(now) == peer.get_next_fire_time(None, now)


@given(st.integers(1, 10**9), st.integers(0, 10**7))
def test_grid_is_exact_to_the_microsecond(length: int, steps: int) -> None:
    occurrences = timetable_of(trigger="interval", microseconds=length, start_date="2001-01-01T00:00:00.000001")
    start = datetime(2001, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    point = start + timedelta(microseconds=length) * steps

    assert occurrences.first(point) == point
    assert occurrences.next_after(point) == point + timedelta(microseconds=length)


def test_first_run_is_one_interval_after_creation() -> None:
    assert timetable_of(trigger="interval", minutes=5).first(NOW) == NOW + timedelta(minutes=5)


def test_future_start_is_the_first_run() -> None:
    occurrences = timetable_of(trigger="interval", minutes=5, start_date="2031-05-06T07:08:09")

    assert occurrences.first(NOW) == datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_a_day_is_24_hours_even_when_the_clocks_change() -> None:
    occurrences = timetable_of("America/New_York", trigger="interval", days=1, start_date="2026-10-31T09:00")

    first, second = walk(occurrences, NOW, 2)

    assert second - first == timedelta(hours=24)


def test_end_is_the_last_run() -> None:
    occurrences = timetable_of(trigger="interval", hours=1, start_date="2026-06-01T12:00", end_date="2026-06-01T14:00")

    assert walk(occurrences, NOW, 5) == [NOW + timedelta(hours=1), NOW + timedelta(hours=2)]


def test_fold_ends_with_the_end_date() -> None:
    occurrences = timetable_of(trigger="interval", hours=1, start_date="2026-06-01T12:00", end_date="2026-06-01T14:30")

    fold = occurrences.fold(NOW, NOW + timedelta(days=9))

    assert (fold.latest, fold.count) == (NOW + timedelta(hours=2), 3)


def test_fold_of_a_year_of_seconds_counts_them_all() -> None:
    occurrences = timetable_of(trigger="interval", seconds=1, start_date="2026-01-01")

    fold = occurrences.fold(NOW, NOW + timedelta(days=365))

    assert fold.count == 365 * 24 * 3600 + 1


def test_schedule_that_ended_before_it_began_is_accepted_and_over() -> None:
    occurrences = timetable_of(trigger="interval", hours=1, start_date="2031-01-01", end_date="2001-01-01")

    assert occurrences.first(NOW) is None


def test_end_date_at_the_end_of_the_calendar_is_fine_in_any_zone() -> None:
    occurrences = timetable_of("America/New_York", trigger="interval", hours=1, end_date="9999-12-31T23:59:59")

    assert occurrences.fold(NOW, NOW + timedelta(hours=9)).count == 10


def test_too_little_to_measure_means_every_second() -> None:
    assert parsed(trigger="interval", microseconds=0.1, start_date="2026-01-01")["seconds"] == 1


def test_units_of_either_sign_add_up() -> None:
    assert parsed(trigger="interval", hours=1, minutes=-30, start_date="2026-01-01")["minutes"] == 30
