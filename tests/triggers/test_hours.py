"""Allowed hours: the times of day outside of which nothing runs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triggers.occurrences import NOW, errors_of, moments, parsed, timetable_of, walk

pytestmark = pytest.mark.pure

HOURLY: dict[str, Any] = {"trigger": "interval", "hours": 1, "start_date": "2026-06-01"}
NOTHING_LEFT = {"allowed_hours": "Nothing is left: this schedule has nothing within these hours."}


def hours_of(allowed: Any, count: int = 8, **fields: Any) -> list[int]:
    return [moment.hour for moment in walk(timetable_of(**{**HOURLY, **fields}, allowed_hours=allowed), NOW, count)]


def test_start_is_within_the_hours_and_end_is_not() -> None:
    assert hours_of(["13:00-16:00"], 4) == [13, 14, 15, 13]


def test_range_may_go_over_midnight() -> None:
    assert hours_of(["22:00-02:00"], 5) == [22, 23, 0, 1, 22]


def test_24_is_the_end_of_the_day() -> None:
    assert hours_of(["22:00-24:00"], 3) == [22, 23, 22]
    assert hours_of(["00:00-24:00"], 3) == [13, 14, 15]


def test_several_ranges_add_up() -> None:
    assert hours_of(["22:00-01:00", "09:00-10:00"], 5) == [22, 23, 0, 9, 22]


def test_hours_are_of_the_zone() -> None:
    occurrences = timetable_of("Asia/Shanghai", **HOURLY, allowed_hours=["09:00-10:00"])

    assert occurrences.first(NOW) == datetime(2026, 6, 2, 1, tzinfo=UTC)


def test_hours_may_be_one_text_and_come_back_as_a_sorted_list() -> None:
    spec = parsed(**HOURLY, allowed_hours="22:00-02:00, 09:00-12:00,09:00-12:00")

    assert spec["allowed_hours"] == ["09:00-12:00", "22:00-02:00"]


@pytest.mark.parametrize(
    "value",
    [5, [], "", [5], "9:00-10:00", "09:00", "25:00-26:00", "09:60-10:00", "24:00-09:00", "09:00-09:00", "09:00-24:01"],
)
def test_what_is_no_range_is_refused(value: Any) -> None:
    assert set(errors_of(**HOURLY, allowed_hours=value)) == {"allowed_hours"}


@pytest.mark.parametrize(
    "fields",
    [
        {"trigger": "cron", "hour": 3},
        {"trigger": "cron", "month": 2, "day": 29, "hour": 3},
        {"trigger": "interval", "days": 1, "start_date": "2026-06-01T03:00"},
        {"trigger": "calendarinterval", "days": 1, "hour": 3},
        {"trigger": "rrule", "rrule": "FREQ=DAILY", "start_date": "2026-06-01T03:00"},
        {"trigger": "or", "triggers": [{"trigger": "cron", "hour": 3}]},
    ],
)
def test_schedule_that_never_comes_within_its_hours_is_refused(fields: dict[str, Any]) -> None:
    assert errors_of(**fields, allowed_hours="09:00-10:00") == NOTHING_LEFT


def test_schedule_that_is_over_keeps_its_hours() -> None:
    assert timetable_of(trigger="cron", year=2001, hour=9, allowed_hours="09:00-10:00").first(NOW) is None


def test_the_hour_that_comes_twice_is_allowed_twice() -> None:
    occurrences = timetable_of(
        "America/New_York", trigger="interval", minutes=30, start_date="2026-01-01", allowed_hours="01:00-02:00"
    )

    found = walk(occurrences, datetime(2026, 11, 1, tzinfo=UTC), 5)

    assert [(moment.day, moment.hour, moment.minute) for moment in found[:4]] == [
        (1, 5, 0),
        (1, 5, 30),
        (1, 6, 0),
        (1, 6, 30),
    ]


def test_hours_that_the_clocks_skip_are_none() -> None:
    occurrences = timetable_of(
        "America/New_York", trigger="interval", minutes=30, start_date="2026-01-01", allowed_hours="02:00-03:00"
    )

    found = walk(occurrences, datetime(2026, 3, 7, 12, tzinfo=UTC), 1)

    assert found == [datetime(2026, 3, 9, 6, tzinfo=UTC)]


@given(moments, st.integers(10, 10_000))
@settings(max_examples=30)
def test_skipping_to_the_next_opening_loses_nothing(after: datetime, seconds: int) -> None:
    fields: dict[str, Any] = {"trigger": "interval", "seconds": seconds, "start_date": "2001-01-01"}
    allowed = walk(timetable_of(**fields, allowed_hours="03:00-04:00,23:00-01:00"), after, 10)

    end = max([after, *allowed[-1:]])
    every = walk(timetable_of(**fields), after, 0 if end - after > timedelta(days=3) else 3 * 8_640)

    if every:
        assert allowed == [moment for moment in every if moment.hour in (3, 23, 0) and moment <= end]
