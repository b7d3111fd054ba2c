"""The company's own days over the public ones."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendars import WEEKDAYS, WEEKEND, Source, make_calendar, next_exceptions, read_weekdays, write_weekdays
from scheduler.triggers import Calendar, SpecialDay

pytestmark = pytest.mark.pure

CHINA = Source(country="CN", makeup_days=True)
OFF, WORKED = SpecialDay(is_working=False, name="outing"), SpecialDay(is_working=True, name="stocktaking")
NATIONAL_DAY, MONDAY, SUNDAY = date(2026, 10, 1), date(2026, 11, 23), date(2026, 11, 22)


def lay(own_days: dict[date, SpecialDay], source: Source | None = CHINA) -> Calendar:
    return make_calendar("calendar", weekend=WEEKEND, source=source, own_days=own_days)


def test_own_day_goes_over_the_public_one_and_over_the_weekday() -> None:
    calendar = lay({NATIONAL_DAY: WORKED, MONDAY: OFF, SUNDAY: WORKED})

    assert [calendar.is_working(day) for day in (NATIONAL_DAY, MONDAY, SUNDAY)] == [True, False, True]
    assert calendar.special_days[NATIONAL_DAY].name == "stocktaking"


def test_days_that_nobody_lists_are_judged_by_their_weekday() -> None:
    calendar = lay({})

    assert calendar.is_working(MONDAY)
    assert not calendar.is_working(SUNDAY)
    assert MONDAY not in calendar.special_days


def test_weekend_may_be_any_days_and_none() -> None:
    for weekend in (frozenset[int](), frozenset({4}), frozenset({4, 5})):
        calendar = make_calendar("calendar", weekend=weekend, source=None, own_days={})
        week = [MONDAY + timedelta(days=number) for number in range(7)]

        assert [day.weekday() for day in week if not calendar.is_working(day)] == sorted(weekend)


def test_weekdays_alone_are_known_for_ever() -> None:
    assert lay({}, source=None).known_until is None


def test_what_is_known_ends_with_the_source_or_else_with_the_last_own_day() -> None:
    late = date(2090, 3, 4)

    assert lay({MONDAY: OFF}).known_until == CHINA.known_until
    assert lay({MONDAY: OFF, late: OFF}).known_until == CHINA.known_until
    assert lay({MONDAY: OFF}, source=None).known_until == MONDAY


def test_all_days_can_be_listed() -> None:
    days = list(lay({MONDAY: OFF}).special_days)

    assert days == sorted(set(days))
    assert {MONDAY, NATIONAL_DAY, date(2026, 10, 10)} <= set(days)
    assert len(lay({MONDAY: OFF}).special_days) == len(days)
    assert list(lay({MONDAY: OFF}, source=None).special_days) == [MONDAY]


def names_of(found: Iterable[tuple[date, SpecialDay]]) -> list[tuple[date, bool]]:
    return [(day, special.is_working) for day, special in found]


def test_ahead_are_the_days_that_are_not_what_their_weekday_says() -> None:
    """3 October 2026 is a holiday too, but a Saturday, which everybody expects to be off."""
    ahead = names_of(next_exceptions(lay({}), start=date(2026, 9, 20), days=21))

    off = [(date(2026, 9, 25), False), *((date(2026, 10, day), False) for day in (1, 2, 5, 6, 7))]
    assert ahead == [(date(2026, 9, 20), True), *off, (date(2026, 10, 10), True)]


@given(st.sets(st.integers(0, 6)))
def test_weekdays_are_read_back_as_they_were_written(weekdays: set[int]) -> None:
    assert read_weekdays(write_weekdays(weekdays)) == weekdays


def test_weekdays_stand_in_the_order_of_the_week() -> None:
    assert write_weekdays({6, 0, 5}) == "mon,sat,sun"
    assert write_weekdays(range(7)) == ",".join(WEEKDAYS)


def test_what_is_no_weekday_is_passed_over() -> None:
    assert read_weekdays("sat,SUN,someday,,7") == {5}
