"""The calendarinterval trigger: a chain of dates."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.triggers.occurrences import NOW, ZONES, chains, timetable_of, walk, without_jitter

pytestmark = pytest.mark.pure

CHAIN_START = datetime(1971, 1, 1, tzinfo=UTC) - timedelta(days=2)


def days_of(moments: list[datetime]) -> list[str]:
    return [moment.date().isoformat() for moment in moments]


@given(chains, st.sampled_from(ZONES), st.permutations(range(12)))
def test_chain_is_one_and_the_same_in_whatever_order_it_is_asked_for(
    fields: dict[str, Any], zone: ZoneInfo, order: list[int]
) -> None:
    occurrences = timetable_of(zone.key, **without_jitter(fields))
    chain = walk(occurrences, CHAIN_START, len(order) + 1)

    answers = {index: occurrences.next_after(chain[index]) for index in order}

    assert [answers[index] for index in range(len(order))] == chain[1:]


def test_chain_begins_with_its_start() -> None:
    occurrences = timetable_of(trigger="calendarinterval", months=1, hour=3, start_date="2026-06-10")

    assert occurrences.first(NOW) == datetime(2026, 6, 10, 3, tzinfo=UTC)


def test_chain_starts_today_by_default_and_a_past_time_of_day_waits_for_the_next_date() -> None:
    occurrences = timetable_of(trigger="calendarinterval", days=2, hour=3)

    assert days_of(walk(occurrences, NOW, 2)) == ["2026-06-03", "2026-06-05"]


def test_months_without_the_day_are_passed_over() -> None:
    occurrences = timetable_of(trigger="calendarinterval", months=1, start_date="2026-01-31")

    assert days_of(walk(occurrences, datetime(2026, 1, 31, tzinfo=UTC), 3)) == [
        "2026-03-31",
        "2026-05-31",
        "2026-07-31",
    ]


def test_leap_day_waits_for_leap_years() -> None:
    occurrences = timetable_of(trigger="calendarinterval", years=1, start_date="2096-02-29")

    assert days_of(walk(occurrences, datetime(2096, 3, 1, tzinfo=UTC), 2)) == ["2104-02-29", "2108-02-29"]


def test_units_add_up_months_first() -> None:
    occurrences = timetable_of(trigger="calendarinterval", months=1, days=1, start_date="2026-06-30")

    assert days_of(walk(occurrences, NOW, 3)) == ["2026-06-30", "2026-07-31", "2026-09-01"]


def test_time_of_day_stands_when_the_clocks_change() -> None:
    zone = "America/New_York"
    occurrences = timetable_of(zone, trigger="calendarinterval", days=1, hour=9, start_date="2026-10-31")

    assert [moment.hour for moment in walk(occurrences, NOW, 2)] == [13, 14]


@pytest.mark.parametrize(
    ("policy", "clocks"),
    [
        ({}, ["02:30", "03:00", "02:30"]),
        ({"dst_gap": "same_offset"}, ["02:30", "03:30", "02:30"]),
        ({"dst_gap": "skip"}, ["02:30", "02:30", "02:30"]),
    ],
)
def test_time_that_the_clocks_skip_follows_the_policy(policy: dict[str, str], clocks: list[str]) -> None:
    zone = "America/New_York"
    fields: dict[str, Any] = {
        "trigger": "calendarinterval",
        "days": 1,
        "hour": 2,
        "minute": 30,
        "start_date": "2026-03-07",
    }

    found = walk(timetable_of(zone, **fields, **policy), datetime(2026, 3, 1, tzinfo=UTC), 3)

    assert [f"{moment.astimezone(ZoneInfo(zone)):%H:%M}" for moment in found] == clocks


def test_end_date_is_the_last() -> None:
    occurrences = timetable_of(trigger="calendarinterval", days=1, start_date="2026-06-02", end_date="2026-06-03")

    assert days_of(walk(occurrences, NOW, 9)) == ["2026-06-02", "2026-06-03"]


@pytest.mark.parametrize(
    "fields",
    [
        {"years": 1, "start_date": "9998-02-28"},
        {"years": 1, "start_date": "9996-02-29"},
        {"months": 120_000, "start_date": "2026-01-01"},
        {"days": 120_000, "start_date": "9998-01-01"},
    ],
)
def test_chain_ends_with_the_calendar(fields: dict[str, Any]) -> None:
    occurrences = timetable_of(trigger="calendarinterval", **fields)

    assert occurrences.next_after(datetime(9999, 12, 30, tzinfo=UTC)) is None


def test_chain_since_the_first_year_is_counted_from_there() -> None:
    occurrences = timetable_of(trigger="calendarinterval", days=3, start_date="0001-01-01")

    found = occurrences.first(NOW)

    assert found is not None
    assert (found.date() - date(1, 1, 1)).days % 3 == 0
    assert found - NOW < timedelta(days=3)
