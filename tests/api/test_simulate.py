"""POST /scheduler/simulate."""

from typing import Any

import pytest
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.models import Job
from scheduler.services.jobs import create_job

SIMULATE = "/scheduler/simulate"
DAILY = {"func": "jobs:nothing", "trigger": "cron", "hour": 9, "timezone": "Asia/Shanghai"}


@pytest.fixture(autouse=True)
def _still(clock: Traveller) -> None:
    """It is 2030-11-22, a Friday, 07:57 in UTC."""


def ask(api: APIClient, **body: Any) -> Any:
    answer = api.post(SIMULATE, body, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_answer_says_what_a_change_does(api: APIClient) -> None:
    create_job({"id": "job", **DAILY})

    answer = ask(api, job={"id": "job", **DAILY, "hour": 10}, days=2, timezone="Asia/Shanghai")

    assert answer["changes"] == [
        {
            "id": "job",
            "new": False,
            "deleted": False,
            "kept": 0,
            "added": {"count": 0, "first": []},
            "removed": {"count": 0, "first": []},
            "moved": {
                "count": 2,
                "first": [
                    {"from": "2030-11-23T09:00:00+08:00", "to": "2030-11-23T10:00:00+08:00"},
                    {"from": "2030-11-24T09:00:00+08:00", "to": "2030-11-24T10:00:00+08:00"},
                ],
            },
        }
    ]
    assert answer["heat"] == {
        "days": {"2030-11-23": {"600": 1}, "2030-11-24": {"600": 1}},
        "peaks": {"2030-11-23": 1, "2030-11-24": 1},
    }
    peak = {"count": 1, "at": "2030-11-23T10:00:00+08:00"}
    assert answer["after"] == {"starts": 2, "peak": peak, "concurrency": peak}
    assert (answer["jobs"], answer["timezone"], answer["unknown_durations"]) == (1, "Asia/Shanghai", ["job"])


def test_findings_say_whether_the_change_has_to_do_with_them(api: APIClient) -> None:
    for number in range(3):
        create_job({"id": f"job-{number}", **DAILY})

    before, after = ask(api, cap=2), ask(api, cap=2, job={"id": "new", **DAILY})

    (herd,) = before["findings"]
    assert (herd["code"], herd["by_change"], herd["jobs"]) == ("herd", False, ["job-0", "job-1", "job-2"])
    assert herd["sentence"] == "3 runs start within one minute, 2 may; so it is in 30 minutes."
    assert herd["spread"]["changes"]["job-0"]["crontab"] == "H 9 * * *"
    assert [finding["by_change"] for finding in after["findings"]] == [True]


def test_nothing_is_written(api: APIClient) -> None:
    create_job({"id": "job", **DAILY})
    before = list(Job.objects.values())

    ask(api, jobs=[{"id": "new", **DAILY}, {"id": "job", "trigger": "interval", "hours": 1}])

    assert list(Job.objects.values()) == before


def test_body_may_be_empty(api: APIClient) -> None:
    assert ask(api)["jobs"] == 0


@pytest.mark.parametrize("body", [[], "text", {"days": -1}, {"job": {"id": "new"}}, {"language": 5}, {"jobs": [[]]}])
def test_what_is_wrong_is_a_400_that_names_it(api: APIClient, body: Any) -> None:
    answer = api.post(SIMULATE, body, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"]
