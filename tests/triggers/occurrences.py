"""What the tests of triggers share: specs to draw from, and short ways to ask."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from scheduler.triggers import Calendar, Context, InvalidSpec, Spec, SpecialDay, Timetable, parse, timetable

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = 24 * 3600
# Zones whose clocks change in either half of the year, by half an hour, again since 2023, and not since 1991.
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York",
        "Europe/London",
        "Australia/Sydney",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "Asia/Shanghai",
        "UTC",
    )
]


HOLIDAY = date(2026, 6, 10)
MAKE_UP_DAY = date(2026, 6, 13)
CALENDARS = {
    "work": Calendar(
        name="work",
        special_days={
            HOLIDAY: SpecialDay(is_working=False, name="Founders' Day"),
            MAKE_UP_DAY: SpecialDay(is_working=True, name="Make-up day"),
        },
    ),
    "idle": Calendar(name="idle", weekend=frozenset(range(7))),
}


def parsed(zone: str = "UTC", now: datetime = NOW, **fields: Any) -> Spec:
    """Return the canonical spec."""
    return parse(fields, Context(zone=ZoneInfo(zone), now=now, calendars=CALENDARS))


def errors_of(zone: str = "UTC", **fields: Any) -> dict[str, str]:
    """Return what is wrong with a spec, by field; {} when nothing is."""
    try:
        parsed(zone, **fields)
    except InvalidSpec as error:
        return error.errors
    return {}


def timetable_of(zone: str = "UTC", *, seed: str = "job", **fields: Any) -> Timetable:
    """Return the occurrences of a spec that is yet to be parsed."""
    return timetable(parsed(zone, **fields), ZoneInfo(zone), seed=seed, calendars=CALENDARS)


def without_jitter(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a trigger that does not spread its starts."""
    return {name: value for name, value in fields.items() if name != "jitter"}


def walk(occurrences: Timetable, after: datetime, count: int) -> list[datetime]:
    """Return the next occurrences, up to `count`, each asked for with the one before it."""

    def each() -> Any:
        moment = occurrences.next_after(after)
        while moment is not None:
            yield moment
            moment = occurrences.next_after(moment)

    return list(islice(each(), count))


moments = st.integers(365 * DAY, 365 * 90 * DAY).map(lambda second: datetime.fromtimestamp(second, UTC))
jitters = st.none() | st.floats(0, 60) | st.integers(0, 60)


def _without_nones(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


intervals: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda **fields: {"trigger": "interval"} | _without_nones(fields),
    hours=st.none() | st.integers(0, 1000),
    minutes=st.none() | st.integers(1, 1000),
    seconds=st.none() | st.integers(0, 1000) | st.floats(0, 1000),
    start_date=st.none() | moments.map(datetime.isoformat),
    jitter=jitters,
)
crons: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda **fields: {"trigger": "cron"} | _without_nones(fields),
    month=st.sampled_from([None, "*", "3", "10-11", "jan,jul"]),
    day=st.sampled_from([None, "*", "1", "28", "last", "*/9"]),
    day_of_week=st.sampled_from([None, "*", "mon-fri", 6, "0,3"]),
    hour=st.sampled_from([None, "*", 0, "1-3", "*/5", 23]),
    minute=st.sampled_from([None, "*", "*/30", 15, "5,50"]),
    second=st.sampled_from([None, 0, "*/20"]),
    jitter=jitters,
)
chains: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda **fields: {"trigger": "calendarinterval"} | _without_nones(fields),
    years=st.sampled_from([None, 1]),
    months=st.sampled_from([None, 1, 5]),
    weeks=st.sampled_from([None, 2]),
    days=st.integers(1, 40),
    hour=st.integers(0, 23),
    minute=st.sampled_from([None, 0, 30]),
    start_date=st.dates(date(1971, 1, 1), date(2050, 1, 1)).map(date.isoformat),
    jitter=jitters,
)
rrules: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda parts, **fields: {"trigger": "rrule", "rrule": ";".join(filter(None, parts))} | _without_nones(fields),
    st.tuples(
        st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"]).map("FREQ={}".format),
        st.none() | st.integers(1, 5).map("INTERVAL={}".format),
        st.none() | st.sampled_from(["BYDAY=MO", "BYDAY=SA,SU", "BYMONTH=3,11"]),
        st.none() | st.sampled_from(["BYHOUR=1,2", "BYMINUTE=0,30"]),
        st.none() | st.sampled_from(["COUNT=30", "UNTIL=20300101", "UNTIL=20300101T123000Z"]),
    ),
    start_date=moments.map(lambda moment: moment.replace(minute=30, second=0).isoformat()),
    jitter=jitters,
)
alone = intervals | crons | chains | rrules
combined: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda kind, fields: {"trigger": kind, "triggers": [without_jitter(each) for each in fields]},
    st.sampled_from(["and", "or"]),
    st.lists(alone, min_size=1, max_size=3),
)
hours = st.lists(st.sampled_from(["00:30-02:15", "09:00-17:30", "22:00-06:00", "12:00-24:00"]), min_size=1, max_size=2)
on_calendar = st.sampled_from(
    [
        {},
        {"calendar": "work"},
        {"calendar": "work", "working_day": 3},
        {"calendar": "work", "working_day": -1},
        {"calendar": "work", "on_excluded": "forward"},
        {"calendar": "work", "on_excluded": "back"},
    ]
)
restricted: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda fields, allowed, days: fields | _without_nones({"allowed_hours": allowed}) | days,
    alone | combined,
    st.none() | hours,
    on_calendar,
)
any_fields = alone | restricted
