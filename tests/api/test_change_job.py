"""PATCH /scheduler/jobs/<id>."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from scheduler.models import Job, Schedule
from tests.api.replay import Both

JOBS = "/scheduler/jobs"
JOB = f"{JOBS}/x"
UNKNOWN = f"{JOBS}/unknown"
BODY: dict[str, Any] = {
    "id": "x", "func": "jobs:job1", "args": [1, 2], "trigger": "interval", "hours": 1, "name": "before",
}  # fmt: skip

CHANGES: list[Any] = [
    {},
    {"name": "after"},
    {"name": ""},
    {"name": None},
    {"name": 7},
    {"func": "jobs:add"},
    {"func": "jobs:nothing"},
    {"func": "jobs:nothing", "args": []},
    {"func": "jobs:nothere"},
    {"func": "nocolon"},
    {"func": None},
    {"func": 5},
    {"args": [3, 4]},
    {"args": [True, 2.0]},
    {"args": [3]},
    {"args": [1, 2, 3]},
    {"args": None},
    {"args": "ab"},
    {"args": 5},
    {"args": [], "kwargs": {"var_one": {"b": 1, "a": 2}, "var_two": None}},
    {"kwargs": {"var_one": 1}},
    {"kwargs": {}},
    {"kwargs": None},
    {"kwargs": "ab"},
    {"kwargs": [["var_one", 1]]},
    {"kwargs": []},
    {"misfire_grace_time": 60},
    {"misfire_grace_time": None},
    {"misfire_grace_time": 0},
    {"misfire_grace_time": "60"},
    {"max_instances": 3},
    {"max_instances": 0},
    {"max_instances": None},
    {"max_instances": "3"},
    {"coalesce": False},
    {"coalesce": None},
    {"executor": "default"},
    {"executor": 5},
    {"executor": None},
    {"next_run_time": None},
    {"next_run_time": "2031-05-06 07:08:09"},
    {"next_run_time": "2031-05-06T07:08:09.000005"},
    {"next_run_time": "2001-01-01"},
    {"next_run_time": "not a date"},
    {"next_run_time": 5},
    {"jobstore": "default"},
    {"jobstore": None},
    {"jobstore": "other"},
    {"jobstore": 5},
    {"jobstore": "other", "bogus": 1},
    {"jobstore": "other", "trigger": "interval", "seconds": "10"},
    {"seconds": 20},
    {"run_date": "2031-05-06"},
    {"start_date": "2031-05-06"},
    {"start_date": "not a date"},
    {"start_date": 5},
    {"timezone": "Asia/Shanghai"},
    {"id": "other"},
    {"id": None},
    {"replace_existing": True},
    {"bogus": 1},
    {"paused": True},
    {"trigger": "interval"},
    {"trigger": "interval", "minutes": 5},
    {"trigger": "interval", "seconds": "10"},
    {"trigger": "interval", "seconds": None},
    {"trigger": "interval", "hour": 3},
    {"trigger": "interval", "minutes": 5, "start_date": "2029-01-01"},
    {"trigger": "interval", "minutes": 5, "start_date": "not a date"},
    {"trigger": "interval", "minutes": 5, "run_date": "not a date"},
    {"trigger": "interval", "minutes": 5, "end_date": "2001-01-01"},
    {"trigger": "interval", "minutes": 5, "timezone": "America/New_York"},
    {"trigger": "interval", "minutes": 5, "timezone": "Mars/Olympus"},
    {"trigger": "interval", "minutes": 5, "next_run_time": None},
    {"trigger": "interval", "minutes": 5, "next_run_time": "2031-05-06T07:08:09"},
    {"trigger": "interval", "minutes": 5, "name": "after", "args": [3, 4]},
    {"trigger": "cron", "hour": 3},
    {"trigger": "cron", "hour": 25},
    {"trigger": "cron", "day_of_week": "mon-fri", "hour": 9, "timezone": "Asia/Shanghai"},
    {"trigger": "cron", "year": 2001},
    {"trigger": "cron"},
    {"trigger": "date", "run_date": "2031-05-06T07:08:09"},
    {"trigger": "date", "run_date": "2001-05-06T07:08:09"},
    {"trigger": "date"},
    {"trigger": "date", "seconds": 5},
    {"trigger": {"type": "interval", "minutes": 5}},
    {"trigger": {"type": "cron", "minute": " 5 , 10 "}},
    {"trigger": {"run_date": "2031-05-06"}},
    {"trigger": {"type": "nosuch"}},
    {"trigger": "nosuch"},
    {"trigger": ""},
    {"trigger": None},
    {"trigger": 5},
    [],
    [1],
    None,
    "null",
    "5",
    '"x"',
    "{",
    "",
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: json.dumps(change)[:60])
def test_change_is_answered_like_the_original(both: Both, change: Any) -> None:
    both.post(JOBS, BODY)
    both.patch(JOB, change)
    if both.original.get(JOB).status_code == 200 and not is_half_written(change):
        both.get(JOB)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: json.dumps(change)[:60])
def test_change_of_a_paused_job_is_answered_like_the_original(both: Both, change: Any) -> None:
    both.post(JOBS, {**BODY, "next_run_time": None})
    both.patch(JOB, change)
    if not is_half_written(change):
        both.get(JOB)


@pytest.mark.portable
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: json.dumps(change)[:60])
def test_change_of_an_unknown_job_is_answered_like_the_original(both: Both, change: Any) -> None:
    both.patch(UNKNOWN, change)
    both.get(JOBS)


def is_half_written(change: Any) -> bool:
    """Tell whether the original writes the trigger of this change before it refuses the rest."""
    return isinstance(change, dict) and "trigger" in change and bool({"hour", "seconds"} & change.keys())


def test_object_of_arguments_gives_its_keys_as_it_does_in_a_post(api: APIClient) -> None:
    api.post(JOBS, BODY, format="json")

    answer = api.patch(JOB, {"args": {"a": 1, "b": 2}}, format="json")

    assert answer.json()["args"] == ["a", "b"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bogus": 1}, "bogus"),
        ({"seconds": 20}, "seconds"),
        ({"id": "other"}, "id"),
        ({"name": "n" * 256}, "name"),
        ({"executor": "nosuch"}, "executor"),
        ({"func": "os:system", "args": ["true"]}, "func"),
        ({"args": [1]}, "args"),
        ({"kwargs": {"nope": 1}}, "kwargs"),
        ({"trigger": "interval", "seconds": -5}, "seconds"),
        ({"trigger": "interval", "seconds": "10"}, "seconds"),
        ({"trigger": "cron", "month": 2, "day": 31}, "trigger"),
        ({"trigger": "interval", "minutes": 5, "bogus": 1}, "bogus"),
        ({"trigger": "interval", "minutes": 5, "max_instances": 0}, "max_instances"),
        ({"next_run_time": "tomorrow", "name": "after"}, "next_run_time"),
        ({"trigger": "interval", "minutes": 5, "run_date": "not a date"}, "run_date"),
    ],
)
def test_refused_change_names_the_field_and_changes_nothing(api: APIClient, change: Any, field: str) -> None:
    api.post(JOBS, BODY, format="json")
    before = (Job.objects.values().get(), Schedule.objects.values().get())

    answer = api.patch(JOB, change, format="json")

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert field in answer.json()["error_message"]
    assert (Job.objects.values().get(), Schedule.objects.values().get()) == before


@pytest.mark.parametrize(
    "args", ["[NaN, 1]", '["\\u0000", 1]', '["\\ud800", 1]', "[" * 40 + "]" * 40, "[" * 500 + "]" * 500]
)
def test_argument_that_cannot_be_stored_changes_nothing(api: APIClient, args: str) -> None:
    api.post(JOBS, BODY, format="json")
    before = Job.objects.values().get()

    answer = api.generic("PATCH", JOB, f'{{"args": {args}, "name": "after"}}', "application/json")

    assert answer.status_code == 400
    assert "args" in answer.json()["errors"]
    assert Job.objects.values().get() == before


def test_body_of_two_megabytes_changes_nothing(api: APIClient) -> None:
    api.post(JOBS, BODY, format="json")

    answer = api.patch(JOB, {"name": "after", "args": ["x" * 2_000_000, 1]}, format="json")

    assert answer.status_code == 400
    assert Job.objects.get().name == "before"


def test_change_makes_a_new_revision(api: APIClient) -> None:
    api.post(JOBS, BODY, format="json")

    api.patch(JOB, {"name": "after"}, format="json")

    assert Job.objects.get().revision == 2


def test_new_trigger_wakes_a_paused_job(both: Both) -> None:
    both.post(JOBS, {**BODY, "next_run_time": None})

    answer = both.patch(JOB, {"trigger": "interval", "minutes": 5})

    assert answer.json()["next_run_time"] is not None  # type: ignore[attr-defined]
    assert not Job.objects.get().paused


def test_new_trigger_leaves_a_job_paused_that_is_paused_beside_it(both: Both) -> None:
    both.post(JOBS, {**BODY, "next_run_time": None})

    both.patch(JOB, {"trigger": "interval", "minutes": 5, "next_run_time": None})

    assert Job.objects.get().paused


def test_change_of_another_field_leaves_a_job_paused(both: Both) -> None:
    both.post(JOBS, {**BODY, "next_run_time": None})

    both.patch(JOB, {"name": "after"})

    assert Job.objects.get().paused
