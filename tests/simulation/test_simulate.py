"""Simulations: load, heat, concurrency."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.simulation import Question
from scheduler.triggers.instants import moment_of
from tests.simulation.subjects import WEEK, run, subject
from tests.triggers.occurrences import NOW

pytestmark = pytest.mark.pure
NINE = subject("nine", trigger="cron", hour=9)
HALF_PAST = subject("half-past", trigger="cron", minute=30)


def test_change_is_set_against_all_the_others() -> None:
    found = run(NINE, HALF_PAST, nine=subject("nine", trigger="cron", hour=10))
    (change,) = found.changes

    assert (len(change.moved), change.kept, found.jobs) == (7, 0, 2)
    assert found.before.starts == found.after.starts == 7 + 7 * 24


def test_new_job_adds_its_runs() -> None:
    found = run(HALF_PAST, nine=NINE)

    assert (len(found.changes[0].added), found.changes[0].is_new) == (7, True)
    assert found.after.starts == found.before.starts + 7


def test_deleted_job_takes_its_runs_away() -> None:
    found = run(NINE, HALF_PAST, nine=None)

    assert (len(found.changes[0].removed), found.changes[0].is_deleted, found.jobs) == (7, True, 1)
    assert found.after.starts == 7 * 24


def test_heat_map_has_the_minutes_of_the_zone() -> None:
    question = Question(
        start=datetime(2026, 10, 31, 4, tzinfo=UTC), length=timedelta(days=2), zone=ZoneInfo("America/New_York"), cap=20
    )
    found = run(subject(trigger="interval", minutes=30, start_date="2026-10-31T00:00Z"), question=question)

    assert found.heat.days[date(2026, 10, 31)] == dict.fromkeys(range(0, 1440, 30), 1)
    # The hour from 01:00 to 02:00 comes twice.
    assert found.heat.days[date(2026, 11, 1)][60] == 2
    assert found.heat.peaks[date(2026, 11, 1)] == 2
    assert found.after.peak.count == 1


def test_empty_simulation_is_one_too() -> None:
    found = run()

    assert (found.after.starts, found.after.peak.count, found.after.peak.at, found.findings) == (0, 0, None, [])


def test_runs_that_take_long_overlap_others() -> None:
    long = subject("long", trigger="cron", hour=8, minute=30, seconds=3600)
    found = run(long, NINE, HALF_PAST)

    assert found.after.concurrency.count == 2
    assert moment_of(found.after.concurrency.at or 0) == datetime(2026, 6, 2, 8, 30, tzinfo=UTC)


def test_no_more_runs_of_one_job_go_on_than_may() -> None:
    found = run(subject(trigger="interval", minutes=1, seconds=600, max_instances=3))

    assert found.after.concurrency.count == 3


def test_jobs_without_a_run_on_record_are_named() -> None:
    found = run(NINE, subject("known", trigger="cron", hour=9, seconds=1), subject("by-hand", trigger="manual"))

    assert list(found.unknown) == ["nine"]


def test_start_in_the_midst_of_a_minute_loses_nothing() -> None:
    question = Question(start=NOW + timedelta(seconds=31), length=timedelta(minutes=2), zone=UTC, cap=20)
    every_second = subject(trigger="interval", seconds=None, start_date="2026-01-01T00:00Z")

    assert run(every_second, question=question).after.starts == 120


def test_week_of_one_job_is_counted_in_full() -> None:
    assert run(subject(trigger="cron", minute="*"), question=WEEK).after.starts == 7 * 24 * 60
