"""What becomes of occurrences where the clocks change: the table of docs/time.md, row by row."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.triggers.occurrences import timetable_of, walk
from tests.triggers.walls import walls as wall_times

pytestmark = pytest.mark.pure

TABLE = Path(__file__).parents[2] / "docs" / "time.md"
RULES: dict[str, dict[str, Any]] = {
    "daily at 00:00": {"crontab": "0 0 * * *"},
    "daily at 01:30": {"crontab": "30 1 * * *"},
    "daily at 02:30": {"crontab": "30 2 * * *"},
    "every 30 minutes": {"crontab": "*/30 * * * *"},
    "hourly": {"crontab": "0 * * * *"},
}
POLICIES = {"gap": ("skip", "at_shift", "same_offset"), "overlap": ("first", "second", "both")}
# The instants, in UTC, of the changes in 2026.
CHANGES = {
    "America/New_York": {"gap": "2026-03-08T07:00", "overlap": "2026-11-01T06:00"},
    "Europe/London": {"gap": "2026-03-29T01:00", "overlap": "2026-10-25T01:00"},
    "Australia/Sydney": {"gap": "2026-10-03T16:00", "overlap": "2026-04-04T16:00"},
    "Australia/Lord_Howe": {"gap": "2026-10-03T15:30", "overlap": "2026-04-04T15:00"},
    "Africa/Cairo": {"gap": "2026-04-23T22:00", "overlap": "2026-10-29T21:00"},
}


def _rows() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield zone, kind of change, rule, policy and what runs, from the tables of the page."""
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip().strip("*") for cell in line.strip("|").split("|")]
        if cells[0] in CHANGES:
            zone, rule, *answers = cells
            kind = "gap" if answers.pop(0) == "forward" else "overlap"
            for policy, answer in zip(POLICIES[kind], answers, strict=True):
                yield zone, kind, rule, policy, answer


ROWS = list(_rows())


def runs_around_change(zone: str, kind: str, **fields: Any) -> str:
    """Return what runs from an hour before the change until an hour after it, by the wall clock."""
    change = datetime.fromisoformat(CHANGES[zone][kind]).replace(tzinfo=UTC)
    first, last = change - timedelta(hours=1), change + timedelta(hours=1)
    found = walk(timetable_of(zone, trigger="cron", **fields), first - timedelta(microseconds=1), 10)
    clocks = [f"{moment.astimezone(ZoneInfo(zone)):%H:%M%z}" for moment in found if moment < last]
    return " ".join(clock.removesuffix("00") for clock in clocks) or "nothing"


@pytest.mark.parametrize(("zone", "kind", "rule", "policy", "answer"), ROWS)
def test_policy_does_what_the_table_says(zone: str, kind: str, rule: str, policy: str, answer: str) -> None:
    assert runs_around_change(zone, kind, **RULES[rule], **{f"dst_{kind}": policy}) == answer


def test_table_has_every_rule_that_a_change_touches() -> None:
    expected = {
        (zone, kind, rule)
        for zone in CHANGES
        for kind, policies in POLICIES.items()
        for rule, fields in RULES.items()
        if len({runs_around_change(zone, kind, **fields, **{f"dst_{kind}": policy}) for policy in policies}) > 1
    }

    assert {row[:3] for row in ROWS} == expected


@pytest.mark.parametrize(("zone", "kind", "rule"), sorted({row[:3] for row in ROWS}))
def test_default_is_what_vixie_cron_does(zone: str, kind: str, rule: str) -> None:
    follows = not rule.startswith("daily")
    policy = {("gap", True): "skip", ("gap", False): "at_shift", ("overlap", True): "both", ("overlap", False): "first"}

    chosen = runs_around_change(zone, kind, **RULES[rule], **{f"dst_{kind}": policy[kind, follows]})

    assert runs_around_change(zone, kind, **RULES[rule]) == chosen


@pytest.mark.parametrize("zone", [*CHANGES, "Asia/Shanghai"])
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.startswith("daily")])
def test_daily_job_runs_once_a_day_all_the_year(zone: str, rule: str) -> None:
    occurrences = timetable_of(zone, trigger="cron", **RULES[rule])
    start = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))

    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in walk(occurrences, start - timedelta(seconds=1), 365)]

    assert days == [start.date() + timedelta(days=number) for number in range(365)]


@pytest.mark.parametrize("gap", POLICIES["gap"])
@pytest.mark.parametrize("overlap", POLICIES["overlap"])
def test_no_policy_changes_anything_where_the_clocks_never_change(gap: str, overlap: str) -> None:
    fields = {"trigger": "cron", "crontab": "*/30 1-2 * * *", "dst_gap": gap, "dst_overlap": overlap}

    found = walk(timetable_of("Asia/Shanghai", **fields), datetime(2026, 1, 1, tzinfo=UTC), 365 * 4)

    assert [(moment.hour, moment.minute) for moment in found] == [(17, 0), (17, 30), (18, 0), (18, 30)] * 365


@pytest.mark.parametrize(
    ("policy", "runs"),
    [
        ("skip", ["2011-12-29T09:00:00-10:00", "2011-12-31T09:00:00+14:00"]),
        ("at_shift", ["2011-12-29T09:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T09:00:00+14:00"]),
        ("same_offset", ["2011-12-29T09:00:00-10:00", "2011-12-31T09:00:00+14:00"]),
    ],
)
def test_day_that_samoa_left_out_is_a_gap_like_any_other(policy: str, runs: list[str]) -> None:
    zone = ZoneInfo("Pacific/Apia")
    occurrences = timetable_of(zone.key, trigger="cron", hour=9, dst_gap=policy)

    found = walk(occurrences, datetime(2011, 12, 29, tzinfo=zone), len(runs))

    assert [moment.astimezone(zone).isoformat() for moment in found] == runs


def test_all_that_a_gap_swallows_runs_once() -> None:
    fields = {"trigger": "cron", "crontab": "5-55/5 2 * * *"}
    zone = ZoneInfo("America/New_York")

    found = walk(timetable_of(zone.key, **fields), datetime(2026, 3, 8, 5, tzinfo=UTC), 2)

    assert [f"{moment.astimezone(zone):%d %H:%M}" for moment in found] == ["08 03:00", "09 02:05"]


def told(zone: str, start: str, hours: int, **fields: Any) -> list[tuple[str, str | None, list[str]]]:
    """Return what is explained from a time on the wall on: planned, clock and marks."""
    first = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return [
        (
            f"{each.planned:%H:%M}",
            f"{each.at.astimezone(ZoneInfo(zone)):%H:%M%z}" if each.at else None,
            [mark.code for mark in each.marks],
        )
        for each in timetable_of(zone, **fields).explain(first, first + timedelta(hours=hours), zone=ZoneInfo(zone))
    ]


def test_explanation_tells_what_a_gap_moves_and_drops() -> None:
    fields = {"trigger": "cron", "crontab": "15,45 2,3 * * *"}

    assert told("America/New_York", "2026-03-08T01:00", 2, **fields) == [
        ("02:15", "03:00-0400", ["moved"]),
        ("02:45", None, ["dropped"]),
        ("03:15", "03:15-0400", []),
        ("03:45", "03:45-0400", []),
    ]


def test_explanation_tells_what_an_overlap_repeats() -> None:
    fields = {"trigger": "cron", "minute": 30}

    assert (
        told("America/New_York", "2026-11-01T01:00", 2, **fields)
        == [
            ("01:30", "01:30-0400", []),
            ("01:30", "01:30-0500", ["repeated"]),
            ("02:30", "02:30-0500", []),
        ][:2]
    )


@pytest.mark.parametrize(
    ("policy", "kept"),
    [("first", ["01:30-0400", None]), ("second", [None, "01:30-0500"])],
)
def test_explanation_tells_which_of_two_times_is_left_out(policy: str, kept: list[str | None]) -> None:
    fields = {"trigger": "cron", "hour": 1, "minute": 30, "dst_overlap": policy}

    found = told("America/New_York", "2026-11-01T01:00", 2, **fields)

    assert [at for _, at, _ in found] == kept
    assert [marks for _, at, marks in found if at is None] == [["dropped"]]


def test_reasons_are_sentences_with_the_times() -> None:
    start = datetime(2026, 3, 8, 6, tzinfo=UTC)
    zone = ZoneInfo("America/New_York")

    (occurrence,) = timetable_of(zone.key, trigger="cron", hour=2, minute=30).explain(
        start, start + timedelta(hours=9), zone=zone
    )

    assert occurrence.marks[0].reason == (
        "The clocks go forward from 02:00 to 03:00, and skip 02:30; it runs at 03:00."
    )


def due(wall: datetime, zone: ZoneInfo, gap: str, overlap: str) -> list[datetime]:
    """Say by PEP 495 alone when a time on the wall is due: fold 0 reads it with the offset before a change."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first < second:
        return {"first": [first], "second": [second], "both": [first, second]}[overlap]
    if first == second:
        return [first]
    if gap == "at_shift":
        return [next(moment for moment in _minutes(second) if _offset(moment, zone) != _offset(second, zone))]
    return [first] if gap == "same_offset" else []


def _minutes(moment: datetime) -> Iterator[datetime]:
    while True:
        moment += timedelta(minutes=1)
        yield moment


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


@given(
    st.sampled_from([(zone, change) for zone, changes in CHANGES.items() for change in changes.values()]),
    st.sampled_from(POLICIES["gap"]),
    st.sampled_from(POLICIES["overlap"]),
    st.builds(
        "{} {} * * *".format,
        st.sampled_from(["0", "*/7", "15,45", "*/4", "59"]),
        st.sampled_from(["*", "0-3", "23-2", "1", "2", "*/2"]),
    ),
    st.integers(-600, 300),
)
def test_what_runs_is_what_a_slow_search_finds(
    where: tuple[str, str], gap: str, overlap: str, text: str, minutes: int
) -> None:
    zone, change = ZoneInfo(where[0]), datetime.fromisoformat(where[1]).replace(tzinfo=UTC)
    start, end = change + timedelta(minutes=minutes), change + timedelta(hours=30)
    walls = wall_times(text, (start - timedelta(days=2)).replace(tzinfo=None), 2000)

    expected = sorted({moment for wall in walls for moment in due(wall, zone, gap, overlap) if start < moment < end})

    occurrences = timetable_of(zone.key, trigger="cron", crontab=text, dst_gap=gap, dst_overlap=overlap)
    assert [moment for moment in walk(occurrences, start, 2000) if moment < end] == expected
