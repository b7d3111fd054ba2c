"""What is read can be written back: a PATCH with it changes nothing, a POST of it makes the same job again."""

import json
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.models import Job, Schedule

JOBS = "/scheduler/jobs"
JOB = f"{JOBS}/x"
CALL: dict[str, Any] = {
    "id": "x", "func": "jobs:job1", "args": [1.0, "é"], "name": "A name", "misfire_grace_time": None,
    "max_instances": 2, "coalesce": False, "overlap": "replace", "executor": "processes", "priority": -7, "timeout": 60,
    "max_runs": 5, "retries": 3, "retry_delay": 0, "retry_max_delay": 600, "retry_budget": 3600, "on_lost": "rerun",
    "retry_on": ["OSError", "requests.exceptions.Timeout"], "keep_days": 7, "keep_executions": 100,
    "maintenance": "once", "tags": ["billing", "night shift"],
}  # fmt: skip
KWARGS: dict[str, Any] = {"id": "x", "func": "jobs:job1", "kwargs": {"var_two": {"b": [True, None]}, "var_one": 1}}
SCHEDULES: list[dict[str, Any]] = [
    {"trigger": "date"},
    {"trigger": "date", "run_date": "2031-05-06T07:08:09.000001"},
    {"trigger": "date", "run_date": "2031-05-06T07:08:09+05:45"},
    {"trigger": "date", "run_date": "2031-05-06T07:08:09", "timezone": "Asia/Shanghai"},
    {"trigger": "date", "run_date": "2001-05-06"},
    {"trigger": "interval"},
    {"trigger": "interval", "seconds": 90},
    {"trigger": "interval", "seconds": 0.5},
    {"trigger": "interval", "seconds": 1800.5, "timezone": "America/New_York"},
    {"trigger": "interval", "seconds": 1e-6},
    {"trigger": "interval", "hours": 193, "start_date": "2029-01-01T00:00:00+05:30", "end_date": "2041-01-01"},
    {"trigger": "interval", "minutes": 5, "jitter": 30},
    {"trigger": "interval", "minutes": 5, "jitter": 2.5, "timezone": "Asia/Shanghai"},
    {"trigger": "interval", "days": 1, "end_date": "2001-01-01"},
    {"trigger": "cron"},
    {"trigger": "cron", "hour": 3, "minute": " 5 , 10 "},
    {"trigger": "cron", "day": "last sun", "month": "jan-mar", "timezone": "America/New_York"},
    {"trigger": "cron", "hour": 3, "jitter": 600},
    {"trigger": "cron", "year": 2001},
    {"trigger": "cron", "day_of_week": 0, "start_date": "2031-01-01", "end_date": "2041-01-01T00:00:00-08:00"},
    {"trigger": "calendarinterval", "months": 1, "start_date": "2031-01-31", "hour": 7},
    {"trigger": "calendarinterval", "days": 2, "timezone": "Asia/Shanghai", "jitter": 60},
]
NEXT_RUN_TIMES: list[dict[str, Any]] = [{}, {"next_run_time": None}, {"next_run_time": "2031-05-06T07:08:09.123456"}]


@pytest.fixture(params=[CALL, KWARGS], ids=["args", "kwargs"])
def call(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What is called, with which policies."""
    found: dict[str, Any] = request.param
    return found


def rows() -> tuple[Any, ...]:
    """Return all that the database knows of the job, but when it was touched."""
    job = Job.objects.values().get()
    return {name: value for name, value in job.items() if name != "updated_at"}, Schedule.objects.values().get()


@pytest.mark.parametrize("next_run_time", NEXT_RUN_TIMES, ids=["derived", "paused", "given"])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=json.dumps)
def test_patch_of_what_was_read_changes_nothing(
    api: APIClient, clock: Traveller, call: dict[str, Any], schedule: dict[str, Any], next_run_time: dict[str, Any]
) -> None:
    api.post(JOBS, {**call, **schedule, **next_run_time}, format="json")
    read, before = api.get(JOB).content, rows()
    clock.shift(timedelta(seconds=17))

    answer = api.generic("PATCH", JOB, read, "application/json")

    assert answer.status_code == 200
    assert answer.content == read
    assert rows() == before


@pytest.mark.parametrize("next_run_time", NEXT_RUN_TIMES, ids=["derived", "paused", "given"])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=json.dumps)
def test_post_of_what_was_read_makes_the_same_job_again(
    api: APIClient, clock: Traveller, call: dict[str, Any], schedule: dict[str, Any], next_run_time: dict[str, Any]
) -> None:
    api.post(JOBS, {**call, **schedule, **next_run_time}, format="json")
    read = api.get(JOB).content
    clock.shift(timedelta(seconds=17))
    assert api.delete(JOB).status_code == 204

    answer = api.generic("POST", JOBS, read, "application/json")

    assert answer.status_code == 200
    assert api.get(JOB).content == read


@pytest.mark.parametrize("schedule", SCHEDULES, ids=json.dumps)
def test_paused_and_resumed_job_can_be_written_back(api: APIClient, clock: Traveller, schedule: dict[str, Any]) -> None:
    api.post(JOBS, {**CALL, **schedule}, format="json")
    api.post(f"{JOB}/pause")
    paused = api.get(JOB).content

    assert api.generic("PATCH", JOB, paused, "application/json").content == paused
    assert Job.objects.get().paused


def test_list_can_be_posted_back_job_by_job(api: APIClient, clock: Traveller) -> None:
    for number, schedule in enumerate(SCHEDULES):
        api.post(JOBS, {**CALL, **schedule, "id": f"job {number:02}"}, format="json")
    read = api.get(JOBS).content
    Job.objects.all().delete()
    Schedule.objects.all().delete()

    for job in json.loads(read):
        assert api.post(JOBS, job, format="json").status_code == 200

    assert api.get(JOBS).content == read
