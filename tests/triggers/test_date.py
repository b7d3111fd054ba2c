"""The date trigger."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.triggers.occurrences import NOW, timetable_of

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("distance", [timedelta(days=-400), timedelta(0), timedelta(days=400)])
def test_schedule_begins_with_its_date_even_if_that_is_past(distance: timedelta) -> None:
    run_date = NOW + distance

    assert timetable_of(trigger="date", run_date=run_date).first(NOW) == run_date


def test_nothing_comes_after_the_date() -> None:
    occurrences = timetable_of(trigger="date", run_date=NOW)

    assert occurrences.next_after(NOW - timedelta(microseconds=1)) == NOW
    assert occurrences.next_after(NOW) is None


def test_date_without_offset_is_in_the_zone() -> None:
    occurrences = timetable_of("Asia/Shanghai", trigger="date", run_date="2031-05-06T08:00")

    assert occurrences.first(NOW) == datetime(2031, 5, 6, tzinfo=UTC)


def test_last_day_of_the_calendar_is_a_date() -> None:
    occurrences = timetable_of(trigger="date", run_date="9999-12-31T23:59:59.999999")

    assert occurrences.first(NOW) == datetime.max.replace(tzinfo=UTC)
