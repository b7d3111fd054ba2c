"""The rrule trigger: recurrence rules of RFC 5545 on the wall."""

import sys
from datetime import UTC, datetime, timedelta
from itertools import islice
from types import FrameType
from typing import Any, Self

import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.triggers.instants import MICROSECOND
from tests.triggers.occurrences import NOW, errors_of, parsed, timetable_of, walk

pytestmark = pytest.mark.pure

NEVER = {"rrule": "This schedule can never fire: no such date exists."}
START = datetime(2024, 1, 31, 9, 30, 15, tzinfo=UTC)


def runs(rule: str, count: int, *, start: datetime = START, zone: str = "UTC", **fields: Any) -> list[str]:
    occurrences = timetable_of(zone, trigger="rrule", rrule=rule, start_date=start.isoformat(), **fields)
    return [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in walk(occurrences, start - timedelta(seconds=1), count)]


def days(rule: str, count: int, **fields: Any) -> list[str]:
    return [text[:10] for text in runs(rule, count, **fields)]


def test_last_friday_of_each_month() -> None:
    assert days("FREQ=MONTHLY;BYDAY=-1FR", 3) == ["2024-02-23", "2024-03-29", "2024-04-26"]


def test_what_the_rule_does_not_say_is_taken_from_its_start() -> None:
    assert runs("FREQ=MONTHLY", 2) == ["2024-01-31 09:30:15", "2024-03-31 09:30:15"]
    assert runs("FREQ=YEARLY;BYHOUR=6", 2) == ["2025-01-31 06:30:15", "2026-01-31 06:30:15"]


def test_start_counts_only_if_the_rule_names_it() -> None:
    assert days("FREQ=WEEKLY;BYDAY=MO", 1) == ["2024-02-05"]


def test_count_and_until_end_the_rule() -> None:
    assert days("FREQ=DAILY;COUNT=3", 9) == ["2024-01-31", "2024-02-01", "2024-02-02"]
    assert days("FREQ=DAILY;UNTIL=20240202", 9) == ["2024-01-31", "2024-02-01", "2024-02-02"]
    assert days("FREQ=DAILY;UNTIL=20240202T093014", 9) == ["2024-01-31", "2024-02-01"]


def test_until_with_a_z_is_in_utc() -> None:
    start = START.replace(tzinfo=None)
    fields = {"trigger": "rrule", "rrule": "FREQ=DAILY;UNTIL=20240201T013015Z", "start_date": start.isoformat()}

    found = walk(timetable_of("Asia/Shanghai", **fields), START - timedelta(days=1), 9)

    assert [moment.isoformat() for moment in found] == ["2024-01-31T01:30:15+00:00", "2024-02-01T01:30:15+00:00"]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai"])
@pytest.mark.parametrize(("until", "count"), [("00010101T000000Z", 0), ("99991231T235959Z", 9)])
def test_until_may_be_an_end_of_time_in_any_zone(until: str, count: int, zone: str) -> None:
    assert len(days(f"FREQ=DAILY;UNTIL={until}", 9, zone=zone)) == count


def test_rule_follows_the_wall() -> None:
    start = datetime(2026, 3, 7, 14, tzinfo=UTC)

    assert runs("FREQ=DAILY", 2, start=start, zone="America/New_York") == ["2026-03-07 14:00:00", "2026-03-08 13:00:00"]


@pytest.mark.parametrize(
    ("rule", "runs_at"),
    [("FREQ=DAILY", ["05:30", "05:30", "06:30"]), ("FREQ=HOURLY", ["05:30", "06:30", "07:30"])],
)
def test_hourly_rules_follow_the_clock_through_an_overlap_and_daily_ones_run_once(
    rule: str, runs_at: list[str]
) -> None:
    start = datetime(2026, 10, 31, 5, 30, tzinfo=UTC)
    occurrences = timetable_of("America/New_York", trigger="rrule", rrule=rule, start_date=start.isoformat())

    found = walk(occurrences, datetime(2026, 11, 1, 5, tzinfo=UTC) - timedelta(days=rule == "FREQ=DAILY"), 3)

    assert [f"{moment:%H:%M}" for moment in found] == runs_at


def test_end_date_and_layers_apply() -> None:
    fields = {"end_date": "2024-02-09", "calendar": "work", "allowed_hours": "09:00-10:00"}

    assert days("FREQ=DAILY", 9, **fields) == [
        "2024-01-31", "2024-02-01", "2024-02-02", "2024-02-05", "2024-02-06", "2024-02-07", "2024-02-08",
    ]  # fmt: skip


def test_start_is_now_by_default_without_its_fraction() -> None:
    spec = parsed(now=NOW.replace(microsecond=5), trigger="rrule", rrule="FREQ=DAILY")

    assert spec == {"trigger": "rrule", "rrule": "FREQ=DAILY", "start_date": "2026-06-01T12:00:00+00:00"}


def test_rule_is_kept_in_one_order_and_in_capitals() -> None:
    spec = parsed(trigger="rrule", rrule="RRULE:byday=mo,+1TU;freq=monthly;")

    assert spec["rrule"] == "FREQ=MONTHLY;BYDAY=MO,+1TU"


def test_weekdays_with_and_without_a_number_add_up() -> None:
    """Dateutil wants a day to be both."""
    assert days("FREQ=MONTHLY;BYDAY=MO,1TU", 6) == [
        "2024-02-05", "2024-02-06", "2024-02-12", "2024-02-19", "2024-02-26", "2024-03-04",
    ]  # fmt: skip


rules = st.builds(
    lambda *parts: ";".join(filter(None, parts)),
    st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]).map("FREQ={}".format),
    st.none() | st.integers(1, 40).map("INTERVAL={}".format),
    st.none() | st.sampled_from(["MO", "WE", "SU"]).map("WKST={}".format),
    st.none() | st.sampled_from(["BYMONTH=1,6", "BYMONTH=2", "BYMONTHDAY=1,-1", "BYYEARDAY=100,-1", "BYWEEKNO=1,20"]),
    st.none() | st.sampled_from(["BYDAY=MO", "BYDAY=SA,SU", "BYDAY=2TU,-1FR"]),
    st.none() | st.sampled_from(["BYHOUR=1,9", "BYHOUR=0"]),
    st.none() | st.sampled_from(["BYMINUTE=0,30", "BYSECOND=15,45"]),
    st.none() | st.sampled_from(["BYSETPOS=1", "BYSETPOS=-1,2"]),
    st.none() | st.sampled_from(["COUNT=1", "COUNT=7", "UNTIL=20250101T000000"]),
)
starts = st.datetimes(datetime(2019, 1, 1), datetime(2027, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@given(rules, starts, st.integers(0, 1000))
@example("FREQ=WEEKLY;INTERVAL=3;WKST=WE;BYDAY=MO", START, 40)
@example("FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1,20", START, 40)
@example("FREQ=HOURLY;INTERVAL=31;BYYEARDAY=-1,60", START, 40)
@example("FREQ=MINUTELY;INTERVAL=1501;BYHOUR=1,9", START, 40)
@example("FREQ=SECONDLY;INTERVAL=7;BYMONTHDAY=-1;BYMINUTE=0,30", START, 40)
@example("FREQ=MONTHLY;INTERVAL=7;BYDAY=2TU,-1FR;BYSETPOS=-1", START, 400)
def test_walk_from_anywhere_agrees_with_dateutil_from_the_start(rule: str, start: datetime, passed: int) -> None:
    fields = {"trigger": "rrule", "rrule": rule, "start_date": start.isoformat()}
    if errors_of(**fields):
        return
    peer = islice(rrulestr(rule, dtstart=start.replace(tzinfo=None)), 200)
    expected = [moment.replace(tzinfo=UTC) for moment in peer if moment.year < 9999]
    after = start + (expected[-1] - start) * (passed / 1000) if expected else start

    found = walk(timetable_of(**fields), after, 10)

    later = [moment for moment in expected if moment > after]
    assert found[: len(later)] == later[:10]


@given(
    st.lists(st.sampled_from([1, 2, 51, 52, 53, -1, -2, -51, -52, -53]), min_size=1, max_size=3, unique=True),
    st.integers(1900, 2100),
    st.integers(1, 3),
)
@example([53], 2021, 1)
@example([52], 2022, 1)
@example([-1], 2027, 1)
@example([-53], 2025, 1)
def test_weeks_are_those_of_iso_8601_in_every_january(numbers: list[int], year: int, interval: int) -> None:
    """Dateutil takes 1 January 2022 for a day of week 53, and so also of no week 52."""
    rule = f"FREQ=YEARLY;INTERVAL={interval};BYWEEKNO={','.join(map(str, numbers))}"
    start = datetime(year, 1, 1, 9, tzinfo=UTC)
    every_day = [start + timedelta(days=number) for number in range(366 * 3 * interval)]
    expected = [
        day for day in every_day if (day.year - year) % interval == 0 and any(n in numbers for n in week_numbers(day))
    ]
    occurrences = timetable_of(trigger="rrule", rrule=rule, start_date=start.isoformat())

    found = walk(occurrences, start - MICROSECOND, len(expected) + 1)

    assert [day for day in found if day <= every_day[-1]] == expected


def week_numbers(day: datetime) -> tuple[int, int]:
    """Return the number of a day's week from the beginning of its year, and from the end."""
    year, week, _weekday = day.isocalendar()
    # 28 December is in the last week of its year.
    return week, week - 1 - datetime(year, 12, 28, tzinfo=UTC).isocalendar().week


def test_weeks_that_begin_on_another_day_are_those_with_four_days() -> None:
    """In 2026 the week from 28 December 2025 on, a Sunday, has but three days."""
    assert days("FREQ=YEARLY;BYWEEKNO=1;WKST=SU;BYDAY=SU", 3) == ["2024-12-29", "2026-01-04", "2027-01-03"]
    assert days("FREQ=YEARLY;BYWEEKNO=53;WKST=SU;BYDAY=SA", 2) == ["2026-01-03", "2032-01-03"]


def test_weeks_take_times_and_positions() -> None:
    rule = "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO,TU;BYHOUR=6,18;BYSETPOS=1,-1"

    assert runs(rule, 2) == ["2024-05-13 06:30:15", "2024-05-14 18:30:15"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
    ],
)
def test_rule_that_can_never_fire_is_refused(rule: str) -> None:
    assert errors_of(trigger="rrule", rrule=rule, start_date=START.isoformat()) == NEVER


@pytest.mark.parametrize(
    ("rule", "after", "expected"),
    [
        ("FREQ=SECONDLY;BYDAY=SA,SU;BYHOUR=9", "2026-06-01T00:00:00", "2026-06-06T09:00:00"),
        ("FREQ=MINUTELY;BYMONTH=1,2,12;BYHOUR=9;BYMINUTE=0,30", "2026-02-28T09:30:15", "2026-12-01T09:00:15"),
        ("FREQ=HOURLY;INTERVAL=5;BYMONTH=2;BYMONTHDAY=29", "2026-02-28T09:00:00", "2028-02-29T04:30:15"),
    ],
)
def test_days_that_the_rule_does_not_name_are_passed_over(rule: str, after: str, expected: str) -> None:
    occurrences = timetable_of(trigger="rrule", rrule=rule, start_date=START.isoformat())

    found = occurrences.next_after(datetime.fromisoformat(f"{after}+00:00"))

    assert found == datetime.fromisoformat(f"{expected}+00:00")


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;BYHOUR=23",
        "FREQ=MINUTELY;BYHOUR=23",
        "FREQ=SECONDLY;BYHOUR=23",
        "FREQ=SECONDLY;INTERVAL=61;BYHOUR=23",
        "FREQ=SECONDLY;BYHOUR=23;BYMINUTE=59",
    ],
)
def test_hours_that_the_rule_does_not_name_are_leapt_over(rule: str) -> None:
    """A search within hours asks thousands of times; a walk through each minute or second makes it one of minutes."""
    occurrences = timetable_of(trigger="rrule", rrule=rule, start_date=START.isoformat())
    occurrences.next_after(START)

    with Calls() as calls:
        occurrences.next_after(START + timedelta(days=9))

    assert calls.count < 200


class Calls:
    """Counts the calls of functions."""

    count = 0

    def __enter__(self) -> Self:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.setprofile(None)

    def _note(self, _frame: FrameType, event: str, _argument: object) -> None:
        self.count += event in ("call", "c_call")


@pytest.mark.parametrize("rule", ["FREQ=MINUTELY;BYHOUR=12", "FREQ=SECONDLY;BYHOUR=12;BYSECOND=5"])
@pytest.mark.parametrize("outer", [{}, {"trigger": "or"}, {"trigger": "and"}])
def test_rule_without_anything_within_the_hours_is_refused(rule: str, outer: dict[str, Any]) -> None:
    inner = {"trigger": "rrule", "rrule": rule}
    fields: dict[str, Any] = {**outer, "triggers": [inner, inner]} if outer else inner

    assert set(errors_of(**fields, allowed_hours="09:00-10:00")) == {"allowed_hours"}


def test_rarest_rules_are_found() -> None:
    assert days("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", 3) == ["2044-02-29", "2072-02-29", "2112-02-29"]
    assert days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=3", 2) == ["2024-02-29", "2036-02-29"]


@pytest.mark.parametrize(
    "rule",
    [
        None,
        5,
        "",
        "FREQ",
        "FREQ=",
        "FREQ=SOMETIMES",
        "BYDAY=MO",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=x",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=5001",
        "FREQ=DAILY;COUNT=3;UNTIL=20300101",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=20301301",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYMONTH=-1",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=1,,2",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=54MO",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=MONTHLY;BYWEEKNO=1",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=DAILY;BYYEARDAY=1",
        "FREQ=DAILY;WKST=1",
        "FREQ=DAILY;BYSETPOS=1",
        "FREQ=DAILY;BYMINUTE=" + ",".join(map(str, range(60))) + ";BYSECOND=" + ",".join(map(str, range(60))),
        "FREQ=DAILY\nRRULE:FREQ=WEEKLY",
        "FREQ=DAILY;" + "BYHOUR=1;" * 200,
    ],
)
def test_what_is_no_rule_is_refused(rule: Any) -> None:
    assert set(errors_of(trigger="rrule", rrule=rule)) == {"rrule"}
