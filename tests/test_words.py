"""What is said of a trigger is what it does."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.words import describe
from tests.triggers.occurrences import (
    NOW,
    chains,
    crons,
    errors_of,
    intervals,
    parsed,
    timetable_of,
    walk,
    without_jitter,
)

pytestmark = pytest.mark.pure


def words(zone: str = "UTC", **fields: Any) -> str:
    return describe(parsed(zone, **fields), zone)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"trigger": "date", "run_date": "2031-05-06T07:08:09.5"}, "once, at 2031-05-06 07:08:09+00:00"),
        ({"trigger": "interval", "seconds": 1}, "every 1 second"),
        ({"trigger": "interval", "seconds": 10}, "every 10 seconds"),
        ({"trigger": "interval", "hours": 193, "seconds": 61}, "every 1 week 1 day 1 hour 1 minute 1 second"),
        ({"trigger": "interval", "days": 20}, "every 2 weeks 6 days"),
        ({"trigger": "interval", "seconds": 0.5}, "every 500000 microseconds"),
        (
            {"trigger": "interval", "minutes": 5, "end_date": "2031-05-06", "jitter": 10},
            "every 5 minutes, until 2031-05-06 00:00:00+00:00, delayed by up to 10 s",
        ),
        ({"trigger": "cron"}, "every second (UTC)"),
        ({"trigger": "cron", "hour": 3}, "at 03:00:00 (UTC)"),
        ({"trigger": "cron", "hour": 3, "minute": 5, "second": 7}, "at 03:05:07 (UTC)"),
        ({"trigger": "cron", "minute": "*/5"}, "at hour *, minute */5, second 0 (UTC)"),
        ({"trigger": "cron", "day_of_week": 0}, "at 00:00:00, on mon (UTC)"),
        ({"trigger": "cron", "day_of_week": "0-4", "hour": 9}, "at 09:00:00, on mon-fri (UTC)"),
        ({"trigger": "cron", "day_of_week": "*/2,6"}, "at 00:00:00, on */2,sun (UTC)"),
        ({"trigger": "cron", "day_of_week": "0-6/2"}, "at 00:00:00, on mon-sun/2 (UTC)"),
        ({"trigger": "cron", "day_of_week": "fri"}, "at 00:00:00, on fri (UTC)"),
        ({"trigger": "cron", "day": "last"}, "at 00:00:00, on day last of the month (UTC)"),
        ({"trigger": "cron", "day": "2nd sun"}, "at 00:00:00, on day 2nd sun of the month (UTC)"),
        ({"trigger": "cron", "month": 5}, "at 00:00:00, on day 1 of the month, in month 5 (UTC)"),
        ({"trigger": "cron", "year": 2031}, "at 00:00:00, on day 1 of the month, in month 1, in 2031 (UTC)"),
        ({"trigger": "cron", "week": 53}, "at 00:00:00, in ISO week 53 (UTC)"),
        (
            {"trigger": "cron", "hour": 3, "start_date": "2031-05-06"},
            "at 03:00:00 (UTC), from 2031-05-06 00:00:00+00:00",
        ),
        (
            {"trigger": "calendarinterval", "months": 1, "start_date": "2031-05-06", "end_date": "2032-05-06"},
            "every 1 month at 00:00:00 (UTC), from 2031-05-06, until 2032-05-06",
        ),
        (
            {"trigger": "calendarinterval", "years": 2, "days": 1, "start_date": "2031-05-06"},
            "every 2 years 1 day at 00:00:00 (UTC), from 2031-05-06",
        ),
    ],
)  # fmt: skip
def test_words_say_what_the_spec_says(fields: dict[str, Any], said: str) -> None:
    assert words(**fields) == said


def test_zone_is_named() -> None:
    assert words("Asia/Shanghai", trigger="cron", hour=3) == "at 03:00:00 (Asia/Shanghai)"


@given(intervals | crons | chains)
def test_whatever_parses_can_be_said(fields: dict[str, Any]) -> None:
    assume(not errors_of(**fields))

    assert words(**fields) != "a trigger that cannot be read"


@given(crons, st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]))
def test_time_of_day_that_is_said_is_the_time_of_every_run(fields: dict[str, Any], zone: str) -> None:
    fields = without_jitter(fields)
    assume(not errors_of(**fields))
    said = words(zone, **fields)
    assume(said.startswith("at ") and not said.startswith("at hour"))

    for moment in walk(timetable_of(zone, **fields), NOW, 3):
        # The wall clock shows another time only where it skips this one.
        on_the_wall = moment.astimezone(ZoneInfo(zone))
        assert on_the_wall.strftime("%H:%M:%S") == said[3:11] or on_the_wall.hour == 3


@pytest.mark.parametrize("number", range(7))
def test_weekday_that_is_named_is_the_weekday_of_every_run(number: int) -> None:
    said = words(trigger="cron", day_of_week=number)

    for moment in walk(timetable_of(trigger="cron", day_of_week=number), NOW, 2):
        assert f"on {moment.strftime('%a').lower()} " in said


@pytest.mark.parametrize("garbage", [{}, {"trigger": "nosuch"}, {"trigger": "date"}, [], None, "text"])
def test_garbage_is_called_so(garbage: Any) -> None:
    assert describe(garbage, "UTC") == "a trigger that cannot be read"
