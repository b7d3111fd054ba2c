"""Occurrences in bulk are those that are found one by one."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scheduler.triggers import InvalidSpec, Timetable
from scheduler.triggers.instants import MICROSECOND, moment_of, stamp_of
from scheduler.triggers.rrulewalk import RecurrenceRule
from scheduler.triggers.timetable import Crowded, Steps
from tests.triggers.occurrences import NOW, ZONES, any_fields, moments, timetable_of

pytestmark = pytest.mark.pure
MOST = 3_000
NEW_YORK = ZoneInfo("America/New_York")
spans = st.integers(0, 40 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


def drawn(fields: dict[str, Any], zone: ZoneInfo) -> Timetable:
    try:
        return timetable_of(zone.key, **fields)
    except InvalidSpec:
        assume(condition=False)
        raise


def one_by_one(timetable: Timetable, start: datetime, end: datetime) -> list[int] | None:
    """Return the stamps; None where there are too many."""
    try:
        return list(Timetable.stamps(timetable, start, end, most=MOST))
    except Crowded:
        return None


@given(any_fields, st.sampled_from(ZONES), moments, spans)
@example({"trigger": "cron", "minute": "*/30"}, NEW_YORK, datetime(2026, 11, 1, 4, 10, tzinfo=UTC), timedelta(days=1))
@example({"trigger": "cron", "crontab": "*/20 2 * * *"}, NEW_YORK, datetime(2026, 3, 8, tzinfo=UTC), timedelta(days=2))
@example({"trigger": "cron", "crontab": "*/7 * * * * *"}, NEW_YORK, NOW, timedelta(hours=5, minutes=33))
@example({"trigger": "cron", "crontab": "@hourly", "jitter": 900}, NEW_YORK, NOW, timedelta(days=9))
def test_bulk_finds_what_the_search_finds(
    fields: dict[str, Any], zone: ZoneInfo, start: datetime, length: timedelta
) -> None:
    timetable = drawn(fields, zone)
    expected = one_by_one(timetable, start, start + length)
    assume(expected is not None)

    assert list(timetable.stamps(start, start + length, most=2 * MOST)) == expected


@pytest.mark.parametrize("fields", [{"trigger": "interval", "microseconds": 1}, {"trigger": "cron", "second": "*"}])
@pytest.mark.parametrize("more", [{}, {"allowed_hours": "00:00-23:00"}, {"end_date": "2099-01-01"}])
def test_more_than_asked_for_are_refused(fields: dict[str, Any], more: dict[str, Any]) -> None:
    with pytest.raises(Crowded):
        timetable_of(**fields, **more).stamps(NOW, NOW + timedelta(days=300), most=10_000)


@pytest.mark.parametrize("fields", [{"trigger": "interval", "hours": 1}, {"trigger": "cron", "minute": 0}])
def test_as_many_as_asked_for_are_not(fields: dict[str, Any]) -> None:
    timetable = timetable_of(**fields)
    start = NOW + timedelta(hours=1)

    assert len(timetable.stamps(start, start + timedelta(hours=23), most=24)) == 24
    with pytest.raises(Crowded):
        timetable.stamps(start, start + timedelta(hours=23), most=23)


@pytest.mark.parametrize(
    "fields",
    [
        {"trigger": "interval", "microseconds": 1, "allowed_hours": "00:00-23:00"},
        {"trigger": "and", "triggers": [{"trigger": "interval", "seconds": each} for each in (0.000997, 0.001009)]},
    ],
)
def test_what_takes_too_long_to_be_found_is_refused(fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module(Timetable.__module__), "MOST_ONE_BY_ONE", 20_000)
    timetable = timetable_of(**fields, start_date="2026-06-01")
    asked = 0

    def find(moment: datetime, steps: Steps, *, sought: Any = timetable.find) -> datetime | None:
        nonlocal asked
        asked += 1
        found: datetime | None = sought(moment, steps)
        return found

    monkeypatch.setattr(timetable, "find", find)
    with pytest.raises(Crowded):
        timetable.stamps(NOW, NOW + timedelta(days=30), most=10_000_000)

    assert asked <= 20_000


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=7;BYDAY=MO,TU", "FREQ=HOURLY;BYMINUTE=5,50"])
@pytest.mark.parametrize("more", [{}, {"start_date": "2026-06-01T20:01:02"}, {"until": ";UNTIL=20260602T030405"}])
def test_rule_of_short_periods_is_found_in_bulk(
    rule: str, more: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"start_date": "2026-05-01T00:00:07", "rrule": rule + more.get("until", "")} | more
    fields.pop("until", None)
    timetable = timetable_of("Europe/London", trigger="rrule", **fields)
    expected = list(Timetable.stamps(timetable, NOW, NOW + timedelta(hours=30), most=200_000))

    monkeypatch.setattr(RecurrenceRule, "next_wall", None)

    assert list(timetable.stamps(NOW, NOW + timedelta(hours=30), most=200_000)) == expected
    assert expected


@given(moments, st.integers(0, 999_999))
def test_stamp_is_the_instant(moment: datetime, micros: int) -> None:
    exact = moment + MICROSECOND * micros

    assert moment_of(stamp_of(exact)) == exact
