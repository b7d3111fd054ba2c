"""GET /scheduler/jobs/<id>/revisions, and the way back."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.models import HistoricalJob, Job
from scheduler.services.jobs import create_job, delete_job

JOBS = "/scheduler/jobs"
DAILY = {"func": "jobs:nothing", "trigger": "cron", "hour": 9, "timezone": "Asia/Shanghai"}


@pytest.fixture(autouse=True)
def job(api: APIClient, clock: Traveller) -> None:
    """A job in its second revision."""
    create_job({"id": "job", **DAILY})
    assert api.patch(f"{JOBS}/job", {"name": "after"}, format="json").status_code == 200


def listed(api: APIClient, query: str = "") -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = api.get(f"{JOBS}/job/revisions{query}").json()["results"]
    return results


def test_answer_says_who_changed_what(api: APIClient) -> None:
    newest, oldest = listed(api)

    assert newest == {
        "revision": 2,
        "is_current": True,
        "at": "2030-11-22T07:57:28.669561+00:00",
        "actor": "admin",
        "source": "rest",
        "action": "changed",
        "restored_from": None,
        "changes": {"name": {"before": "job", "after": "after", "sentence": "name: job → after"}},
    }
    assert (oldest["revision"], oldest["action"], oldest["changes"]) == (1, "created", None)


def test_page_leads_to_the_next(api: APIClient) -> None:
    first = api.get(f"{JOBS}/job/revisions?limit=1").json()
    second = api.get(first["next"]).json()

    assert [each["revision"] for each in (*first["results"], *second["results"])] == [2, 1]
    assert second["next"] is None


def test_number_of_queries_stays(api: APIClient, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    # The token's user, the job, its revisions.
    with django_assert_num_queries(3):
        listed(api)


def test_secrets_are_hidden(api: APIClient) -> None:
    create_job({"id": "other", **DAILY, "func": "jobs:job1", "args": [1, {"token": "hush"}]})
    api.patch(f"{JOBS}/other", {"args": [1, {"token": "quiet"}]}, format="json")

    text = api.get(f"{JOBS}/other/revisions").content.decode()

    assert "hush" not in text
    assert "quiet" not in text


def test_job_that_is_gone_has_its_revisions(api: APIClient) -> None:
    delete_job("job")

    assert [(each["revision"], each["is_current"]) for each in listed(api)] == [(2, False), (1, False)]


@pytest.mark.parametrize("job_id", ["never", "a%00b"])
def test_job_that_never_was_is_not_found(api: APIClient, job_id: str) -> None:
    assert api.get(f"{JOBS}/{job_id}/revisions").status_code == 404
    assert api.post(f"{JOBS}/{job_id}/revisions/1/restore").status_code == 404


@pytest.mark.parametrize("query", ["?limit=0", "?before=x"])
def test_page_that_is_none_is_refused(api: APIClient, query: str) -> None:
    assert api.get(f"{JOBS}/job/revisions{query}").status_code == 400


def test_way_back_answers_the_job(api: APIClient) -> None:
    answer = api.post(f"{JOBS}/job/revisions/1/restore")

    assert (answer.status_code, answer.json()["name"]) == (200, "job")
    newest = listed(api)[0]
    assert (newest["revision"], newest["action"], newest["restored_from"]) == (3, "restored", 1)


@pytest.mark.parametrize("number", ["0", "9", "99999999999999999999"])
def test_revision_that_never_was_is_not_found(api: APIClient, number: str) -> None:
    answer = api.post(f"{JOBS}/job/revisions/{number}/restore")

    assert answer.status_code == 404
    assert answer.json() == {"error_message": f"Job job has no revision {number} on record."}


def test_revision_that_cannot_be_run_any_more_is_refused(api: APIClient) -> None:
    HistoricalJob.objects.filter(revision=1).update(func="jobs:gone")

    answer = api.post(f"{JOBS}/job/revisions/1/restore")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["func"])
    assert Job.objects.get().revision == 2
