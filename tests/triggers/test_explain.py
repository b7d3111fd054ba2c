"""What is explained is what happens: the laws of `explain`, over all kinds and layers."""

from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scheduler.triggers import InvalidSpec, Occurrence, Timetable, occurrences
from tests.triggers.occurrences import CALENDARS, ZONES, any_fields, moments, parsed, timetable_of, walk

pytestmark = pytest.mark.pure

MOST = 60
CODES = {"moved", "repeated", "dropped", "hours", "calendar", "rolled", "jittered"}
NEW_YORK = ZoneInfo("America/New_York")
AUTUMN = datetime(2026, 11, 1, 4, tzinfo=UTC)
SPRING = datetime(2026, 3, 8, 5, tzinfo=UTC)
ROLLED = {"trigger": "cron", "hour": "1-3", "minute": "*/30", "calendar": "work", "on_excluded": "forward"}
zones = st.sampled_from(ZONES)
spans = st.integers(0, 40 * 24).map(lambda hours: timedelta(hours=hours))


def drawn(fields: dict[str, Any], zone: ZoneInfo) -> Timetable:
    try:
        return timetable_of(zone.key, **fields)
    except InvalidSpec:
        assume(condition=False)
        raise


def told(timetable: Timetable, start: datetime, end: datetime, zone: ZoneInfo) -> list[Occurrence]:
    return list(islice(timetable.explain(start, end, zone=zone), MOST))


def instants(timetable: Timetable, start: datetime, end: datetime, count: int) -> list[datetime]:
    found = walk(timetable, start - timedelta(microseconds=1), count)
    return list(takewhile(lambda moment: moment <= end, found))


@given(any_fields, zones, moments, spans)
@example({"trigger": "cron", "minute": "*/30"}, NEW_YORK, AUTUMN, timedelta(hours=9))
@example({"trigger": "cron", "hour": 2, "minute": "5,10"}, NEW_YORK, SPRING, timedelta(hours=9))
@example({"trigger": "cron", "hour": 1, "minute": "*/30", "dst_overlap": "second"}, NEW_YORK, AUTUMN, timedelta(days=9))
@example({"trigger": "cron", "hour": "2-3", "minute": 5, "dst_gap": "same_offset"}, NEW_YORK, SPRING, timedelta(days=9))
@example(ROLLED, NEW_YORK, AUTUMN, timedelta(days=9))
@example(ROLLED | {"on_excluded": "back"}, NEW_YORK, SPRING, timedelta(days=9))
@example(ROLLED | {"jitter": 3600}, NEW_YORK, SPRING, timedelta(days=9))
def test_instants_explained_are_the_next_ones(
    fields: dict[str, Any], zone: ZoneInfo, start: datetime, length: timedelta
) -> None:
    timetable = drawn(fields, zone)
    explained = told(timetable, start, start + length, zone)
    ats = [each.at for each in explained if each.at is not None]

    # Where very much is told, only what is told first can be compared.
    until = start + length if len(explained) < MOST else max(ats, default=start)

    assert ats == instants(timetable, start, until, len(ats) + 1)


@given(any_fields, zones, moments, spans, st.floats(0, 1))
@example({"trigger": "cron", "hour": 2, "minute": "5,10"}, NEW_YORK, SPRING, timedelta(hours=4), 0.5)
@example(ROLLED, NEW_YORK, AUTUMN, timedelta(days=4), 0.5)
def test_splitting_a_range_anywhere_loses_nothing(
    fields: dict[str, Any], zone: ZoneInfo, start: datetime, length: timedelta, share: float
) -> None:
    timetable = drawn(fields, zone)
    whole = told(timetable, start, start + length, zone)
    assume(len(whole) < MOST)
    middle = start + length * share

    halves = told(timetable, start, middle, zone) + told(
        timetable, middle + timedelta(microseconds=1), start + length, zone
    )

    assert halves == whole


@given(any_fields, zones, moments, spans)
def test_what_is_dropped_or_changed_has_a_reason(
    fields: dict[str, Any], zone: ZoneInfo, start: datetime, length: timedelta
) -> None:
    for each in told(drawn(fields, zone), start, start + length, zone):
        assert {mark.code for mark in each.marks} <= CODES
        assert all(mark.reason.endswith(".") for mark in each.marks)
        assert each.planned.tzinfo is None
        if each.at is None:
            assert each.marks
        elif not each.marks:
            assert each.at.astimezone(zone).replace(tzinfo=None) == each.planned


@given(any_fields, zones, moments)
def test_occurrences_lie_within_their_dates(fields: dict[str, Any], zone: ZoneInfo, start: datetime) -> None:
    assume(fields["trigger"] != "calendarinterval")
    end = start + timedelta(days=30)
    dates = {"start_date": start.isoformat(), "end_date": end.isoformat()}
    timetable = drawn({name: value for name, value in fields.items() if name != "jitter"} | dates, zone)

    assert all(start <= moment <= end for moment in walk(timetable, datetime(1971, 1, 1, tzinfo=UTC), 20))


def test_one_function_is_the_source_of_all() -> None:
    spec = parsed("Asia/Shanghai", trigger="cron", hour=9, calendar="work")
    start = datetime(2026, 6, 9, tzinfo=UTC)

    found = occurrences(spec, CALENDARS, start, start + timedelta(days=2), zone=ZoneInfo("Asia/Shanghai"), seed="job")

    assert [(each.planned.day, each.at and each.at.day, [mark.code for mark in each.marks]) for each in found] == [
        (9, 9, []),
        (10, None, ["calendar"]),
    ]


def test_where_too_many_move_only_what_comes_about_is_told() -> None:
    timetable = timetable_of(trigger="interval", seconds=1, calendar="work", on_excluded="forward")
    saturday = datetime(2026, 6, 6, tzinfo=UTC)

    explained = told(timetable, saturday, saturday + timedelta(days=9), ZoneInfo("UTC"))

    assert [each.at for each in explained] == walk(timetable, saturday - timedelta(microseconds=1), MOST)
    assert not any(each.marks for each in explained)
