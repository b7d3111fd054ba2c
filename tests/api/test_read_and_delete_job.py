"""GET and DELETE /scheduler/jobs/<id>."""

from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from scheduler.models import Execution, Job, Origin, Schedule, Status
from scheduler.services.jobs import create_job
from scheduler.services.runs import run_job
from tests.api.replay import Both

JOBS = "/scheduler/jobs"
IDS = ["x", "a.b", "a b", "é", "康乃馨", "a:b@c+d,e", "100%", "%2F", "a?b#c", "...", "UPPER", "x.json", "jobs", "pause"]


@pytest.mark.parametrize("job_id", IDS)
def test_job_is_read_and_deleted_under_its_percent_encoded_id(both: Both, job_id: str) -> None:
    path = f"{JOBS}/{quote(job_id, safe='')}"
    both.post(JOBS, {"id": job_id, "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    assert both.get(path).status_code == 200
    assert both.delete(path).status_code == 204
    assert both.get(path).status_code == 404
    assert both.delete(path).status_code == 404


@pytest.mark.parametrize("path", ["x", "%78", "X", "x%20", "%20x", "x.", "y", "x%00", "%F0%9F%98%80", "x%2Fy"])
def test_other_ids_are_looked_up_like_in_the_original(both: Both, path: str) -> None:
    both.post(JOBS, {"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    both.get(f"{JOBS}/{path}")
    both.send("PATCH", f"{JOBS}/{path}", {})
    both.send("DELETE", f"{JOBS}/{path}")


def test_bodies_of_reading_and_deleting_are_ignored(both: Both) -> None:
    both.post(JOBS, {"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    both.send("GET", f"{JOBS}/x", "{")
    both.send("DELETE", f"{JOBS}/x", "{")


def test_finished_job_is_not_there(api: APIClient) -> None:
    create_job({"id": "x", "func": "jobs:nothing"})
    Job.objects.update(finished_at="2030-01-01T00:00:00Z")

    for answer in (
        api.get(f"{JOBS}/x"),
        api.patch(f"{JOBS}/x", {}, format="json"),
        api.post(f"{JOBS}/x/pause"),
        api.post(f"{JOBS}/x/resume"),
        api.post(f"{JOBS}/x/run"),
        api.delete(f"{JOBS}/x"),
    ):
        assert answer.status_code == 404
        assert answer.json() == {"error_message": "Job x not found"}


def test_id_of_a_finished_job_can_be_posted_again(api: APIClient) -> None:
    create_job({"id": "x", "func": "jobs:nothing"})
    Job.objects.update(finished_at="2030-01-01T00:00:00Z")

    answer = api.post(JOBS, {"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1}, format="json")

    assert answer.status_code == 200
    assert api.get(f"{JOBS}/x").status_code == 200


def test_deleting_takes_the_schedule_along_and_leaves_the_history(api: APIClient) -> None:
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    run_job("x")

    api.delete(f"{JOBS}/x")

    assert not Schedule.objects.exists()
    assert Execution.objects.get().origin == Origin.MANUAL
    assert Execution.objects.get().status == Status.CANCELLED
