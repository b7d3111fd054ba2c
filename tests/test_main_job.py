"""The main job, as a newcomer does it: the original README's bodies, posted to a real server beside a real node."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User

from scheduler.models import Execution, Job, Status
from tests.processes import Node, wait_for

pytestmark = pytest.mark.engine

RUNS_ONCE = '{"id":"job2","func":"carnation.jobs:job1","name":"job2","args": [202, 303]}'
EVERY_SECOND = '{"id":"job3","func":"carnation.jobs:job1","name":"job3","trigger":"interval","args": [802, 903]}'
EVERY_TEN = (
    '{"id":"job3","func":"carnation.jobs:job1","name":"job3","seconds": 10, "trigger":"interval","args": [802, 903]}'
)
POSTS_ONCE = '{"id":"job2","func":"carnation.jobs:job2","name":"job2"}'


class Curl:
    """What `curl -u` does."""

    def __init__(self, url: str, user: User) -> None:
        self.url, self.auth = f"{url}/scheduler", (user.get_username(), "right password")

    def __call__(self, method: str, path: str, body: str | None = None) -> requests.Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return requests.request(method, self.url + path, data=body, auth=self.auth, headers=headers, timeout=30)


@pytest.fixture
def curl(live_server: Any, administrator: User) -> Curl:
    return Curl(live_server.url, administrator)


def succeeded(job_id: str) -> int:
    return Execution.objects.filter(job_id=job_id, status=Status.SUCCEEDED).count()


def test_bodies_of_the_original_readme_do_what_it_says(
    curl: Curl, live_server: Any, start_node: Callable[..., Node]
) -> None:
    node = start_node("--node=one", JOB2_URL=f"{live_server.url}/samples/post").wait_until_ready()
    assert curl("GET", "").json()["running"] is True

    assert curl("POST", "/jobs", RUNS_ONCE).status_code == 200
    wait_for(lambda: succeeded("job2") == 1, what="job2 to run")
    assert curl("GET", "/jobs/job2").status_code == 404

    added = curl("POST", "/jobs", EVERY_SECOND).json()
    assert added["seconds"] == 1
    wait_for(lambda: succeeded("job3") >= 2, what="job3 to run twice")

    conflict = curl("POST", "/jobs", EVERY_TEN)
    assert (conflict.status_code, conflict.json()) == (409, {"error_message": "Job job3 already exists."})
    deleted = curl("DELETE", "/jobs/job3")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert curl("POST", "/jobs", EVERY_TEN).json()["seconds"] == 10

    assert curl("POST", "/jobs", POSTS_ONCE).status_code == 200
    wait_for(lambda: succeeded("job2") == 2, what="job2 to post")
    assert "202 303" in node.output
    assert "802 903" in node.output
    assert f"POST {live_server.url}/samples/post: 204" in node.output
    newest = curl("GET", "/jobs/job2/executions").json()["results"][0]
    assert curl("GET", f"/executions/{newest['id']}").json()["result"] == "204"
    assert [job["id"] for job in curl("GET", "/jobs").json()] == ["job3"]


def test_a_restart_breaks_nothing(curl: Curl, start_node: Callable[..., Node]) -> None:
    declared = json.dumps(
        [{"id": "job1", "func": "carnation.jobs:job1", "args": [1, 2], "trigger": "interval", "hours": 1}]
    )
    curl("POST", "/jobs", EVERY_TEN.replace("seconds", "hours"))
    before = curl("GET", "/jobs/job3").text

    for _start in range(3):
        node = start_node(DECLARED_JOBS=declared).wait_until_ready()
        assert node.stop() == 0
        assert "Traceback" not in node.output

    assert curl("GET", "/jobs/job3").text == before
    assert Job.objects.count() == 2
