"""Calendars: the days on which a trigger runs, and what becomes of an occurrence on another."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.triggers import Calendar, Context, InvalidSpec, SpecialDay, parse, timetable
from tests.triggers.occurrences import CALENDARS, NOW, errors_of, moments, parsed, timetable_of, walk

pytestmark = pytest.mark.pure

DAILY: dict[str, Any] = {"trigger": "cron", "hour": 9, "calendar": "work"}
# Wednesday 10 June is a holiday, and Saturday 13 June a working day.
JUNE_8 = datetime(2026, 6, 8, tzinfo=UTC)
NOTHING_LEFT = {"calendar": "Nothing is left: this schedule has nothing on such days."}


def days_of(count: int, after: datetime = JUNE_8, **fields: Any) -> list[str]:
    return [f"{moment:%m-%d}" for moment in walk(timetable_of(**fields), after, count)]


def test_only_working_days_count_by_default() -> None:
    assert days_of(6, **DAILY) == ["06-08", "06-09", "06-11", "06-12", "06-13", "06-15"]


def test_non_working_days_are_all_others() -> None:
    assert days_of(4, **DAILY, days="non_working") == ["06-10", "06-14", "06-20", "06-21"]


@pytest.mark.parametrize(
    ("number", "days"),
    [
        (1, ["06-01", "07-01", "08-03"]),
        (3, ["06-03", "07-03", "08-05"]),
        (-1, ["06-30", "07-31", "08-31"]),
        (-2, ["06-29", "07-30", "08-28"]),
        (23, ["07-31", "12-31"]),
        (-23, ["07-01", "12-01"]),
    ],
)
def test_nth_working_day_is_counted_from_either_end_of_the_month(number: int, days: list[str]) -> None:
    after = datetime(2026, 6, 1, tzinfo=UTC)

    assert days_of(len(days), after, **DAILY, working_day=number) == days


def test_interval_of_a_second_skips_to_the_third_working_day_day_by_day() -> None:
    occurrences = timetable_of(trigger="interval", seconds=1, start_date="2026-01-01", calendar="work", working_day=3)

    assert occurrences.next_after(datetime(2026, 6, 4, tzinfo=UTC)) == datetime(2026, 7, 3, tzinfo=UTC)


def test_forward_moves_to_the_same_time_of_the_next_day_that_counts_and_meets_count_once() -> None:
    assert days_of(6, **DAILY, on_excluded="forward") == ["06-08", "06-09", "06-11", "06-12", "06-13", "06-15"]
    monthly: dict[str, Any] = {"trigger": "cron", "day": "10,20", "hour": 9, "calendar": "work"}
    assert days_of(3, **monthly, on_excluded="forward") == ["06-11", "06-22", "07-10"]


def test_back_moves_to_the_same_time_of_the_previous_day_that_counts() -> None:
    monthly: dict[str, Any] = {"trigger": "cron", "day": "10,20", "hour": 9, "calendar": "work"}

    assert days_of(3, **monthly, on_excluded="back") == ["06-09", "06-19", "07-10"]


def test_several_times_of_an_excluded_day_come_among_those_of_the_other_day() -> None:
    fields = {"trigger": "cron", "crontab": "0 9,11 10 6 *", "calendar": "work", "on_excluded": "forward"}
    other = {"trigger": "cron", "crontab": "0 10,11 11 6 *"}
    both: dict[str, Any] = {"trigger": "or", "triggers": [fields, other]}

    found = walk(timetable_of(**both), JUNE_8, 3)

    assert [f"{moment:%d %H}" for moment in found] == ["11 09", "11 10", "11 11"]


def test_of_two_that_meet_the_one_that_did_not_move_stays() -> None:
    monthly: dict[str, Any] = {
        "trigger": "cron",
        "day": "10-11",
        "hour": 9,
        "calendar": "work",
        "on_excluded": "forward",
    }

    found = timetable_of(**monthly).explain(JUNE_8, JUNE_8 + timedelta(days=9), zone=UTC)

    assert [(each.planned.day, each.at and each.at.day, [mark.code for mark in each.marks]) for each in found] == [
        (11, 11, []),
        (10, None, ["calendar"]),
    ]


def test_reason_names_the_holiday() -> None:
    (occurrence,) = timetable_of(trigger="cron", month=6, day=10, hour=9, calendar="work", on_excluded="back").explain(
        JUNE_8, JUNE_8 + timedelta(days=9), zone=UTC
    )

    assert occurrence.at == datetime(2026, 6, 9, 9, tzinfo=UTC)
    assert [(mark.code, mark.reason) for mark in occurrence.marks] == [
        (
            "rolled",
            "2026-06-10 is no working day in the calendar work: Founders' Day. It runs on 2026-06-09.",
        )
    ]


@pytest.mark.parametrize(
    ("fields", "day", "reason"),
    [
        ({}, 14, "2026-06-14 is no working day in the calendar work."),
        ({"days": "non_working"}, 13, "2026-06-13 is a working day in the calendar work: Make-up day."),
        ({"days": "non_working"}, 12, "2026-06-12 is a working day in the calendar work."),
        ({"working_day": 3}, 12, "2026-06-12 is not working day 3 of its month in the calendar work."),
    ],
)
def test_reasons_say_what_day_it_is(fields: dict[str, Any], day: int, reason: str) -> None:
    start = datetime(2026, 6, day, tzinfo=UTC)

    (occurrence,) = timetable_of(**DAILY, **fields).explain(start, start + timedelta(hours=23), zone=UTC)

    assert [(mark.code, mark.reason) for mark in occurrence.marks] == [("calendar", reason)]


def test_calendar_moves_across_a_clock_change_by_the_wall() -> None:
    zone = ZoneInfo("America/New_York")
    fields = {"trigger": "cron", "day_of_week": "sat", "hour": 2, "minute": 30}
    calendars = {"c": Calendar(name="c", weekend=frozenset({5}))}
    spec = parse(
        {**fields, "calendar": "c", "on_excluded": "forward"}, Context(zone=zone, now=NOW, calendars=calendars)
    )

    found = timetable(spec, zone, seed="", calendars=calendars).next_after(datetime(2026, 3, 7, tzinfo=zone))

    # On Sunday 8 March 02:30 does not exist.
    assert found == datetime(2026, 3, 8, 3, 0, tzinfo=zone)


@given(moments, st.sampled_from(["forward", "back"]), st.sampled_from(["*/7", "3", "1,22"]))
def test_what_runs_is_what_was_planned_each_moved_by_its_day(after: datetime, direction: str, hour: str) -> None:
    fields = {"trigger": "cron", "hour": hour, "day": "*/2"}
    begin, end = after, after + timedelta(days=30)
    rolled = timetable_of(**fields, calendar="work", on_excluded=direction)
    step = timedelta(days=1 if direction == "forward" else -1)

    def moved(moment: datetime) -> datetime:
        return moment if CALENDARS["work"].is_working(moment.date()) else moved(moment + step)

    expected = {moved(moment) for moment in walk(timetable_of(**fields), begin - timedelta(days=20), 200)}
    found = [moment for moment in walk(rolled, begin, 200) if moment <= end]
    assert found == sorted(moment for moment in expected if begin < moment <= end)


@pytest.mark.parametrize("on_excluded", [None, "skip", "forward", "back"])
def test_calendar_without_any_day_is_refused(on_excluded: str | None) -> None:
    assert errors_of(trigger="cron", hour=9, calendar="idle", on_excluded=on_excluded) == NOTHING_LEFT


def test_rule_that_never_meets_the_days_is_refused() -> None:
    assert errors_of(trigger="cron", day=1, calendar="work", working_day=9) == NOTHING_LEFT


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"calendar": "nosuch"}, {"calendar": "No calendar called nosuch."}),
        ({"calendar": 5}, {"calendar": "No calendar called 5."}),
        ({"days": "working"}, {"days": "Name the calendar as well."}),
        (
            {"working_day": 1, "on_excluded": "skip"},
            dict.fromkeys(["working_day", "on_excluded"], "Name the calendar as well."),
        ),
        ({"calendar": "work", "days": "all"}, {"days": "Choose one of working, non_working."}),
        ({"calendar": "work", "on_excluded": "drop"}, {"on_excluded": "Choose one of skip, forward, back."}),
        (
            {"calendar": "work", "working_day": 1, "days": "non_working"},
            {"days": "This does not go together with the n-th working day."},
        ),
        (
            {"calendar": "work", "working_day": 1, "on_excluded": "back"},
            {"on_excluded": "This does not go together with the n-th working day."},
        ),
    ],
)
def test_wrong_fields_are_named(fields: dict[str, Any], errors: dict[str, str]) -> None:
    assert errors_of(trigger="cron", hour=9, **fields) == errors


@pytest.mark.parametrize("number", [0, 24, -24, 1.5, "1", True and "first"])
def test_working_day_is_a_number_that_a_month_may_have(number: Any) -> None:
    assert set(errors_of(trigger="cron", hour=9, calendar="work", working_day=number)) == {"working_day"}


def test_defaults_are_left_out() -> None:
    spec = parsed(trigger="cron", hour=9, calendar="work", days="working", on_excluded="skip")

    assert spec == {"trigger": "cron", "hour": "9", "calendar": "work"}


@pytest.mark.parametrize("kind", ["interval", "calendarinterval"])
def test_where_days_are_a_length_the_choice_of_days_has_another_name(kind: str) -> None:
    fields: dict[str, Any] = {"trigger": kind, "days": 1, "calendar": "work", "calendar_days": "non_working"}

    assert days_of(2, datetime(2026, 6, 9, tzinfo=UTC), **fields, start_date="2026-06-01") == ["06-10", "06-14"]
    assert set(errors_of(**fields | {"calendar_days": "all"})) == {"calendar_days"}


def test_calendar_that_was_emptied_leaves_nothing_but_breaks_nothing() -> None:
    spec = parsed(**DAILY)
    emptied = {"work": Calendar(name="work", weekend=frozenset(range(7)))}

    assert timetable(spec, UTC, seed="job", calendars=emptied).first(NOW) is None


def test_stored_trigger_whose_calendar_is_gone_is_refused() -> None:
    with pytest.raises(InvalidSpec) as caught:
        timetable(parsed(**DAILY), UTC, seed="job")

    assert caught.value.errors == {"calendar": "No calendar called work."}


def test_days_of_the_rarest_kind_are_found_within_years() -> None:
    calendars = {
        "c": Calendar(name="c", special_days={date(2030, 5, 5): SpecialDay(is_working=False)}, weekend=frozenset())
    }
    spec = parse(
        {"trigger": "cron", "minute": "*", "calendar": "c", "days": "non_working"},
        Context(zone=UTC, now=NOW, calendars=calendars),
    )

    assert timetable(spec, UTC, seed="", calendars=calendars).first(NOW) == datetime(2030, 5, 5, tzinfo=UTC)
