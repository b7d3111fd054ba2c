"""POST /scheduler/jobs/<id>/backfill."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.models import Execution, Job, Origin, Status
from scheduler.services.backfills import MOST_BACKFILLED
from scheduler.services.jobs import create_job
from tests.api.conftest import NOW

BACKFILL = "/scheduler/jobs/x/backfill"
DAY = {"start": "2030-11-20", "end": "2030-11-21"}


@pytest.fixture(autouse=True)
def job(db: None, clock: Traveller) -> Job:
    """A job that runs at three each night."""
    return create_job({"id": "x", "func": "jobs:add", "args": [1], "trigger": "cron", "hour": 3})


def moments() -> list[datetime]:
    """Return what is queued, the oldest first."""
    return list(Execution.objects.order_by("scheduled_for").values_list("scheduled_for", flat=True))


def test_each_occurrence_of_the_range_is_queued(api: APIClient) -> None:
    answer = api.post(BACKFILL, {"start": "2030-11-18", "end": "2030-11-20T03:00:00+00:00"}, format="json")

    assert answer.status_code == 200
    assert answer.json() == {
        "count": 3,
        "executions": [str(pk) for pk in Execution.objects.order_by("scheduled_for").values_list("pk", flat=True)],
    }
    assert moments() == [datetime(2030, 11, day, 3, tzinfo=UTC) for day in (18, 19, 20)]
    assert set(Execution.objects.values_list("status", "origin")) == {(Status.QUEUED, Origin.BACKFILL)}


def test_range_without_an_offset_is_in_the_zone_of_the_scheduler(api: APIClient, settings: Settings) -> None:
    settings.SCHEDULER_TIMEZONE = "Asia/Shanghai"

    api.post(BACKFILL, {"start": "2030-11-20T10:59:59", "end": "2030-11-20T11:00:00"}, format="json")

    assert moments() == [datetime(2030, 11, 20, 3, tzinfo=UTC)]


def test_what_ran_is_not_queued_again(api: APIClient) -> None:
    assert api.post(BACKFILL, DAY, format="json").json()["count"] == 1

    assert api.post(BACKFILL, DAY, format="json").json() == {"count": 0, "executions": []}


def test_runs_get_arguments_of_their_own(api: APIClient) -> None:
    api.post(BACKFILL, {**DAY, "args": [5], "kwargs": {"second": 6}}, format="json")

    execution = Execution.objects.get()
    assert (execution.args, execution.kwargs) == ([5], {"second": 6})
    assert Job.objects.get().args == [1]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["end", "start"]),
        ({"start": "2030-11-20"}, ["end"]),
        ({"end": "not a date"}, ["end", "start"]),
        ({**DAY, "start": None}, ["start"]),
        ({**DAY, "start": "not a date"}, ["start"]),
        ({**DAY, "start": "0001-01-01"}, ["start"]),
        ({**DAY, "end": 5}, ["end"]),
        ({**DAY, "end": "2030-11-19"}, ["end"]),
        ({**DAY, "end": "2030-11-23"}, ["end"]),
        ({**DAY, "args": "ab"}, ["args"]),
        ({**DAY, "args": [1, 2, 3]}, ["args"]),
        ({**DAY, "kwargs": {"third": 3}}, ["kwargs"]),
        ({**DAY, "bogus": 1}, ["bogus"]),
        ([], ["body"]),
        (None, ["body"]),
    ],
)
def test_nonsense_is_refused_by_name(api: APIClient, body: Any, fields: list[str]) -> None:
    answer = api.post(BACKFILL, body, format="json") if body is not None else api.generic("POST", BACKFILL, "null")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, fields)
    assert not Execution.objects.exists()


@pytest.mark.parametrize("body", ["", "{", b"\xff"])
def test_body_that_is_no_json_is_refused(api: APIClient, body: Any) -> None:
    assert api.generic("POST", BACKFILL, body, "application/json").status_code == 400


def test_range_that_holds_too_much_is_refused(api: APIClient) -> None:
    api.patch("/scheduler/jobs/x", {"trigger": "cron", "second": "*"}, format="json")

    answer = api.post(BACKFILL, {"start": "2030-11-20T00:00", "end": "2030-11-20T01:00"}, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["end"])
    assert str(MOST_BACKFILLED) in answer.json()["error_message"]
    assert not Execution.objects.exists()


def test_end_may_be_this_very_moment(api: APIClient) -> None:
    assert api.post(BACKFILL, {"start": "2030-11-22", "end": NOW.isoformat()}, format="json").json()["count"] == 1


def test_broken_trigger_is_an_error_that_says_so(api: APIClient) -> None:
    Job.objects.update(trigger={})

    answer = api.post(BACKFILL, DAY, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_unknown_job_is_not_found(api: APIClient) -> None:
    answer = api.post("/scheduler/jobs/X/backfill", DAY, format="json")

    assert (answer.status_code, answer.json()) == (404, {"error_message": "Job X not found"})
