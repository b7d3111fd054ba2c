"""The policies in a job's definition: shown, changed, and refused by name where they mean nothing."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from scheduler import conf
from scheduler.models import Job
from scheduler.services.jobs import create_job

JOBS = "/scheduler/jobs"
JOB = f"{JOBS}/x"
NEW: dict[str, Any] = {"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1}
GOOD: list[tuple[str, Any]] = [
    ("maintenance", "skip"), ("maintenance", "once"), ("maintenance", "all"), ("tags", []), ("tags", ["a b", "é"]),
    ("overlap", "skip"), ("overlap", "queue"), ("overlap", "replace"), ("executor", "processes"), ("priority", -32767),
    ("priority", 32767), ("timeout", None), ("timeout", 1), ("max_runs", None), ("max_runs", 2**31 - 1), ("retries", 0),
    ("retries", 5), ("retry_delay", 0), ("retry_max_delay", 0), ("retry_budget", None), ("retry_budget", 60),
    ("retry_on", []), ("retry_on", ["OSError", "requests.exceptions.Timeout"]), ("on_lost", "fail"),
    ("on_lost", "rerun"), ("keep_days", None), ("keep_days", 1), ("keep_executions", None), ("keep_executions", 1),
]  # fmt: skip
NO_LIMITS: list[Any] = [0, -1, 1.5, "60", True, [], {}, 2**31]
NO_COUNTS: list[Any] = [-1, 1.5, "60", True, None, [], {}, 2**31]
NO_CODES: list[Any] = ["", "nosuch", "SKIP", None, 1, True, ["skip"], {}]
NOTHING: dict[str, list[Any]] = {
    **dict.fromkeys(("overlap", "maintenance", "on_lost"), NO_CODES),
    **dict.fromkeys(("timeout", "max_runs", "retry_budget", "keep_days", "keep_executions"), NO_LIMITS),
    **dict.fromkeys(("retries", "retry_delay", "retry_max_delay"), NO_COUNTS),
    "priority": [None, "1", 1.5, True, 2**15, -(2**15), []],
    "retry_on": [None, "OSError", {}, 5, [5], [""], ["a b"], ["a..b"], [["OSError"]]],
    "tags": [None, "a", {}, 5, [5], [""], [" "], ["a,b"], ["a\nb"], ["x" * 65], ["\0"], [str(n) for n in range(101)]],
    "executor": ["nosuch", "", None, 5],
}
BAD = [(name, value) for name, values in NOTHING.items() for value in values]


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_policy_is_shown_as_it_was_sent(api: APIClient, name: str, value: Any) -> None:
    assert api.post(JOBS, {**NEW, name: value}, format="json").json()[name] == value
    assert api.get(JOB).json()[name] == value
    assert api.get(JOBS).json()[0][name] == value


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_policy_can_be_changed(api: APIClient, name: str, value: Any) -> None:
    create_job(NEW)

    assert api.patch(JOB, {name: value}, format="json").json()[name] == value
    assert getattr(Job.objects.get(), name) == value


@pytest.mark.portable
@pytest.mark.parametrize(("name", "value"), BAD)
def test_policy_that_means_nothing_is_refused_by_name(api: APIClient, name: str, value: Any) -> None:
    answer = api.post(JOBS, {**NEW, name: value}, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
    assert not Job.objects.exists()


@pytest.mark.portable
@pytest.mark.parametrize(("name", "value"), BAD)
def test_change_to_a_policy_that_means_nothing_is_refused_by_name(api: APIClient, name: str, value: Any) -> None:
    create_job(NEW)
    before = Job.objects.values().get()

    answer = api.patch(JOB, {name: value}, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
    assert Job.objects.values().get() == before


def test_all_policies_that_mean_nothing_are_named_at_once(api: APIClient) -> None:
    answer = api.post(JOBS, {**NEW, "overlap": "nosuch", "retries": -1, "timeout": 0}, format="json")

    assert list(answer.json()["errors"]) == ["overlap", "retries", "timeout"]


def test_policies_not_sent_are_those_of_the_settings(api: APIClient, settings: Settings) -> None:
    settings.SCHEDULER_JOB_DEFAULTS = {"overlap": "queue", "retries": 3, "keep_days": 7}

    shown = api.post(JOBS, NEW, format="json").json()

    assert {name: shown[name] for name in conf.JOB_DEFAULTS} == conf.job_defaults()


def test_allowing_fewer_runs_than_there_were_is_refused(api: APIClient) -> None:
    create_job({**NEW, "max_runs": 5})
    Job.objects.update(run_count=3)

    assert list(api.patch(JOB, {"max_runs": 3}, format="json").json()["errors"]) == ["max_runs"]
    assert api.patch(JOB, {"max_runs": 4}, format="json").status_code == 200


def test_tags_are_shown_once_and_in_order(api: APIClient) -> None:
    assert api.post(JOBS, {**NEW, "tags": ["b", " a ", "b"]}, format="json").json()["tags"] == ["a", "b"]


@pytest.mark.parametrize(
    "garbage", [{"overlap": "a|b"}, {"tags": "|"}, {"on_lost": ""}, {"executor": "x|y"}, {"retry_on": "|"}]
)
def test_codes_that_somebody_wrote_by_hand_are_shown(api: APIClient, garbage: dict[str, Any]) -> None:
    create_job({**NEW, "retries": 3})
    Job.objects.update(**garbage)

    answer = api.get(JOBS)

    assert answer.status_code == 200
    assert answer.json()[0]["retries"] == 3
