"""The cron trigger."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import assume, given

from tests.triggers.occurrences import NOW, crons, errors_of, moments, timetable_of, walk, without_jitter

pytestmark = pytest.mark.pure

NEVER = {"trigger": "This schedule can never fire: no such date exists."}


@given(crons, moments)
def test_cron_agrees_with_apscheduler_on_a_clock_that_never_changes(fields: dict[str, Any], now: datetime) -> None:
    fields = without_jitter(fields)
    assume(not errors_of(**fields))
    peer = CronTrigger(**{name: value for name, value in fields.items() if name != "trigger"}, timezone=UTC)

    assert timetable_of(**fields).first(now) == peer.get_next_fire_time(None, now)


def test_no_month_is_lost_where_apscheduler_steps_over_a_change() -> None:
    """It steps from month to month in elapsed time, and so from a midnight in winter past the one of 1 May."""
    zone, now = ZoneInfo("America/New_York"), datetime(1971, 11, 1, 6, tzinfo=UTC)
    fields = {"day": "1", "day_of_week": "0,3"}

    assert CronTrigger(**fields, timezone=zone).get_next_fire_time(None, now) == datetime(1972, 6, 1, tzinfo=zone)
    assert timetable_of(zone.key, trigger="cron", **fields).first(now) == datetime(1972, 5, 1, tzinfo=zone)


@pytest.mark.parametrize(
    "fields",
    [
        {"month": 2, "day": 31},
        {"month": 2, "day": 30, "day_of_week": "mon"},
        {"month": 6, "week": 53},
        {"month": 6, "week": 53, "second": "*"},
        {"month": "3-11", "week": 1},
        {"month": 4, "day": "31", "hour": "*"},
        {"year": 2031, "month": 2, "day": 29},
        {"year": "1971-9999/4", "month": 2, "day": 29},
        {"year": "*/2", "month": 1, "day": 4, "week": 53, "day_of_week": "sun"},
    ],
)
def test_schedule_that_can_never_fire_is_refused(fields: dict[str, Any]) -> None:
    assert errors_of(trigger="cron", **fields) == NEVER


@pytest.mark.parametrize(
    "fields",
    [
        {"year": 2001},
        {"year": "1970-1999", "month": 2, "day": 29},
        {"hour": 3, "end_date": "2001-01-01"},
        {"hour": 3, "start_date": "2031-01-01", "end_date": "2030-01-01"},
    ],
)
def test_schedule_that_is_over_is_accepted_and_has_no_next_run(fields: dict[str, Any]) -> None:
    assert timetable_of(trigger="cron", **fields).first(NOW) is None


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        ({"month": 2, "day": 29}, datetime(2028, 2, 29, tzinfo=UTC)),
        ({"month": 2, "day": "5th tue"}, datetime(2028, 2, 29, tzinfo=UTC)),
        ({"week": 53, "day_of_week": "sun", "month": 1, "day": 3}, datetime(2027, 1, 3, tzinfo=UTC)),
        ({"year": 9999, "month": 12, "day": 30, "hour": 23}, datetime(9999, 12, 30, 23, tzinfo=UTC)),
    ],
)
def test_rare_dates_are_found(fields: dict[str, Any], first: datetime) -> None:
    assert timetable_of(trigger="cron", **fields).first(NOW) == first


def test_weekday_0_is_monday() -> None:
    found = walk(timetable_of(trigger="cron", day_of_week=0), NOW, 3)

    assert [moment.strftime("%A") for moment in found] == ["Monday"] * 3


def test_fields_finer_than_the_finest_start_at_their_least() -> None:
    assert walk(timetable_of(trigger="cron", hour=3), NOW, 1) == [datetime(2026, 6, 2, 3, tzinfo=UTC)]


def test_no_field_means_every_second() -> None:
    first, second = walk(timetable_of(trigger="cron"), NOW, 2)

    assert (second - first).total_seconds() == 1


def test_fields_are_of_the_zone() -> None:
    occurrences = timetable_of("Asia/Shanghai", trigger="cron", hour=8)

    assert occurrences.first(NOW) == datetime(2026, 6, 2, tzinfo=UTC)


def test_start_and_end_bound_the_schedule() -> None:
    occurrences = timetable_of(trigger="cron", hour="*", start_date="2031-05-06T07:30", end_date="2031-05-06T09:00")

    assert [moment.hour for moment in walk(occurrences, NOW, 9)] == [8, 9]
