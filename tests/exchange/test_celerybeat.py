"""django-celery-beat's rows: Celery's own meaning of their schedules, held against what Celery has answered."""

import json
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.exchange import Call, Document, Unreadable, read_beat
from scheduler.exchange.celeryfields import FIELDS
from scheduler.exchange.celerysource import CeleryCrontab, read_numbers, write_fields
from scheduler.exchange.celerywhen import BeatRow
from scheduler.triggers import Context, parse, timetable

pytestmark = pytest.mark.pure

# Written by benchmarks/peers/crontabs.py with Celery 5.7.
RECORDED = json.loads((Path(__file__).parent / "celery_occurrences.json").read_text())
NAMES = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CRONTAB = {**dict(zip(NAMES, ("30", "2", "*", "*", "1"), strict=True)), "id": 1, "timezone": "Europe/Berlin"}
TASK = {
    "name": "Clean", "task": "proj.tasks.clean", "args": "[1]", "kwargs": '{"a": 2}', "enabled": True, "one_off": False,
    "total_run_count": 0, "expires": None, "expire_seconds": None, "start_time": None, "last_run_at": NOW,
    "solar_id": None, "queue": None,
}  # fmt: skip


def read(row: BeatRow, **options: Any) -> Document:
    return read_beat([row], **options)


def row(crontab: dict[str, Any] | None = None, **task: Any) -> BeatRow:
    return BeatRow(task={**TASK, **task}, crontab={**CRONTAB, **(crontab or {})})


def interval(every: int, period: str, **task: Any) -> BeatRow:
    return BeatRow(task={**TASK, **task}, interval={"id": 1, "every": every, "period": period})


def mistakes(row: BeatRow) -> list[tuple[str, str]]:
    with pytest.raises(Unreadable) as raised:
        read(row)
    return [(each.item, each.field) for each in raised.value.mistakes]


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda each: f"{each['crontab']} {each['timezone']} {each['start']}")
def test_crontab_runs_when_celery_runs_it(recorded: dict[str, Any]) -> None:
    numbers = read_numbers(dict(zip(NAMES, recorded["crontab"].split(), strict=True)))
    start, zone = datetime.fromisoformat(recorded["start"]), ZoneInfo(recorded["timezone"])
    expected = recorded["occurrences"]

    found = CeleryCrontab(text="", numbers=numbers, zone=zone).occurrences(start)

    assert [each.isoformat() for each in islice(found, len(expected))] == expected


def test_our_trigger_names_what_celery_names_outside_of_clock_changes() -> None:
    for recorded in RECORDED:
        numbers = read_numbers(dict(zip(NAMES, recorded["crontab"].split(), strict=True)))
        start, zone = datetime.fromisoformat(recorded["start"]), ZoneInfo("UTC")
        theirs = list(islice(CeleryCrontab(text="", numbers=numbers, zone=zone).occurrences(start), 100))
        ours = timetable(
            parse({"trigger": "cron", **write_fields(numbers)}, Context(zone=zone, now=start)), zone, seed=""
        )

        found: list[datetime] = []
        moment = ours.first(start)
        while moment is not None and len(found) < len(theirs):
            found.append(moment)
            moment = ours.next_after(moment)

        assert found == theirs, recorded["crontab"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("*", "*"),
        ("*/15", "*/15"),
        ("0-59", "*"),
        ("5-10,50-59/3", "5-10,50,53,56,59"),
        ("58-1", "0,1,58,59"),
        ("7", "7"),
    ],
)
def test_minutes_are_written_as_people_write_them(text: str, written: str) -> None:
    field = FIELDS[-1]

    assert field.write(field.read(text)) == written


def test_weekdays_are_written_by_their_names_since_0_is_sunday_there() -> None:
    field = FIELDS[2]

    assert field.write(field.read("0,mon-3,SATURDAY")) == "mon,tue,wed,sat,sun"


def test_crontab_becomes_a_job() -> None:
    (entry,) = read(row(one_off=True, enabled=False, expire_seconds=60, queue="slow", priority=3)).jobs

    assert entry.key == "Clean"
    assert entry.fields == {
        "name": "Clean", "args": [1], "kwargs": {"a": 2}, "func": "proj.tasks:clean", "trigger": "cron", "minute": "30",
        "hour": "2", "day_of_week": "mon", "dst_gap": "same_offset", "dst_overlap": "first",
        "timezone": "Europe/Berlin", "misfire_grace_time": 60, "max_runs": 1, "paused": True,
    }  # fmt: skip
    assert "queue, priority" in entry.notes[0]


def test_day_of_month_and_weekday_must_both_match_as_in_celery() -> None:
    rule = read(row({"day_of_month": "13", "day_of_week": "5", "timezone": "UTC"})).jobs[0].rule
    assert rule is not None

    assert [f"{each:%Y-%m-%d}" for each in islice(rule.occurrences(NOW), 2)] == ["2026-11-13", "2027-08-13"]


def test_start_and_end_bound_the_job_and_the_end_is_none_of_it() -> None:
    end = datetime(2026, 6, 15, 0, 30, tzinfo=UTC)
    (entry,) = read(row(start_time=NOW, expires=end)).jobs
    assert entry.rule is not None

    assert (entry.fields["start_date"], entry.fields["end_date"]) == (
        NOW.isoformat(),
        "2026-06-15T00:29:59.999999+00:00",
    )
    assert [each.day for each in entry.rule.occurrences(NOW)] == [8]


def test_what_has_never_run_is_sent_at_its_start_time_by_beat() -> None:
    (entry,) = read(row(start_time=NOW, last_run_at=None)).jobs
    assert entry.rule is not None

    assert next(entry.rule.occurrences(NOW)) == NOW
    assert "at its start time" in entry.notes[0]


def test_interval_counts_from_its_last_run() -> None:
    (entry,) = read(interval(90, "minutes")).jobs
    assert entry.rule is not None

    first = NOW + timedelta(minutes=90)
    assert (entry.fields["minutes"], entry.fields["start_date"]) == (90, first.isoformat())
    assert next(entry.rule.occurrences(NOW + timedelta(hours=2))) == first + timedelta(minutes=90)


def test_interval_that_has_never_run_is_not_compared() -> None:
    (entry,) = read(interval(5, "seconds", last_run_at=None)).jobs

    assert (entry.rule, "start_date" in entry.fields) == (None, False)


def test_clocked_is_a_date() -> None:
    (entry,) = read(BeatRow(task={**TASK, "one_off": True}, clocked={"id": 1, "clocked_time": NOW})).jobs
    assert entry.rule is not None

    assert (entry.fields["trigger"], entry.fields["run_date"]) == ("date", NOW.isoformat())
    assert list(entry.rule.occurrences(NOW)) == [NOW]


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ({"solar_id": 1}, "sun"),
        ({"task": "celery.backend_cleanup"}, "Celery's own results"),
        ({"one_off": True, "total_run_count": 1}, "has"),
    ],
)
def test_what_has_no_equivalent_is_left_out_with_a_reason(task: dict[str, Any], words: str) -> None:
    document = read(row(**task))

    assert document.jobs == ()
    assert words in document.left_out[0].reason


def test_tasks_are_mapped() -> None:
    (entry,) = read(row(), mapping={"proj.tasks.clean": Call(func="jobs:clean", id="clean")}).jobs

    assert (entry.key, entry.fields["func"]) == ("clean", "jobs:clean")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (row({"minute": "60"}), "crontab"),
        (row({"day_of_week": "7"}), "crontab"),
        (row({"hour": "*/0"}), "crontab"),
        (row({"hour": "1,"}), "crontab"),
        (row({"timezone": "Mars"}), "timezone"),
        (row(args="[1"), "args"),
        (row(kwargs="{"), "kwargs"),
        (interval(5, "months"), "interval"),
        (BeatRow(task=TASK), "schedule"),
    ],
)
def test_what_celery_does_not_take_is_a_mistake(wrong: BeatRow, field: str) -> None:
    assert mistakes(wrong) == [("Clean", field)]
