"""Parsing a spec, whatever its kind."""

import json
from datetime import UTC
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.triggers import KINDS, Context, InvalidField, InvalidSpec, kind_of, parse, read_zone
from tests.triggers.occurrences import (
    CALENDARS,
    NOW,
    ZONES,
    any_fields,
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

FIELDS = sorted({"trigger", "bogus"}.union(*(kind.fields for kind in KINDS.values())))
texts = st.sampled_from(
    [
        "", "*", "*/5", "0", "mon-fri", "last", "3-1", "10:00", "x", "nan", "٣",
        "0001-01-02", "2031-05-06", "9999-12-30", "9999-12-31T23:59:59-05:00",
        "09:00-17:00,22:00-24:00", "23:30-00:10", "work", "idle", "working", "non_working", "skip", "forward", "back",
        "at_shift", "same_offset", "second", "both",
        "0 9 * * 1-5", "0 0 31 2 *", "H H * * *", "* * * * * *",
        "FREQ=DAILY", "FREQ=SECONDLY;INTERVAL=7", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=9", "FREQ=YEARLY;BYDAY=XX",
    ]
)  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(0, 60) | st.floats() | st.text(max_size=12) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)
inner_triggers = st.lists(any_fields.map(without_jitter) | json_values, max_size=3)
any_json: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda kind, fields: fields | {"trigger": kind},
    st.sampled_from([*KINDS, None, "nosuch", 5]),
    st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=5),
)
# Every field of one kind, so that they meet.
any_json_of_a_kind: st.SearchStrategy[dict[str, Any]] = st.sampled_from([*KINDS.values()]).flatmap(
    lambda kind: st.fixed_dictionaries(
        {"trigger": st.just(kind.name)},
        optional={
            name: inner_triggers if name == "triggers" else texts | st.integers(-25, 60) | json_values
            for name in kind.fields
        },
    )
)


@given(any_json | any_json_of_a_kind, st.sampled_from(ZONES))
def test_any_json_parses_or_is_refused_naming_its_fields(fields: dict[str, Any], zone: ZoneInfo) -> None:
    known = {"trigger"}.union(*(kind.fields for kind in KINDS.values()))

    errors = errors_of(zone.key, **fields)

    assert set(errors) <= set(fields) | known
    assert all(errors.values())


@given(any_json | any_json_of_a_kind | any_fields, st.sampled_from(ZONES))
def test_whatever_parses_has_occurrences_or_is_over(fields: dict[str, Any], zone: ZoneInfo) -> None:
    assume(not errors_of(zone.key, **fields))

    timetable = timetable_of(zone.key, **fields)
    first = timetable.first(NOW)
    found = walk(timetable, NOW, 20)

    assert first is None or first.tzinfo is UTC
    assert all(earlier < later for earlier, later in pairwise([NOW, *found]))


@given(any_json | any_json_of_a_kind | any_fields, st.sampled_from(ZONES))
def test_parsing_a_canonical_spec_again_changes_nothing(fields: dict[str, Any], zone: ZoneInfo) -> None:
    context = Context(zone=zone, now=NOW, calendars=CALENDARS)
    try:
        spec = parse(fields, context)
    except InvalidSpec:
        return

    assert json.dumps(parse(json.loads(json.dumps(spec)), context)) == json.dumps(spec)


@given(intervals | crons | chains, st.sampled_from(ZONES))
def test_ordinary_fields_always_parse(fields: dict[str, Any], zone: ZoneInfo) -> None:
    assert parsed(zone.key, **without_jitter(fields))["trigger"] == fields["trigger"]


def test_no_trigger_means_date() -> None:
    assert kind_of(None).name == "date"
    assert parsed(run_date="2031-05-06") == parsed(trigger="date", run_date="2031-05-06")


@pytest.mark.parametrize("name", ["nosuch", "", 5, True, ["date"]])
def test_unknown_kind_is_refused(name: Any) -> None:
    assert errors_of(trigger=name) == {"trigger": f'No trigger by the name "{name}" was found.'}


def test_every_unknown_field_is_named() -> None:
    assert set(errors_of(trigger="interval", seconds=1, bogus=1, hour=2)) == {"bogus", "hour"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"trigger": "date", "run_date": 5}, {"run_date"}),
        ({"trigger": "date", "run_date": "not a date"}, {"run_date"}),
        ({"trigger": "date", "run_date": "9999-12-31T23:59:59-05:00"}, {"run_date"}),
        ({"trigger": "date", "run_date": "9999-12-31T23:59:59"}, {"run_date"}),
        ({"trigger": "interval", "seconds": "10", "minutes": []}, {"seconds", "minutes"}),
        ({"trigger": "interval", "seconds": None}, {"seconds"}),
        ({"trigger": "interval", "seconds": -1}, {"seconds"}),
        ({"trigger": "interval", "seconds": 10**400}, {"seconds"}),
        ({"trigger": "interval", "weeks": 10**9}, {"weeks"}),
        ({"trigger": "interval", "days": float("nan")}, {"days"}),
        ({"trigger": "interval", "start_date": 5, "end_date": ""}, {"start_date", "end_date"}),
        ({"trigger": "interval", "start_date": "0001-01-01T00:00:00+08:00"}, {"start_date"}),
        ({"trigger": "interval", "jitter": -1}, {"jitter"}),
        ({"trigger": "interval", "jitter": 10**400}, {"jitter"}),
        ({"trigger": "interval", "seconds": 1, "jitter": 3600}, {"jitter"}),
        ({"trigger": "cron", "second": "*", "jitter": 3600}, {"jitter"}),
        ({"trigger": "cron", "hour": "25", "minute": "abc"}, {"hour", "minute"}),
        ({"trigger": "cron", "hour": 1.5}, {"hour"}),
        ({"trigger": "cron", "day_of_week": "funday"}, {"day_of_week"}),
        ({"trigger": "cron", "day_of_week": 7}, {"day_of_week"}),
        ({"trigger": "cron", "hour": "*/0"}, {"hour"}),
        ({"trigger": "cron", "hour": "5-1"}, {"hour"}),
        ({"trigger": "cron", "year": "1969"}, {"year"}),
        ({"trigger": "cron", "crontab": "* * *"}, {"crontab"}),
        ({"trigger": "cron", "crontab": 5}, {"crontab"}),
        ({"trigger": "cron", "crontab": "0 9 * * *", "hour": 9}, {"crontab"}),
        ({"trigger": "cron", "crontab": "0 0 31 2 *"}, {"crontab"}),
        ({"trigger": "cron", "dst_gap": "first", "dst_overlap": "skip"}, {"dst_gap", "dst_overlap"}),
        ({"trigger": "interval", "dst_gap": "skip"}, {"dst_gap"}),
        ({"trigger": "cron", "hour": 25, "allowed_hours": 5, "calendar": 5}, {"hour", "allowed_hours", "calendar"}),
        ({"trigger": "calendarinterval"}, {"days"}),
        ({"trigger": "calendarinterval", "days": 0}, {"days"}),
        ({"trigger": "calendarinterval", "days": -1}, {"days"}),
        ({"trigger": "calendarinterval", "days": 1.5}, {"days"}),
        ({"trigger": "calendarinterval", "years": 120_001}, {"years"}),
        ({"trigger": "calendarinterval", "days": 1, "hour": 24, "second": -1}, {"hour", "second"}),
        ({"trigger": "calendarinterval", "days": 1, "start_date": "2031-05-06T10:00"}, {"start_date"}),
        ({"trigger": "calendarinterval", "days": 1, "start_date": "2031-05-06", "end_date": "2031-05"}, {"end_date"}),
    ],
)  # fmt: skip
def test_wrong_fields_are_named(fields: dict[str, Any], wrong: set[str]) -> None:
    assert set(errors_of(**fields)) == wrong


@pytest.mark.parametrize(
    ("fields", "spec"),
    [
        ({"trigger": "date", "run_date": "2031-05-06"}, {"run_date": "2031-05-06T00:00:00+08:00"}),
        ({"trigger": "date", "run_date": "06/05/2031"}, {"run_date": "2031-06-05T00:00:00+08:00"}),
        ({"trigger": "date", "run_date": "May 6 2031 3pm"}, {"run_date": "2031-05-06T15:00:00+08:00"}),
        ({"trigger": "date", "run_date": "2031-05-06T07:08:09Z"}, {"run_date": "2031-05-06T07:08:09+00:00"}),
        ({"trigger": "date"}, {"run_date": "2026-06-01T20:00:00+08:00"}),
        ({"trigger": "interval"}, {"seconds": 1, "start_date": "2026-06-01T20:00:01+08:00"}),
        (
            {"trigger": "interval", "hours": 193, "seconds": 90.5, "start_date": "2026-06-01", "jitter": 0},
            {
                "weeks": 1,
                "days": 1,
                "hours": 1,
                "minutes": 1,
                "seconds": 30,
                "microseconds": 500000,
                "start_date": "2026-06-01T00:00:00+08:00",
            },
        ),
        (
            {"trigger": "interval", "minutes": True, "start_date": "2026-06-01", "jitter": True},
            {"minutes": 1, "start_date": "2026-06-01T00:00:00+08:00", "jitter": 1},
        ),
        ({"trigger": "cron"}, {}),
        (
            {"trigger": "cron", "hour": 3, "day_of_week": 0, "minute": " 5 , 10 ", "second": None, "jitter": 5.0},
            {"day_of_week": "0", "hour": "3", "minute": "5,10", "jitter": 5},
        ),
        (
            {"trigger": "cron", "crontab": " 0  9 * * MON ", "dst_gap": "skip", "allowed_hours": "09:00-10:00"},
            {"crontab": "0 9 * * MON", "allowed_hours": ["09:00-10:00"], "dst_gap": "skip"},
        ),
        (
            {"trigger": "calendarinterval", "months": 1, "days": 0, "hour": 3, "minute": 0},
            {"months": 1, "hour": 3, "start_date": "2026-06-01"},
        ),
    ],
)
def test_canonical_spec_says_what_was_sent_and_no_more(fields: dict[str, Any], spec: dict[str, Any]) -> None:
    canonical = parsed("Asia/Shanghai", **fields)

    assert json.dumps(canonical) == json.dumps({"trigger": fields["trigger"]} | spec)


@pytest.mark.parametrize(
    "name", ["localtime", "posixrules", "posix/UTC", "right/UTC", "UTC+8", "GMT+8", "utc ", 8, None]
)
def test_zone_that_not_every_machine_has_is_none(name: Any) -> None:
    """A zone that counts leap seconds is half a minute off; a machine's own is another one on the next."""
    with pytest.raises(InvalidField):
        read_zone(name)
