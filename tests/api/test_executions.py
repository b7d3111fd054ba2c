"""GET /scheduler/jobs/<id>/executions and /scheduler/executions/<id>."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from scheduler.models import Execution, ExecutionOutput, Status
from scheduler.services.jobs import create_job, delete_job
from scheduler.services.nodes import register_node

PAGE = "/scheduler/jobs/x/executions"
START = datetime(2030, 1, 1, tzinfo=UTC)
QUERIES = 3  # The user of the token; the executions; their nodes.


def make_executions(count: int, **columns: Any) -> list[Execution]:
    """Write the history of a job, one run a minute."""
    return Execution.objects.bulk_create(
        Execution(
            job_id="x",
            scheduled_for=START + timedelta(minutes=number),
            created_at=START + timedelta(minutes=number),
            revision=1,
            status=Status.SUCCEEDED,
            **columns,
        )
        for number in range(count)
    )


@pytest.fixture
def history(db: None) -> list[Execution]:
    """A job with 120 executions, the oldest first."""
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    return make_executions(120)


def ids(page: dict[str, Any]) -> list[int]:
    """Return the ids on a page."""
    return [int(each["id"]) for each in page["results"]]


def test_page_holds_the_newest_first(api: APIClient, history: list[Execution]) -> None:
    page = api.get(PAGE).json()

    assert ids(page) == [each.pk for each in reversed(history)][:50]


def test_following_the_pages_gives_each_execution_once(api: APIClient, history: list[Execution]) -> None:
    seen, path = [], f"{PAGE}?limit=50"
    while path:
        page = api.get(path).json()
        seen += ids(page)
        path = page["next"]

    assert seen == [each.pk for each in reversed(history)]


def test_page_that_is_just_full_has_no_next_one(api: APIClient, history: list[Execution]) -> None:
    assert api.get(f"{PAGE}?limit=120").json()["next"] is None
    assert api.get(f"{PAGE}?limit=119").json()["next"] is not None


def test_page_is_bounded(api: APIClient, history: list[Execution]) -> None:
    make_more = Execution.objects.bulk_create
    make_more(
        Execution(job_id="x", scheduled_for=START - timedelta(minutes=number + 1), created_at=START, revision=1)
        for number in range(100)
    )

    assert len(api.get(f"{PAGE}?limit=100000").json()["results"]) == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=x", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("limit=²", "limit"),
        ("limit=" + "9" * 30, "limit"),
        ("before=0", "before"),
        ("before=x", "before"),
        ("before=9223372036854775808", "before"),
        ("before=" + "9" * 5000, "before"),
        ("before=" + "1".zfill(20) + "9" * 30, "before"),
    ],
)
def test_nonsense_in_the_query_is_refused(api: APIClient, history: list[Execution], query: str, field: str) -> None:
    answer = api.get(f"{PAGE}?{query}")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_job_without_executions_has_an_empty_page(api: APIClient) -> None:
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    assert api.get(PAGE).json() == {"next": None, "results": []}


def test_job_that_never_was_is_not_found(api: APIClient) -> None:
    answer = api.get(PAGE)

    assert answer.status_code == 404
    assert answer.json() == {"error_message": "Job x not found"}


def test_history_of_a_deleted_job_is_still_there(api: APIClient, history: list[Execution]) -> None:
    delete_job("x")

    assert len(api.get(PAGE).json()["results"]) == 50
    assert api.get(f"/scheduler/executions/{history[0].pk}").status_code == 200


def test_history_of_a_finished_job_is_still_there(api: APIClient, history: list[Execution]) -> None:
    api.patch("/scheduler/jobs/x", {"trigger": "cron", "year": 2001}, format="json")
    api.post("/scheduler/jobs/x/resume")
    assert api.get("/scheduler/jobs/x").status_code == 404

    assert len(api.get(PAGE).json()["results"]) == 50


def test_executions_of_other_jobs_are_not_on_the_page(api: APIClient, history: list[Execution]) -> None:
    create_job({"id": "X", "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    assert api.get("/scheduler/jobs/X/executions").json()["results"] == []


def test_execution_says_what_happened(api: APIClient, history: list[Execution]) -> None:
    node = register_node(name="one", pid=1, threads=1, now=START)
    Execution.objects.filter(pk=history[0].pk).update(
        node=node, status=Status.FAILED, reason="it broke", started_at=START, finished_at=START + timedelta(seconds=1.5)
    )
    ExecutionOutput.objects.create(execution_id=history[0].pk, result="", traceback="Traceback")

    answer = api.get(f"/scheduler/executions/{history[0].pk}").json()

    assert answer["id"] == str(history[0].pk)
    assert answer["job_id"] == "x"
    assert answer["node"] == "one"
    assert answer["status"] == "failed"
    assert answer["reason"] == "it broke"
    assert answer["scheduled_for"] == "2030-01-01T00:00:00+00:00"
    assert answer["duration_seconds"] == 1.5
    assert answer["result"] is None
    assert answer["traceback"] == "Traceback"


def test_execution_shows_its_policies_log_and_progress(api: APIClient, history: list[Execution]) -> None:
    Execution.objects.filter(pk=history[0].pk).update(priority=7, args=[1], kwargs={"a": 2}, cancel_requested_at=START)
    ExecutionOutput.objects.create(
        execution_id=history[0].pk, log="hello\n", progress_done=1.0, progress_total=4.0, progress_text="a quarter"
    )

    answer = api.get(f"/scheduler/executions/{history[0].pk}").json()

    assert (answer["priority"], answer["args"], answer["kwargs"]) == (7, [1], {"a": 2})
    assert answer["cancel_requested_at"] == "2030-01-01T00:00:00+00:00"
    assert answer["log"] == "hello\n"
    assert answer["progress"] == {"done": 1.0, "total": 4.0, "text": "a quarter"}


@pytest.mark.parametrize("execution_id", ["5", "0", "9223372036854775807", "9223372036854775808", "9" * 100])
def test_unknown_execution_is_not_found(api: APIClient, execution_id: str) -> None:
    answer = api.get(f"/scheduler/executions/{execution_id}")

    assert answer.status_code == 404
    assert isinstance(answer.json()["error_message"], str)


@pytest.mark.parametrize("limit", [1, 120])
def test_page_needs_the_same_few_queries_for_any_number_of_executions(
    api: APIClient, limit: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    make_executions(120, node=register_node(name="one", pid=1, threads=1, now=START))

    with django_assert_num_queries(QUERIES):
        api.get(f"{PAGE}?limit={limit}")
