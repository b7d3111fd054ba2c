"""GET /scheduler, and POST to its pause, resume, start and shutdown."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from scheduler.models import Node
from scheduler.services.nodes import register_node
from tests.api.replay import Both

ACTIONS = ["pause", "resume", "start", "shutdown"]


def test_info_is_answered_like_the_original(both: Both) -> None:
    both.get("/scheduler")


@pytest.mark.parametrize("first", ACTIONS)
@pytest.mark.parametrize("second", ACTIONS)
@pytest.mark.parametrize("third", ACTIONS)
def test_actions_follow_each_other_like_in_the_original(both: Both, first: str, second: str, third: str) -> None:
    for action in (first, second, third):
        both.post(f"/scheduler/{action}")
        both.get("/scheduler")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("stopped", [False, True])
@pytest.mark.parametrize(
    "body", ["", "{", "null", "[]", "0", '""', "false", "{}", '{"wait": false}', '{"wait": "false"}', '{"x": 1}']
)
def test_body_of_an_action_says_nothing(both: Both, action: str, body: str, stopped: bool) -> None:
    if stopped:
        both.post("/scheduler/shutdown")

    both.post(f"/scheduler/{action}", body)
    both.get("/scheduler")


@pytest.mark.parametrize("body", ["[1]", '"x"', "5", "true"])
def test_body_of_shutdown_must_not_be_anything_but_an_object(both: Both, body: str) -> None:
    both.post("/scheduler/shutdown", body)
    both.get("/scheduler")


@pytest.mark.parametrize(
    ("action", "stopped", "message"),
    [
        ("start", False, "Scheduler is already running"),
        ("shutdown", True, "Scheduler is not running"),
        ("pause", True, "Scheduler is not running"),
        ("resume", True, "Scheduler is not running"),
    ],
)
def test_action_that_does_not_fit_is_refused(api: APIClient, action: str, stopped: bool, message: str) -> None:
    if stopped:
        api.post("/scheduler/shutdown")

    answer = api.post(f"/scheduler/{action}")

    assert answer.status_code == 400
    assert answer.json() == {"error_message": message}


@pytest.mark.parametrize(
    ("actions", "state", "running"),
    [
        ([], "running", True),
        (["pause"], "paused", True),
        (["pause", "resume"], "running", True),
        (["shutdown"], "stopped", False),
        (["pause", "shutdown", "start"], "running", True),
    ],
)
def test_state_tells_paused_from_running(api: APIClient, actions: list[str], state: str, running: bool) -> None:
    for action in actions:
        api.post(f"/scheduler/{action}")

    info = api.get("/scheduler").json()

    assert (info["state"], info["running"]) == (state, running)


def test_nodes_are_counted_while_they_are_alive(api: APIClient) -> None:
    before = api.get("/scheduler").json()["nodes"]
    register_node(name="one", pid=1, threads=1, now=datetime.now(UTC))
    silent = register_node(name="silent", pid=2, threads=1, now=datetime.now(UTC))
    Node.objects.filter(pk=silent.pk).update(heartbeat_at=datetime(2001, 1, 1, tzinfo=UTC))

    assert api.get("/scheduler").json()["nodes"] == before + 1


def test_allowed_hosts_are_shown_as_they_are_set(api: APIClient, settings: Settings) -> None:
    settings.SCHEDULER_ALLOWED_HOSTS = ["one", "two"]

    assert api.get("/scheduler").json()["allowed_hosts"] == ["one", "two"]


def test_jobs_are_kept_and_written_while_paused_like_in_the_original(both: Both) -> None:
    both.post("/scheduler/pause")

    write_and_read(both)


def write_and_read(both: Both) -> None:
    """Do everything that can be done to a job."""
    body: dict[str, Any] = {"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1}
    both.post("/scheduler/jobs", body)
    both.post("/scheduler/jobs", body)
    both.patch("/scheduler/jobs/x", {"name": "after"})
    for action in ("pause", "resume", "run"):
        both.post(f"/scheduler/jobs/x/{action}")
    both.get("/scheduler/jobs")
    both.delete("/scheduler/jobs/x")


def test_jobs_are_written_with_all_their_fields_while_stopped(api: APIClient) -> None:
    api.post("/scheduler/shutdown")
    body = {"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1}

    created = api.post("/scheduler/jobs", body, format="json").json()

    assert {"next_run_time", "max_instances", "misfire_grace_time"} <= created.keys()
    assert api.post("/scheduler/jobs", body, format="json").status_code == 409
    assert json.loads(api.get("/scheduler/jobs").content) == [created]
