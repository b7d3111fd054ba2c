"""GET /scheduler/jobs/<id>/why."""

from urllib.parse import quote

import pytest
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.models import Execution, Status
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job, delete_job

JOBS = "/scheduler/jobs"
DAILY = {"func": "jobs:nothing", "trigger": "cron", "hour": 9, "timezone": "Asia/Shanghai"}
ENDED = {"revision": 1, "status": Status.FAILED, "reason": "No.", "created_at": "2030-11-25T01:00:00Z"}


@pytest.fixture(autouse=True)
def job(api: APIClient, clock: Traveller) -> None:
    """A job that runs at nine every morning."""
    create_job({"id": "job", **DAILY})


def test_answer_has_a_verdict_sentences_and_executions(api: APIClient) -> None:
    execution = Execution.objects.create(job_id="job", scheduled_for="2030-11-25T01:00:00Z", **ENDED)

    answer = api.get(f"{JOBS}/job/why?at=2030-11-25T09:00").json()

    assert (answer["job_id"], answer["verdict"], answer["marks"]) == ("job", "failed", [])
    assert answer["sentence"] == "It ran, and failed: No."
    assert (answer["at"], answer["until"]) == ("2030-11-25T09:00:00+08:00", "2030-11-25T09:00:59.999999+08:00")
    assert (answer["before"], answer["after"]) == ("2030-11-24T09:00:00+08:00", "2030-11-26T09:00:00+08:00")
    assert [each["id"] for each in answer["executions"]] == [str(execution.pk)]


@pytest.mark.parametrize("at", ["2030-11-25T01:00Z", "2030-11-25T09:00%2B08:00", "2030-11-25T09:00+08:00"])
def test_offset_may_be_sent_with_its_plus_sign_as_it_is(api: APIClient, at: str) -> None:
    assert api.get(f"{JOBS}/job/why?at={at}").json()["verdict"] == "to_come"


@pytest.mark.parametrize("query", ["", "?at=", "?at=soon", "?at=2030-11-25", "?at=%00", "?when=2030-11-25T09:00"])
def test_what_is_no_instant_is_an_error_of_at(api: APIClient, query: str) -> None:
    answer = api.get(f"{JOBS}/job/why{query}")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["at"]


def test_job_that_is_gone_is_explained(api: APIClient) -> None:
    delete_job("job")

    assert api.get(f"{JOBS}/job/why?at=2030-11-25T09:00").json()["verdict"] == "deleted"


@pytest.mark.parametrize("job_id", ["nowhere", "JOB", "a\0b"])
def test_job_of_which_nothing_is_known_is_a_404(api: APIClient, job_id: str) -> None:
    assert api.get(f"{JOBS}/{quote(job_id)}/why?at=2030-11-25T09:00").status_code == 404


def test_day_off_of_the_jobs_calendar_is_named(api: APIClient) -> None:
    create_calendar({"name": "ours", "days": [{"day": "2030-11-26", "working": False, "name": "Outing"}]})
    create_job({"id": "office", **DAILY, "calendar": "ours"})

    answer = api.get(f"{JOBS}/office/why?at=2030-11-26T09:00").json()

    assert [mark["code"] for mark in answer["marks"]] == ["calendar"]
    assert "Outing" in str(answer["marks"])
    assert answer["after"] == "2030-11-27T09:00:00+08:00"
