"""POST /scheduler/jobs/<id>/pause with a reason and an end, which clients of the original never send."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.models import Job
from scheduler.services.jobs import create_job
from tests.api.conftest import NOW

PAUSE = "/scheduler/jobs/x/pause"
UNTIL = datetime(2030, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def job(clock: Traveller, db: None) -> Job:
    return create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "minutes": 7})


def test_reason_and_end_are_kept(api: APIClient) -> None:
    answer = api.post(PAUSE, {"reason": "the disk is full", "until": UNTIL.isoformat()}, format="json")

    assert (answer.status_code, answer.json()["next_run_time"]) == (200, None)
    job = Job.objects.get()
    assert (job.paused, job.paused_until, job.pause_reason) == (True, UNTIL, "the disk is full")


def test_end_without_an_offset_is_meant_in_the_schedulers_zone(api: APIClient, settings: Settings) -> None:
    settings.SCHEDULER_TIMEZONE = "Asia/Shanghai"

    api.post(PAUSE, {"until": "2030-11-23T15:00:00"}, format="json")

    assert Job.objects.get().paused_until == UNTIL


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"until": "soon"}, "until"),
        ({"until": (NOW - timedelta(hours=1)).isoformat()}, "until"),
        ({"reason": ["x"]}, "reason"),
    ],
)
def test_pause_that_means_nothing_names_the_field(api: APIClient, body: dict[str, Any], field: str) -> None:
    answer = api.post(PAUSE, body, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Job.objects.get().paused is False


def test_answer_says_until_when_and_why(api: APIClient) -> None:
    plain = api.get("/scheduler/jobs/x").json()
    assert (plain["paused_until"], plain["pause_reason"]) == (None, "")

    reason = "the disk | is full, 磁盘已满"
    answer = api.post(PAUSE, {"reason": reason, "until": "2030-11-23T15:00:00.000007+08:00"}, format="json")

    shown = answer.json()
    assert (shown["paused_until"], shown["pause_reason"]) == ("2030-11-23T07:00:00.000007+00:00", reason)
    assert api.get("/scheduler/jobs").json() == [shown]
    assert api.get("/scheduler/jobs/x").json() == shown


def test_end_is_shown_in_the_jobs_zone(api: APIClient) -> None:
    api.patch("/scheduler/jobs/x", {"trigger": "interval", "hours": 1, "timezone": "Asia/Shanghai"}, format="json")

    answer = api.post(PAUSE, {"until": UNTIL.isoformat()}, format="json")

    assert answer.json()["paused_until"] == "2030-11-23T15:00:00+08:00"


@pytest.mark.parametrize("pause", [None, {"reason": "the disk is full", "until": UNTIL.isoformat()}])
def test_answer_that_is_sent_back_changes_nothing(api: APIClient, pause: dict[str, Any] | None) -> None:
    if pause:
        api.post(PAUSE, pause, format="json")
    shown = api.get("/scheduler/jobs/x").json()

    answer = api.patch("/scheduler/jobs/x", shown, format="json")

    assert (answer.status_code, answer.json()) == (200, shown)


def test_answer_makes_the_same_job_when_it_is_gone(api: APIClient) -> None:
    api.post(PAUSE, {"reason": "the disk is full", "until": UNTIL.isoformat()}, format="json")
    shown = api.get("/scheduler/jobs/x").json()
    api.delete("/scheduler/jobs/x")

    answer = api.post("/scheduler/jobs", shown, format="json")

    assert (answer.status_code, answer.json()) == (200, shown)
    assert Job.objects.get().paused_until == UNTIL


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"paused_until": UNTIL.isoformat()}, "paused_until"),
        ({"paused_until": 7}, "paused_until"),
        ({"pause_reason": "because"}, "pause_reason"),
    ],
)
def test_change_cannot_give_a_pause_its_end_or_reason(api: APIClient, body: dict[str, Any], field: str) -> None:
    api.post(PAUSE, {"reason": "the disk is full", "until": "2030-11-24"}, format="json")

    answer = api.patch("/scheduler/jobs/x", body, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Job.objects.get().paused_until == datetime(2030, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"next_run_time": None, "paused_until": 7}, "paused_until"),
        ({"next_run_time": None, "paused_until": "1999-01-01"}, "paused_until"),
        ({"next_run_time": None, "pause_reason": 7}, "pause_reason"),
        ({"paused_until": UNTIL.isoformat()}, "paused_until"),
        ({"next_run_time": "2030-01-01T00:00:00", "pause_reason": "because"}, "pause_reason"),
    ],
)
def test_new_job_names_what_is_wrong_with_its_pause(api: APIClient, body: dict[str, Any], field: str) -> None:
    new = {"id": "new", "func": "jobs:nothing", "trigger": "interval", "hours": 1}

    answer = api.post("/scheduler/jobs", {**new, **body}, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_pause_without_a_body_is_for_good(api: APIClient) -> None:
    api.post(PAUSE, {"until": UNTIL.isoformat()}, format="json")

    assert api.post(PAUSE).status_code == 200

    assert Job.objects.get().paused_until is None
