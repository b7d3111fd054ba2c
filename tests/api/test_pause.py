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


def test_pause_without_a_body_is_for_good(api: APIClient) -> None:
    api.post(PAUSE, {"until": UNTIL.isoformat()}, format="json")

    assert api.post(PAUSE).status_code == 200

    assert Job.objects.get().paused_until is None
