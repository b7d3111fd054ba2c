"""GET /scheduler/jobs."""

import json
import random
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from scheduler.models import Job
from scheduler.services.jobs import create_job
from tests.api.replay import Both

JOBS = "/scheduler/jobs"

# The user of the token; the jobs.
QUERIES = 2


def make_jobs(count: int) -> None:
    """Add jobs that differ in all that a list shows."""
    triggers: list[dict[str, Any]] = [
        {"trigger": "interval", "hours": 1},
        {"trigger": "cron", "hour": 3, "timezone": "Asia/Shanghai"},
        {"trigger": "date", "run_date": "2031-05-06"},
    ]
    for number in range(count):
        create_job({"id": f"job {number}", "func": "jobs:nothing", **triggers[number % 3]})


def test_empty_list_is_answered_like_the_original(both: Both) -> None:
    assert both.get(JOBS).content == b"[]"


def test_next_job_is_first_and_those_without_a_next_run_are_last_and_ties_go_by_id(both: Both) -> None:
    bodies: list[dict[str, Any]] = [
        {"id": "b", "trigger": "interval", "hours": 1},
        {"id": "a", "trigger": "interval", "hours": 1},
        {"id": "B", "trigger": "interval", "hours": 1},
        {"id": "é", "trigger": "interval", "hours": 1},
        {"id": "a b", "trigger": "interval", "hours": 1},
        {"id": "a-b", "trigger": "interval", "hours": 1},
        {"id": "later", "trigger": "date", "run_date": "2041-05-06"},
        {"id": "sooner", "trigger": "date", "run_date": "2030-11-22T07:57:29"},
        {"id": "offset", "trigger": "date", "run_date": "2031-01-01T00:00:00+14:00"},
        {"id": "utc", "trigger": "date", "run_date": "2030-12-31T11:00:00Z"},
        {"id": "paused 2", "trigger": "interval", "next_run_time": None},
        {"id": "paused 1", "trigger": "interval", "next_run_time": None},
        {"id": "over", "trigger": "cron", "year": 2001},
    ]
    random.Random(1).shuffle(bodies)
    for body in bodies:
        both.post(JOBS, {"func": "jobs:nothing", **body})

    ids = [job["id"] for job in json.loads(both.get(JOBS).content)]

    assert ids[0] == "sooner"
    assert ids[-3:] == ["over", "paused 1", "paused 2"]


@pytest.mark.parametrize("query", ["?format=api", "?format=json", "?page=2", "?limit=1", "?format=nonsense"])
def test_query_string_is_ignored(both: Both, query: str) -> None:
    both.post(JOBS, {"id": "a", "func": "jobs:nothing"})
    both.post(JOBS, {"id": "b", "func": "jobs:nothing"})

    both.get(f"{JOBS}{query}")


def test_finished_job_is_not_there(api: APIClient) -> None:
    create_job({"id": "x", "func": "jobs:nothing"})
    Job.objects.update(finished_at="2030-01-01T00:00:00Z")

    assert api.get(JOBS).json() == []


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_list_needs_the_same_few_queries_for_any_number_of_jobs(
    api: APIClient, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_jobs(count)

    with django_assert_num_queries(QUERIES):
        answer = api.get(JOBS)

    assert len(answer.json()) == count
