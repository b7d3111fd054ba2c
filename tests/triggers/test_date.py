"""The date trigger."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.triggers.occurrences import NOW, ZONES, timetable_of

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


@pytest.mark.parametrize("run_date", ["0001-01-02", "9999-12-30T23:59:59.999999"])
def test_any_instant_that_every_zone_can_show_is_a_date(run_date: str) -> None:
    occurrences = timetable_of(trigger="date", run_date=run_date)

    found = occurrences.first(NOW)

    assert found is not None
    assert [found.astimezone(zone) for zone in ZONES] == [found] * len(ZONES)
