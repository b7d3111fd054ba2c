"""Schedules follow their jobs, by whichever path those are written."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from time_machine import Traveller

from scheduler.models import Execution, Job, Schedule, Status
from scheduler.services.jobs import pause_job, resume_job
from scheduler.services.schedules import quarantine_job, restore_missing_schedules, sync_stale_schedules
from tests.services.rows import HOURLY, LATER, NEXT_HOURLY, NOW, executions_of, make_job, next_run_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

AT_18 = {"trigger": "cron", "hour": "18"}


def sync(now: datetime = NOW) -> int:
    return sync_stale_schedules(now=now, limit=100)


def bare_job(job_id: str = "job", **fields: Any) -> Job:
    """Return a job that nobody has saved yet, as a script would make it."""
    defaults = {"name": job_id, "func": "jobs:nothing", "trigger": AT_18, "timezone": "UTC"}
    return Job(id=job_id, **{**defaults, **fields})


def update_by_hand(column: str, value: str | bool) -> None:
    """Write a column as an administrator of the database would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE scheduler_job SET {column} = %s", [value])


def test_fresh_job_is_not_stale() -> None:
    make_job()

    assert sync() == 0


@pytest.mark.parametrize(
    ("change", "next_run_time"),
    [
        ({"trigger": AT_18}, LATER),
        ({"paused": True}, None),
        ({"timezone": "Asia/Shanghai", "trigger": AT_18}, LATER + timedelta(hours=16)),
    ],
)
def test_update_of_a_queryset_is_noticed(change: dict[str, Any], next_run_time: datetime | None) -> None:
    make_job()

    Job.objects.update(**change)

    assert sync() == 1
    assert next_run_of() == next_run_time
    assert sync() == 0


@pytest.mark.parametrize(
    ("column", "value", "next_run_time"),
    [
        ("trigger", json.dumps(AT_18), LATER),
        ("paused", True, None),
        ("timezone", "Asia/Kolkata", NEXT_HOURLY),
    ],
)
def test_update_by_sql_is_noticed(column: str, value: str | bool, next_run_time: datetime | None) -> None:
    make_job()

    update_by_hand(connection.ops.quote_name(column), value)

    assert sync() == 1
    assert next_run_of() == next_run_time


def test_saved_model_is_noticed() -> None:
    job = make_job()
    job.trigger = AT_18

    job.save()

    assert sync() == 1
    assert next_run_of() == LATER


@pytest.mark.parametrize(
    "insert",
    [lambda: bare_job().save(), lambda: Job.objects.bulk_create([bare_job()])],
)
def test_job_inserted_past_the_services_is_scheduled(insert: Callable[[], Any]) -> None:
    insert()

    assert sync() == 1
    assert next_run_of() == LATER
    assert bytes(Schedule.objects.get().job_state) == b""


@pytest.mark.parametrize(
    "change",
    [
        {"name": "other"},
        {"args": [1]},
        {"kwargs": {"a": 1}},
        {"func": "jobs:add"},
        {"coalesce": False},
        {"max_instances": 7},
        {"misfire_grace_time": None},
        {"executor": "other"},
        {"problem": "broken"},
        {"finished_at": NOW},
    ],
)
def test_other_columns_do_not_make_a_schedule_stale(change: dict[str, Any]) -> None:
    make_job()

    Job.objects.update(**change)

    assert sync() == 0


def test_pause_by_update_leaves_a_row_for_what_was_due() -> None:
    make_job()
    Job.objects.update(paused=True)

    sync(LATER)

    execution = Execution.objects.get()
    assert (execution.status, execution.occurrences) == (Status.SKIPPED, 6)
    assert execution.first_scheduled_for == NEXT_HOURLY


def test_change_of_the_trigger_by_update_folds_what_was_due_by_the_old_one() -> None:
    make_job()
    Job.objects.update(trigger={"trigger": "cron", "minute": "45"})

    sync(LATER)

    assert executions_of() == [(Status.SKIPPED, NEXT_HOURLY + timedelta(hours=5))]
    assert next_run_of() == LATER + timedelta(minutes=45)


def test_finished_job_lives_again_when_its_trigger_has_a_future() -> None:
    make_job()
    Job.objects.update(finished_at=NOW, trigger=AT_18)
    Schedule.objects.update(next_run_time=None)

    sync()

    assert Job.objects.get().finished_at is None
    assert next_run_of() == LATER


def test_finished_job_stays_finished_when_its_trigger_has_none() -> None:
    make_job()
    Job.objects.update(finished_at=NOW, trigger={"trigger": "date", "run_date": "2026-01-01T00:00:00+00:00"})
    Schedule.objects.update(next_run_time=None)

    sync()

    assert Job.objects.get().finished_at == NOW
    assert next_run_of() is None


@pytest.mark.parametrize(
    "garbage",
    [
        {"trigger": {"trigger": "nosuch"}},
        {"trigger": {}},
        {"trigger": []},
        {"trigger": "text"},
        {"trigger": 5},
        {"trigger": {"trigger": ["date"]}},
        {"trigger": {"trigger": "interval"}},
        {"trigger": {"trigger": "interval", "seconds": 1, "start_date": "x"}},
        {"trigger": {"trigger": "interval", "seconds": -1, "start_date": "2026-01-01T00:00:00+00:00"}},
        {"trigger": {"trigger": "interval", "start_date": "2026-01-01T00:00:00+00:00"}},
        {"trigger": {"trigger": "interval", "seconds": 1, "start_date": "2026-01-01T00:00:00"}},
        {"trigger": {"trigger": "date", "run_date": "2026-06-01T00:00:00"}},
        {"trigger": {"trigger": "date", "run_date": "9999-12-31T23:59:59-05:00"}},
        {"trigger": {"trigger": "cron", "hour": "99"}},
        {"trigger": {"trigger": "cron", "hour": 3}},
        {"trigger": {"trigger": "cron", "month": "2", "day": "31"}},
        {"trigger": {"trigger": "cron", "hour": "3", "jitter": "x"}},
        {"trigger": {"trigger": "calendarinterval", "start_date": "2026-01-01"}},
        {"trigger": {"trigger": "calendarinterval", "days": "x", "start_date": "2026-01-01"}},
        {"timezone": "Mars/Olympus"},
        {"timezone": ""},
    ],
)
def test_garbage_is_quarantined_and_holds_up_no_other_job(garbage: dict[str, Any]) -> None:
    make_job("a", trigger="cron", hour=6)
    make_job("b")
    Job.objects.filter(pk="a").update(**garbage)
    Job.objects.filter(pk="b").update(trigger=AT_18)

    sync()

    assert sync() == 0
    assert next_run_of("b") == LATER
    assert Job.objects.get(pk="a").problem
    assert next_run_of("a") is None


def test_job_that_somebody_moved_since_its_claim_failed_is_not_quarantined() -> None:
    make_job()

    quarantine_job("job", problem="It cannot be claimed.", now=NOW)

    assert next_run_of() == NEXT_HOURLY
    assert Job.objects.get().problem == ""
    assert executions_of() == []


def test_job_with_garbage_is_healed_by_the_next_good_write() -> None:
    make_job()
    Job.objects.update(trigger={"trigger": "nosuch"})
    sync()

    Job.objects.update(trigger=AT_18, problem="")
    sync()

    assert next_run_of() == LATER


def test_no_more_than_the_limit_are_derived_at_once() -> None:
    Job.objects.bulk_create(bare_job(f"job{number}") for number in range(5))

    assert [sync_stale_schedules(now=NOW, limit=2) for _turn in range(4)] == [2, 2, 1, 0]


def test_truncated_schedules_are_restored() -> None:
    for job_id in ("a", "A", "paused", "done"):
        make_job(job_id)
    pause_job("paused")
    Job.objects.filter(pk="done").update(finished_at=NOW)
    Schedule.objects.all().delete()

    assert restore_missing_schedules(now=NOW) == 3

    assert {job_id: next_run_of(job_id) for job_id in ("a", "A", "paused")} == {
        "a": NEXT_HOURLY,
        "A": NEXT_HOURLY,
        "paused": None,
    }
    assert not Schedule.objects.filter(pk="done").exists()
    assert restore_missing_schedules(now=NOW) == 0


def test_restoring_touches_no_schedule_that_is_there() -> None:
    make_job(next_run_time="2026-06-01T18:00:00")

    assert restore_missing_schedules(now=NOW) == 0
    assert next_run_of() == LATER


def test_state_of_schedules_stays_empty(clock: Traveller) -> None:
    make_job()
    pause_job("job")
    clock.move_to(LATER)
    resume_job("job")
    Job.objects.update(trigger=HOURLY)
    sync()

    assert bytes(Schedule.objects.get().job_state) == b""
