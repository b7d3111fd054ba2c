"""Findings: herds with a spread that helps, jobs that overlap themselves, jobs that will not run."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.simulation import Finding, Simulation, Subject
from scheduler.triggers import parse
from scheduler.triggers.base import Context
from scheduler.triggers.windows import SKIP, Window, Windows
from tests.simulation.subjects import capped, run, subject
from tests.triggers.occurrences import CALENDARS, NOW, timetable_of

pytestmark = pytest.mark.pure


def herd(count: int, *, first: int = 0, **trigger: Any) -> list[Subject]:
    return [subject(f"job-{number}", seconds=1, **trigger) for number in range(first, first + count)]


def found(simulation: Simulation, code: str) -> list[Finding]:
    return [finding for finding in simulation.findings if finding.code == code]


def spread_out(jobs: list[Subject], finding: Finding) -> list[Subject]:
    """Carry out what a finding proposes."""
    assert finding.spread is not None
    changes = finding.spread.changes
    return [
        subject(job.id, seconds=1, **{name: value for name, value in changes[job.id].items() if name != "timezone"})
        if job.id in changes
        else job
        for job in jobs
    ]


@pytest.mark.parametrize(
    "trigger",
    [
        {"trigger": "cron", "crontab": "0 3 * * *"},
        {"trigger": "cron", "crontab": "0 9-17 * * 1-5"},
        {"trigger": "cron", "crontab": "*/15 * * * *"},
        {"trigger": "cron", "hour": 3},
        {"trigger": "cron", "minute": 5},
        {"trigger": "cron", "day_of_week": "mon", "hour": 3},
        {"trigger": "cron", "hour": 3, "calendar": "work"},
        {"trigger": "cron", "crontab": "0 3 * * *", "allowed_hours": "03:00-03:30"},
        {"trigger": "interval", "hours": 6, "start_date": "2026-06-01T00:00Z"},
        {"trigger": "calendarinterval", "days": 1, "hour": 3, "start_date": "2026-06-01"},
    ],
)
def test_spread_lowers_the_peak_as_it_says(trigger: dict[str, Any]) -> None:
    jobs = herd(40, **trigger)
    before = run(*jobs, question=capped(10))
    (finding, *_) = found(before, "herd")

    after = run(*spread_out(jobs, finding), question=capped(10))

    assert (before.after.peak.count, len(finding.jobs)) == (40, 40)
    assert finding.spread is not None
    assert after.after.peak.count == finding.spread.peak < 40
    assert len(found(after, "herd")) == (finding.spread.above > 0)


def test_minute_that_is_written_down_becomes_a_hashed_one() -> None:
    jobs = herd(15, trigger="cron", crontab="0 3 * * 1-5", end_date="2027-01-01")
    (finding,) = found(run(*jobs, question=capped(10)), "herd")

    assert finding.spread is not None
    fields = finding.spread.changes["job-0"]
    assert fields == {
        "trigger": "cron",
        "crontab": "H 3 * * 1-5",
        "end_date": "2027-01-01T00:00:00+00:00",
        "timezone": "UTC",
    }


def test_what_is_proposed_is_canonical() -> None:
    jobs = herd(15, trigger="interval", hours=6, start_date="2026-06-01T00:00Z")
    (finding,) = found(run(*jobs, question=capped(10)), "herd")

    assert finding.spread is not None
    for job_id, fields in finding.spread.changes.items():
        spec = {name: value for name, value in fields.items() if name != "timezone"}
        assert parse(spec, Context(zone=ZoneInfo("UTC"), now=NOW, calendars=CALENDARS, seed=job_id)) == spec
        assert spec["jitter"] == 3600


def test_herd_that_comes_every_minute_cannot_be_spread() -> None:
    (finding,) = found(run(*herd(15, trigger="interval", minutes=1), question=capped(10)), "herd")

    assert finding.spread is None
    assert finding.details["starts"] == 15


def test_second_herd_is_spread_after_the_first() -> None:
    jobs = [*herd(30, trigger="cron", hour=3), *herd(20, first=100, trigger="cron", hour=5)]
    first, second = found(run(*jobs, question=capped(10)), "herd")

    assert (len(first.jobs), len(second.jobs)) == (30, 20)
    assert (first.details["minutes"], second.details["minutes"]) == (14, 7)
    assert second.spread is not None
    assert second.spread.above == 0


def test_as_many_as_may_are_no_herd() -> None:
    assert found(run(*herd(10, trigger="cron", hour=3), question=capped(10)), "herd") == []


@pytest.mark.parametrize(
    ("seconds", "instances", "runs", "at_p95"),
    [(59, 1, 0, 10_079), (61, 1, 10_079, 10_079), (61, 3, 0, 0), (25, 1, 0, 0)],
)
def test_job_that_takes_longer_than_its_gaps_is_found(seconds: float, instances: int, runs: int, at_p95: int) -> None:
    every_minute = subject(trigger="cron", minute="*", seconds=seconds, max_instances=instances)
    overlaps = found(run(every_minute), "overlap")

    assert [(each.details["runs"], each.details["runs_at_p95"]) for each in overlaps] == (
        [(runs, at_p95)] if at_p95 else []
    )


@pytest.mark.parametrize(
    ("overlap", "words"), [("skip", "skipped"), ("queue", "more and more"), ("replace", "cancels")]
)
def test_what_becomes_of_the_overlap_is_said(overlap: str, words: str) -> None:
    (finding,) = found(run(subject(trigger="cron", minute="*", seconds=90, overlap=overlap)), "overlap")

    assert words in finding.sentence


@pytest.mark.parametrize(
    "trigger",
    [
        {"trigger": "cron", "hour": 3, "start_date": "2030-01-01"},
        {"trigger": "cron", "hour": 3, "end_date": "2026-05-01"},
        {"trigger": "date", "run_date": "2029-01-01"},
        {"trigger": "cron", "hour": 3, "left": 0},
    ],
)
def test_job_that_will_not_run_for_a_year_is_found(trigger: dict[str, Any]) -> None:
    assert [finding.jobs for finding in found(run(subject(**trigger)), "idle")] == [("job",)]


@pytest.mark.parametrize(
    "trigger",
    [
        {"trigger": "manual"},
        {"trigger": "cron", "month": 5, "day": 31},
        {"trigger": "cron", "hour": 3, "start_date": "2030-01-01", "is_paused": True},
    ],
)
def test_job_that_is_to_wait_is_not(trigger: dict[str, Any]) -> None:
    assert found(run(subject(**trigger)), "idle") == []


def test_job_whose_runs_all_lie_in_windows_will_not_run() -> None:
    nightly = subject(trigger="cron", hour=3)
    window = Window(name="night", timetable=timetable_of(trigger="cron", hour=2), duration=timedelta(hours=2))
    terms = replace(nightly.terms, windows=Windows([window]), maintenance=SKIP)

    assert found(run(replace(nightly, terms=terms)), "idle")
