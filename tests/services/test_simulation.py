"""Simulations of stored jobs: who takes part, what a change is read as, and how long runs took."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduler.exceptions import InvalidInput
from scheduler.models import Execution, Job, Schedule, Status
from scheduler.services.calendars import create_calendar
from scheduler.services.durations import LATEST_RUNS, durations_of
from scheduler.services.jobs import change_job, create_job, pause_job
from scheduler.services.planned import read_planned, read_question
from scheduler.services.simulation import simulate_planned, simulate_request
from scheduler.services.windows import create_window
from scheduler.simulation import Change, Durations, Simulation
from tests.services.rows import NEXT_HOURLY, NOW, make_job

pytestmark = pytest.mark.django_db
DAILY: dict[str, Any] = {"trigger": "cron", "hour": 9}
NEW: dict[str, Any] = {"id": "new", "func": "jobs:nothing", **DAILY}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is NOW."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def simulate(**data: Any) -> Simulation:
    return simulate_request({"days": 7, **data}, now=NOW)


def change_of(**data: Any) -> Change:
    (change,) = simulate(**data).changes
    return change


def counts(change: Change) -> dict[str, int]:
    return {name: len(getattr(change, name)) for name in ("added", "removed", "moved")} | {"kept": change.kept}


def record(job_id: str, *seconds: float) -> None:
    """Store runs that took so long."""
    Execution.objects.bulk_create(
        Execution(
            job_id=job_id,
            scheduled_for=NOW - timedelta(minutes=number),
            status=Status.SUCCEEDED,
            revision=1,
            created_at=NOW,
            started_at=NOW,
            finished_at=NOW + timedelta(seconds=each),
        )
        for number, each in enumerate(seconds)
    )


def test_stored_jobs_run_as_they_are() -> None:
    make_job("hourly")
    make_job("daily", **DAILY)

    assert (simulate().jobs, simulate().after.starts) == (2, 7 * 24 + 7)


def test_paused_broken_and_finished_jobs_do_not_run() -> None:
    make_job("paused")
    pause_job("paused")
    make_job("broken")
    Schedule.objects.filter(pk="broken").update(next_run_time=None)
    make_job("finished")
    Job.objects.filter(pk="finished").update(finished_at=NOW)
    make_job("unreadable")
    Job.objects.filter(pk="unreadable").update(trigger=5, timezone="Mars")

    found = simulate()

    assert (found.jobs, found.after.starts, list(found.findings)) == (0, 0, [])


def test_job_that_is_paused_for_a_while_runs_from_the_end_of_its_pause_on() -> None:
    make_job("hourly")
    whole = simulate().after.starts
    pause_job("hourly", until=NEXT_HOURLY + timedelta(hours=1))

    # What is due at the very end of the pause runs; what is due before it does not.
    assert (simulate().jobs, simulate().after.starts) == (1, whole - 1)
    assert list(simulate().findings) == []


def test_new_job_that_is_paused_for_a_while_runs_from_the_end_of_its_pause_on() -> None:
    until = (NOW + timedelta(days=2)).isoformat()

    assert counts(change_of(job={**NEW, "next_run_time": None, "paused_until": until}))["added"] == 5
    assert counts(change_of(job={**NEW, "next_run_time": None}))["added"] == 0


def test_job_that_is_paused_for_longer_than_is_looked_at_does_not_run() -> None:
    make_job("hourly")
    pause_job("hourly", until=NOW + timedelta(days=30))

    assert simulate().after.starts == 0


def test_broken_job_does_not_run_after_its_pause_either() -> None:
    make_job("broken")
    pause_job("broken", until=NOW + timedelta(hours=3))
    Job.objects.update(problem="func: There is no task.")

    assert simulate().after.starts == 0


def test_change_that_pauses_a_job_pauses_it_for_good() -> None:
    make_job("daily", **DAILY)
    pause_job("daily", until=NOW + timedelta(days=2))

    assert counts(change_of(job={"id": "daily", "timeout": 60}))["kept"] == 5
    assert counts(change_of(job={"id": "daily", "trigger": "cron", "hour": 10, "next_run_time": None}))["added"] == 0


def test_change_is_read_as_a_patch() -> None:
    make_job("daily", **DAILY, max_runs=9)

    assert counts(change_of(job={"id": "daily", "trigger": "cron", "hour": 10})) == {
        "added": 0, "removed": 0, "moved": 7, "kept": 0,
    }  # fmt: skip
    assert counts(change_of(job={"id": "daily", "max_runs": 2})) == {"added": 0, "removed": 5, "moved": 0, "kept": 2}
    assert counts(change_of(job={"id": "daily", "next_run_time": None}))["removed"] == 7


def test_what_is_simulated_is_what_the_change_does() -> None:
    make_job("daily", **DAILY)
    change = {"id": "daily", "trigger": "cron", "crontab": "H */3 * * *", "timezone": "Asia/Shanghai", "jitter": 60}
    expected = simulate(job=change).after

    change_job("daily", change)

    assert simulate().after == expected


def test_new_job_is_read_as_a_post() -> None:
    change = change_of(job=NEW)

    assert (change.is_new, counts(change)["added"]) == (True, 7)
    assert not Job.objects.exists()


def test_job_that_replaces_another_has_none_of_it() -> None:
    make_job("new", **DAILY, max_runs=1)

    assert counts(change_of(job={**NEW, "replace_existing": True})) == {"added": 6, "removed": 0, "moved": 0, "kept": 1}


def test_change_of_a_paused_jobs_trigger_lets_it_run() -> None:
    make_job("job")
    pause_job("job")

    change = change_of(job={"id": "job", **DAILY})

    assert (change.is_new, counts(change)["added"]) == (False, 7)


def test_several_jobs_and_deletions_go_together() -> None:
    make_job("old", **DAILY)

    found = simulate(jobs=[NEW, {**NEW, "id": "other"}], delete=["old"])

    assert [(change.job_id, change.is_new, change.is_deleted) for change in found.changes] == [
        ("new", True, False),
        ("old", False, True),
        ("other", True, False),
    ]


def test_next_run_that_somebody_has_set_counts() -> None:
    make_job("daily", **DAILY)
    Schedule.objects.update(next_run_time=NOW + timedelta(days=5))

    assert simulate().after.starts == 3


def test_calendars_and_windows_count() -> None:
    create_calendar({"name": "work", "days": [{"day": "2026-06-04", "working": False}]})
    create_window({"name": "friday", "trigger": "date", "run_date": "2026-06-05T00:00Z", "duration_seconds": 86400})
    make_job("daily", **DAILY, calendar="work")

    assert simulate().after.starts == 3


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 63}, "days"),
        ({"days": "7"}, "days"),
        ({"cap": True}, "cap"),
        ({"cap": 0}, "cap"),
        ({"timezone": "Mars"}, "timezone"),
        ({"start": "soon"}, "start"),
        ({"bogus": 1}, "bogus"),
        ({"job": 5}, "body"),
        ({"job": {**NEW, "hour": 99}}, "hour"),
        ({"job": {"id": "nowhere"}}, "func"),
        ({"job": {"id": "a\0b"}}, "id"),
        ({"jobs": {}}, "jobs"),
        ({"jobs": [NEW] * 201}, "jobs"),
        ({"jobs": [NEW, {**NEW, "hour": 99}]}, "jobs[1].hour"),
        ({"delete": "new"}, "delete"),
        ({"delete": ["nowhere"]}, "delete"),
        ({"delete": ["a\0b"]}, "delete"),
        ({"job": {"id": "stored", "bogus": 1}}, "bogus"),
        ({"job": {"id": "stored", "jobstore": "other"}}, "jobstore"),
    ],
)
def test_what_is_wrong_is_named(data: dict[str, Any], field: str) -> None:
    make_job("stored")

    with pytest.raises(InvalidInput) as caught:
        simulate(**data)

    assert field in caught.value.errors


def test_too_many_occurrences_are_refused() -> None:
    make_job("often", trigger="interval", microseconds=1)

    with pytest.raises(InvalidInput) as caught:
        simulate()

    assert list(caught.value.errors) == ["days"]


def test_number_of_statements_does_not_grow_with_the_jobs() -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            simulate(job={"id": "job-0", "hour": 5, "trigger": "cron"})
        return len(captured)

    make_job("job-0", **DAILY)
    few = statements()
    for number in range(1, 30):
        create_job({"id": f"job-{number}", "func": "jobs:nothing", **DAILY})

    assert statements() == few


def test_durations_are_those_of_the_latest_runs() -> None:
    make_job("job")
    make_job("other")
    record("job", *range(1, 11), *[1_000] * LATEST_RUNS)
    record("other", 2, 4)

    found = durations_of(["job", "other", "nowhere"])

    assert found["other"] == Durations(median=3.0, high=4.0)
    assert (found["job"].median, sorted(found)) == (1_000.0, ["job", "other"])
    assert durations_of([]) == {}


def test_durations_of_many_jobs_are_read() -> None:
    for number in range(230):
        record(f"job-{number}", number + 1)

    found = durations_of(f"job-{number}" for number in range(230))

    assert [found[f"job-{number}"].median for number in range(230)] == [number + 1 for number in range(230)]


def test_long_runs_are_found_to_overlap() -> None:
    make_job("hourly")
    record("hourly", 4_000)

    (finding,) = simulate().findings

    assert (finding.code, finding.details["runs"]) == ("overlap", 7 * 24 - 1)


def test_spread_can_be_sent_as_it_is_and_helps() -> None:
    for number in range(30):
        make_job(f"job-{number}", **DAILY, timezone="Asia/Shanghai")
    (finding,) = simulate(cap=10).findings
    assert finding.spread is not None

    for job_id, fields in finding.spread.changes.items():
        change_job(job_id, fields)

    after = simulate(cap=10)
    assert after.after.peak.count == finding.spread.peak < 10
    assert list(after.findings) == []


def test_simulation_may_begin_later() -> None:
    make_job("daily", **DAILY)
    found = simulate(start="2026-07-01T00:00", timezone="Asia/Shanghai", days=2)

    assert found.question.start == datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert found.after.starts == 2


def test_form_may_call_the_service() -> None:
    question = read_question({}, now=NOW)

    assert simulate_planned(read_planned({"job": NEW}, now=NOW), question).jobs == 1
