"""Flask-APScheduler's jobs, as its REST API shows them and as its settings have them."""

import json
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.combining import AndTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.exchange import Call, Document, Unreadable, read_flask, read_flask_entries

pytestmark = pytest.mark.pure

BERLIN = ZoneInfo("Europe/Berlin")
CRON: dict[str, Any] = {
    "id": "a",
    "func": "jobs:job1",
    "trigger": "cron",
    "hour": "*/2",
    "day_of_week": "0",
    "name": "A",
}


def entries(*jobs: Any, **options: Any) -> Document:
    return read_flask_entries(jobs, **{"zone": BERLIN, **options})


def mistakes(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(Unreadable) as raised:
        read_flask(text, zone=BERLIN)
    return [(each.line, each.field) for each in raised.value.mistakes]


def test_answer_of_the_rest_api_is_read() -> None:
    job = {**CRON, "args": [1], "kwargs": {}, "misfire_grace_time": None, "max_instances": 2, "next_run_time": None}
    text = json.dumps([job, {**job, "id": "b", "next_run_time": "2026-06-01T02:00:00+02:00"}], indent=1)

    first, second = read_flask(text, zone=BERLIN).jobs

    assert first.fields == {
        "func": "jobs:job1",
        "name": "A",
        "args": [1],
        "kwargs": {},
        "misfire_grace_time": None,
        "max_instances": 2,
        "paused": True,
        "trigger": "cron",
        "day_of_week": "0",
        "hour": "*/2",
        "timezone": "Europe/Berlin",
    }
    assert "paused" not in second.fields
    assert (first.line, second.line, second.notes) == (2, 17, ())


def test_another_zone_is_noticed_by_its_offset() -> None:
    (entry,) = entries({**CRON, "next_run_time": "2026-06-01T02:00:00+08:00"}).jobs

    assert "+0800" in entry.notes[0]


def test_fields_keep_the_meaning_of_apscheduler() -> None:
    rule = entries(CRON).jobs[0].rule
    assert rule is not None

    found = list(islice(rule.occurrences(datetime(2026, 6, 2, tzinfo=UTC)), 2))

    assert [each.astimezone(BERLIN).strftime("%a %H") for each in found] == ["Mon 00", "Mon 02"]


def test_entries_of_the_settings_may_hold_objects() -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    document = entries(
        {"id": "cron", "func": timedelta, "trigger": CronTrigger(hour=3, timezone=BERLIN)},
        {"id": "interval", "func": "f:f", "trigger": IntervalTrigger(minutes=90, start_date=start)},
        {"id": "date", "func": "f:f", "trigger": DateTrigger(start)},
        {"id": "dict", "func": "f:f", "trigger": {"type": "interval", "seconds": 5, "start_date": "2026-06-01"}},
        {"id": "own zone", "func": "f:f", "trigger": "cron", "hour": 1, "timezone": "Asia/Tokyo"},
    )

    fields = {entry.key: dict(entry.fields) for entry in document.jobs}

    assert fields["cron"]["func"] == "datetime:timedelta"
    assert (fields["cron"]["trigger"], fields["cron"]["hour"]) == ("cron", "3")
    assert (fields["interval"]["days"], fields["interval"]["seconds"]) == (0, 5400)
    assert fields["date"]["run_date"] == start.isoformat()
    assert fields["dict"]["start_date"] == "2026-06-01T00:00:00"
    assert fields["own zone"]["timezone"] == "Asia/Tokyo"


def test_what_begins_anyhow_is_not_compared() -> None:
    document = entries({"id": "a", "func": "f:f", "trigger": "interval", "seconds": 5}, {"id": "b", "func": "f:f"})

    assert [entry.rule for entry in document.jobs] == [None, None]
    assert all("nothing to compare" in entry.notes[0] for entry in document.jobs)


def test_triggers_of_other_kinds_are_left_out() -> None:
    document = entries(
        {"id": "a", "func": "f:f", "trigger": AndTrigger([CronTrigger(hour=3, timezone=BERLIN)])},
        {"id": "b", "func": "f:f", "trigger": "or[cron[hour='3']]"},
    )

    assert [each.text for each in document.left_out] == ["a", "b"]
    assert document.jobs == ()


def test_functions_are_mapped() -> None:
    (entry,) = entries(CRON, mapping={"jobs:job1": Call(func="new:task", args=[1])}).jobs

    assert (entry.fields["func"], entry.fields["args"]) == ("new:task", [1])


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("{}", 1, ""),
        ("[\n1]", 2, ""),
        ('[\n{"id": "a"}]', 2, ""),
        ('[\n{"id": "a", "func": "f:f", "trigger": "cron", "hour": "25"}]', 2, "trigger"),
        ('[\n{"id": "a", "func": "f:f", "trigger": "cron", "hour": "1", "colour": 1}]', 2, "colour"),
        ('[\n{"id": "a", "func": "f:f", "trigger": "date", "run_date": "soon"}]', 2, "trigger"),
        ('[\n{"id": "a", "func": "f:f", "trigger": "cron", "timezone": "Mars"}]', 2, "timezone"),
        (
            '[\n{"id": "a", "func": "f:f", "trigger": "interval", "seconds": "5", "start_date": "2026-06-01"}]',
            2,
            "trigger",
        ),
    ],
)
def test_what_apscheduler_does_not_take_is_a_mistake(text: str, line: int, field: str) -> None:
    assert mistakes(text) == [(line, field)]
