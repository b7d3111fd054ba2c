"""Occurrences in bulk are those that are found one by one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scheduler.triggers import InvalidSpec, Timetable
from scheduler.triggers.instants import MICROSECOND, moment_of, stamp_of
from scheduler.triggers.timetable import Crowded
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


@given(moments, st.integers(0, 999_999))
def test_stamp_is_the_instant(moment: datetime, micros: int) -> None:
    exact = moment + MICROSECOND * micros

    assert moment_of(stamp_of(exact)) == exact
