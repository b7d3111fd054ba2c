"""What triggers make of the calendars: the dates that a team in China expects."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.calendars import WEEKEND, Source, make_calendar
from scheduler.triggers import Calendar, Context, SpecialDay, occurrences, parse

pytestmark = pytest.mark.pure

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = Source(country="CN", makeup_days=True)
AT_NINE: dict[str, Any] = {"trigger": "cron", "hour": 9, "calendar": "china"}


def china(**own_days: SpecialDay) -> dict[str, Calendar]:
    days = {date.fromisoformat(day.removeprefix("on_").replace("_", "-")): each for day, each in own_days.items()}
    return {"china": make_calendar("china", weekend=WEEKEND, source=CHINA, own_days=days)}


def due(fields: dict[str, Any], start: str, end: str, calendars: Mapping[str, Calendar] | None = None) -> list[date]:
    """Return the days from `start` to `end` on which a trigger is due, in Shanghai."""
    calendars = calendars or china()
    first, last = (datetime.fromisoformat(day).replace(tzinfo=SHANGHAI) for day in (start, end))
    spec = parse(fields, Context(zone=SHANGHAI, now=first, calendars=calendars))
    found = occurrences(spec, calendars, first, last + timedelta(days=1), zone=SHANGHAI, seed="job")
    return [each.at.astimezone(SHANGHAI).date() for each in found if each.at is not None]


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(f"2026-{text}") for text in texts]


def test_nine_on_every_working_day_is_what_the_state_council_decreed_for_2026() -> None:
    found = due(AT_NINE, "2026-09-18", "2026-10-12")

    september = days("09-18", "09-20", "09-21", "09-22", "09-23", "09-24", "09-28", "09-29", "09-30")
    assert found == [*september, *days("10-08", "10-09", "10-10", "10-12")]


def test_non_working_days_are_the_others() -> None:
    found = due({**AT_NINE, "days": "non_working"}, "2026-09-25", "2026-10-11")

    assert found == days("09-25", "09-26", "09-27", *(f"10-0{day}" for day in range(1, 8)), "10-11")


def test_first_and_last_working_day_of_october() -> None:
    assert due({**AT_NINE, "working_day": 1}, "2026-10-01", "2026-10-31") == days("10-08")
    assert due({**AT_NINE, "working_day": -1}, "2026-10-01", "2026-10-31") == days("10-30")


def test_what_falls_on_the_holiday_is_rolled_over_it() -> None:
    first_of_month = {**AT_NINE, "day": 1}

    assert due({**first_of_month, "on_excluded": "forward"}, "2026-09-25", "2026-10-31") == days("10-08")
    assert due({**first_of_month, "on_excluded": "back"}, "2026-09-25", "2026-10-15") == days("09-30")


def test_own_days_go_over_those_of_china() -> None:
    off = SpecialDay(is_working=False, name="outing")

    assert due(AT_NINE, "2026-10-08", "2026-10-10", china(on_2026_10_09=off)) == days("10-08", "10-10")


def test_calendars_of_nested_triggers_hold() -> None:
    either = {"trigger": "or", "triggers": [AT_NINE, {"trigger": "cron", "hour": 9, "day": 3}]}

    assert due(either, "2026-10-01", "2026-10-08") == days("10-03", "10-08")


def test_reason_for_an_excluded_day_is_its_name() -> None:
    calendars = china()
    start = datetime(2026, 10, 1, tzinfo=SHANGHAI)
    spec = parse(AT_NINE, Context(zone=SHANGHAI, now=start, calendars=calendars))

    (first,) = occurrences(spec, calendars, start, start + timedelta(hours=23), zone=SHANGHAI, seed="job")

    assert (first.at, [mark.code for mark in first.marks]) == (None, ["calendar"])
    assert "National Day" in first.marks[0].reason


def test_years_beyond_what_is_known_are_judged_by_their_weekday() -> None:
    after = CHINA.known_until.year + 1
    first = date(after, 1, 1)

    found = due(AT_NINE, f"{after}-01-01", f"{after}-01-14")

    fortnight = [first + timedelta(days=number) for number in range(14)]
    assert found == [day for day in fortnight if day.weekday() < 5]
