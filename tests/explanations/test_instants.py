"""Whether a definition names an instant, and what is nearest."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.explanations.asked import Asked, read_asked
from scheduler.explanations.instants import Timing, find_timing
from scheduler.triggers import EARLIEST, LATEST, Context, parse, timetable

pytestmark = pytest.mark.pure

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ZONE = ZoneInfo("UTC")
WITHOUT_ZONE = NOW.replace(tzinfo=None)


def timing(fields: dict[str, Any], at: str) -> Timing:
    """Look an instant up in the timetable of a trigger."""
    spec = parse(fields, Context(zone=ZONE, now=NOW))
    return find_timing(spec, ZONE, read_asked(at, ZONE, now=NOW), seed="job", calendars={})


def test_occurrence_is_found_between_its_neighbours() -> None:
    found = timing({"trigger": "cron", "hour": 9}, "2026-11-25T09:00")

    assert found.found is not None
    assert found.found.at == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert found.before == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert found.after == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_instant_between_occurrences_is_none_of_them() -> None:
    found = timing({"trigger": "cron", "hour": 9}, "2026-11-25T09:01")

    assert (found.found, found.planned) == (None, None)
    assert found.before == datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_minute_means_any_occurrence_within_it() -> None:
    spec = {"trigger": "interval", "hours": 1, "start_date": "2026-06-01T00:30:17"}

    found = timing(spec, "2026-06-01T09:30")

    assert found.found is not None
    assert found.found.at == datetime(2026, 6, 1, 9, 30, 17, tzinfo=UTC)


def test_first_and_last_occurrences_have_no_neighbour() -> None:
    once = {"trigger": "date", "run_date": "2026-06-01T09:00:00"}

    assert timing(once, "2026-06-01T09:00").before is None
    assert timing(once, "2026-06-01T09:00").after is None
    assert timing(once, "2126-06-01T09:00").before == datetime(2026, 6, 1, 9, tzinfo=UTC)


def test_rare_occurrence_long_before_is_found() -> None:
    found = timing({"trigger": "cron", "year": 1999, "month": 1, "day": 1}, "2026-06-01T09:00")

    assert found.before == datetime(1999, 1, 1, tzinfo=UTC)


def test_delayed_occurrence_is_none_at_the_time_before_its_delay() -> None:
    spec = {"trigger": "cron", "hour": 9, "jitter": 1800}

    found = timing(spec, "2026-06-01T09:00")

    assert found.found is None
    assert found.after is not None
    assert found.after > datetime(2026, 6, 1, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize("moment", [EARLIEST, LATEST])
def test_ends_of_the_calendar_are_instants_like_others(moment: datetime) -> None:
    asked = Asked(start=moment, end=moment, wall=moment.replace(tzinfo=None), zone=ZONE)
    spec = parse({"trigger": "cron", "hour": 9}, Context(zone=ZONE, now=NOW))

    assert find_timing(spec, ZONE, asked, seed="job", calendars={}).found is None


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    moment=st.datetimes(WITHOUT_ZONE, WITHOUT_ZONE + timedelta(days=365)),
    fields=st.sampled_from(
        [
            {"trigger": "cron", "minute": "*/7"},
            {"trigger": "cron", "second": "*/13"},
            {"trigger": "interval", "hours": 5, "start_date": "2026-03-01"},
            {"trigger": "cron", "month": "2", "day": "29"},
            {"trigger": "cron", "hour": "9", "jitter": 600},
        ]
    ),
)
def test_nothing_lies_between_the_nearest_and_the_instant(moment: datetime, fields: dict[str, Any]) -> None:
    found = timing(fields, moment.isoformat(timespec="minutes"))
    spec = parse(fields, Context(zone=ZONE, now=NOW))
    table = timetable(spec, ZONE, seed="job")
    start = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    microsecond = timedelta(microseconds=1)

    first = table.next_after(start - microsecond)
    assert (found.found is not None) == (first is not None and first < start + timedelta(minutes=1))
    if found.before:
        following = table.next_after(found.before)
        assert following is None or following >= start
        assert table.next_after(found.before - microsecond) == found.before
    assert found.after == table.next_after(start + timedelta(minutes=1) - microsecond)
