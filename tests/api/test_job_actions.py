"""POST /scheduler/jobs/<id>/pause, /resume and /run."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.models import Execution, Job, Origin, Schedule, Status
from scheduler.services.jobs import create_job
from tests.api.replay import Both

JOBS = "/scheduler/jobs"
JOB = f"{JOBS}/x"
SCHEDULES: list[dict[str, Any]] = [
    {"trigger": "interval", "minutes": 7},
    {"trigger": "interval", "minutes": 7, "timezone": "Asia/Shanghai"},
    {"trigger": "interval", "minutes": 7, "end_date": "2030-11-22T08:10:00"},
    {"trigger": "cron", "hour": 3},
    {"trigger": "cron", "year": 2001},
    {"trigger": "date", "run_date": "2031-05-06T07:08:09+08:00"},
    {"trigger": "date", "run_date": "2030-11-22T08:00:00"},
]
BODIES = [None, "{", "[1]", '"x"', '{"wait": false}', b"\xff"]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_job_is_paused_and_resumed_like_in_the_original(both: Both, clock: Traveller, schedule: dict[str, Any]) -> None:
    both.post(JOBS, {"id": "x", "func": "jobs:nothing", **schedule})
    for action in ("pause", "pause", "resume", "resume", "pause"):
        both.post(f"{JOB}/{action}")
        both.get(JOBS)
    clock.shift(timedelta(hours=1))
    if schedule["trigger"] != "date":
        both.post(f"{JOB}/resume")
        both.get(JOBS)


def test_resumed_job_starts_afresh_from_its_trigger(both: Both) -> None:
    both.post(JOBS, {"id": "x", "func": "jobs:nothing", "trigger": "interval", "minutes": 7})
    both.patch(JOB, {"next_run_time": "2031-05-06 07:08:09"})

    both.post(f"{JOB}/resume")


def test_resumed_job_without_an_occurrence_left_is_gone(both: Both) -> None:
    both.post(JOBS, {"id": "x", "func": "jobs:nothing", "trigger": "cron", "year": 2001})

    assert both.post(f"{JOB}/resume").content == b"null"

    both.get(JOB)
    both.post(JOBS, {"id": "x", "func": "jobs:nothing", "trigger": "interval", "minutes": 7})


@pytest.mark.parametrize("action", ["pause", "resume", "run"])
@pytest.mark.parametrize("body", BODIES)
def test_body_of_an_action_is_ignored(both: Both, action: str, body: Any) -> None:
    both.post(JOBS, {"id": "x", "func": "jobs:nothing", "trigger": "interval", "minutes": 7})

    both.post(f"{JOB}/{action}", body)
    both.get(JOBS)


@pytest.mark.parametrize("action", ["pause", "resume", "run"])
@pytest.mark.parametrize("job_id", ["unknown", "X", "x%20", "%F0%9F%98%80"])
def test_action_on_an_unknown_job_is_not_found(both: Both, action: str, job_id: str) -> None:
    both.post(JOBS, {"id": "x", "func": "jobs:nothing", "trigger": "interval", "minutes": 7})

    both.post(f"{JOBS}/{job_id}/{action}")


@pytest.mark.parametrize("schedule", [*SCHEDULES, {"trigger": "interval", "minutes": 7, "next_run_time": None}])
def test_run_changes_nothing_of_the_job(both: Both, schedule: dict[str, Any]) -> None:
    both.post(JOBS, {"id": "x", "func": "jobs:nothing", **schedule})

    both.post(f"{JOB}/run")
    both.get(JOBS)


def test_run_answers_at_once_and_queues_an_execution(api: APIClient) -> None:
    create_job({"id": "x", "func": "jobs:fail", "trigger": "interval", "hours": 1})

    answer = api.post(f"{JOB}/run")

    assert answer.status_code == 200
    assert Execution.objects.get().status == Status.QUEUED
    assert Execution.objects.get().origin == Origin.MANUAL


def test_run_says_where_its_execution_is(api: APIClient) -> None:
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    answer = api.post(f"{JOB}/run")

    assert api.get(answer.headers["Location"]).json()["id"] == str(Execution.objects.get().pk)


@pytest.mark.parametrize(
    ("body", "args", "kwargs"),
    [
        ({"args": [5]}, [5], None),
        ({"kwargs": {"second": 6}}, None, {"second": 6}),
        ({"args": [5], "kwargs": {"second": 6}}, [5], {"second": 6}),
        ({"args": [], "kwargs": {"first": 5}}, [], {"first": 5}),
        ({"args": None, "kwargs": None}, None, None),
        ({}, None, None),
    ],
)
def test_run_may_have_arguments_of_its_own(api: APIClient, body: dict[str, Any], args: Any, kwargs: Any) -> None:
    create_job({"id": "x", "func": "jobs:add", "args": [1], "trigger": "interval", "hours": 1})

    answer = api.post(f"{JOB}/run", body, format="json")

    assert (answer.status_code, answer.json()["args"]) == (200, [1])
    execution = Execution.objects.get()
    assert (execution.args, execution.kwargs) == (args, kwargs)


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("args", {"args": "ab"}),
        ("args", {"args": 5}),
        ("args", {"args": []}),
        ("args", {"args": [1, 2, 3]}),
        ("kwargs", {"kwargs": []}),
        ("kwargs", {"kwargs": {"third": 3}}),
    ],
)
def test_arguments_that_do_not_fit_are_refused(api: APIClient, field: str, body: dict[str, Any]) -> None:
    create_job({"id": "x", "func": "jobs:add", "args": [1], "trigger": "interval", "hours": 1})

    answer = api.post(f"{JOB}/run", body, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Execution.objects.exists()


def test_two_runs_are_two_executions(api: APIClient) -> None:
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    api.post(f"{JOB}/run")
    api.post(f"{JOB}/run")

    assert Execution.objects.count() == 2


def test_pause_and_resume_are_no_new_revision(api: APIClient) -> None:
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    api.post(f"{JOB}/pause")
    api.post(f"{JOB}/resume")

    assert Job.objects.get().revision == 1


def test_resuming_a_job_that_is_due_and_not_paused_leaves_it_due(api: APIClient, clock: Traveller) -> None:
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    clock.shift(timedelta(hours=1, minutes=1))

    api.post(f"{JOB}/resume")

    due = Schedule.objects.get().next_run_time
    assert due is not None
    assert due < datetime.now(UTC)
    assert not Execution.objects.exists()
