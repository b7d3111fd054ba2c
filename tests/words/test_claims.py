"""Claims that a single time cannot prove, held against what happens."""

from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest

from scheduler.triggers import timetable
from scheduler.words import describe
from tests.triggers.occurrences import CALENDARS, NOW, parsed, timetable_of, walk
from tests.words.truth import denied

pytestmark = pytest.mark.pure

NEW_YORK = "America/New_York"


@pytest.mark.parametrize("job_id", ["backup", "report", "数据"])
def test_spread_is_said_as_it_will_be(job_id: str) -> None:
    spec = parsed(trigger="cron", crontab="H H * * *")
    [first] = walk(timetable(spec, ZoneInfo("UTC"), seed=job_id), NOW, 1)

    assert describe(spec, "UTC", seed=job_id) == f"Runs at {first:%H:%M} every day (UTC)."


def test_no_run_is_delayed_by_more_than_is_said() -> None:
    spec = parsed(trigger="cron", crontab="0 9 * * *", jitter=90)
    runs = walk(timetable(spec, ZoneInfo("UTC"), seed="backup"), NOW, 99)
    delays = [run - run.replace(hour=9, minute=0, second=0, microsecond=0) for run in runs]

    assert "Each run is then delayed by up to 1 minute 30 seconds." in describe(spec, "UTC")
    assert timedelta(0) <= min(delays) <= max(delays) <= timedelta(seconds=90)


def test_only_the_first_and_the_last_of_each_month_are_kept() -> None:
    start, rule = "2026-07-01T09:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR"
    spec = parsed(trigger="rrule", rrule=f"{rule};BYSETPOS=1,-1", start_date=start)
    every = walk(timetable_of(trigger="rrule", rrule=rule, start_date=start), NOW, 132)
    months = [list(month) for _, month in groupby(every, key=lambda moment: moment.month)]

    assert "Of these times, each month keeps only the 1st and the last." in describe(spec, "UTC")
    kept = walk(timetable(spec, ZoneInfo("UTC"), seed=""), NOW, 12)
    assert kept == [moment for month in months for moment in (month[0], month[-1])]


def test_only_so_many_times_count_as_is_said() -> None:
    spec = parsed(trigger="rrule", rrule="FREQ=DAILY;COUNT=30", start_date="2026-06-02T09:00")

    assert "Only the first 30 times count." in describe(spec, "UTC")
    assert len(walk(timetable(spec, ZoneInfo("UTC"), seed=""), NOW, 99)) == 30


@pytest.mark.parametrize(
    ("policy", "said", "runs"),
    [
        ("skip", "Where the clocks go forward, it does not run at the times that they skip.", []),
        (
            "same_offset",
            "Where the clocks go forward, what they skip runs as if they had not been changed yet.",
            ["03:30"],
        ),
        ("at_shift", "", ["03:00"]),
    ],
)
def test_times_that_the_clocks_skip_run_as_is_said(policy: str, said: str, runs: list[str]) -> None:
    spec = parsed(NEW_YORK, trigger="cron", crontab="30 2 * * *", dst_gap=policy)
    zone = ZoneInfo(NEW_YORK)
    moments = walk(timetable(spec, zone, seed=""), datetime(2026, 3, 8, tzinfo=zone), 1)

    assert describe(spec, NEW_YORK) == " ".join(filter(None, [f"Runs at 02:30 every day ({NEW_YORK}).", said]))
    assert [f"{each.astimezone(zone):%H:%M}" for each in moments if each.astimezone(zone).day == 8] == runs


@pytest.mark.parametrize(
    ("policy", "said", "offsets"),
    [
        ("first", "", ["-0400"]),
        ("second", "Where the clocks go back, times that come twice count only the second time.", ["-0500"]),
        ("both", "Where the clocks go back, times that come twice count both times.", ["-0400", "-0500"]),
    ],
)
def test_times_that_come_twice_run_as_is_said(policy: str, said: str, offsets: list[str]) -> None:
    spec = parsed(NEW_YORK, trigger="cron", crontab="30 1 * * *", dst_overlap=policy)
    zone = ZoneInfo(NEW_YORK)
    moments = [
        each.astimezone(zone) for each in walk(timetable(spec, zone, seed=""), datetime(2026, 11, 1, tzinfo=zone), 2)
    ]

    assert describe(spec, NEW_YORK) == " ".join(filter(None, [f"Runs at 01:30 every day ({NEW_YORK}).", said]))
    assert [f"{each:%z}" for each in moments if each.day == 1] == offsets


@pytest.mark.parametrize("on_excluded", ["forward", "back"])
def test_what_has_moved_is_on_a_day_that_counts(on_excluded: str) -> None:
    spec = parsed(trigger="cron", crontab="0 9 * * 1,3,6", calendar="work", on_excluded=on_excluded)
    moments = walk(timetable(spec, ZoneInfo("UTC"), seed="", calendars=CALENDARS), NOW, 60)

    assert denied(spec, "UTC") == []
    assert all(CALENDARS["work"].is_working(moment.date()) for moment in moments)
