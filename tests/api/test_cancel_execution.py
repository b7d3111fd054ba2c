"""POST /scheduler/executions/<id>/cancel."""

import pytest
from rest_framework.test import APIClient

from scheduler.models import FINAL, Execution, Node, Status
from scheduler.services.jobs import create_job
from scheduler.services.nodes import register_node
from scheduler.services.runs import run_job


@pytest.fixture
def execution(db: None) -> Execution:
    """A run that is queued."""
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    return run_job("x")


def address(execution: Execution) -> str:
    """Return where to cancel it."""
    return f"/scheduler/executions/{execution.pk}/cancel"


def test_queued_execution_is_cancelled_at_once(api: APIClient, execution: Execution) -> None:
    answer = api.post(address(execution))

    assert answer.status_code == 200
    assert answer.json()["id"] == str(execution.pk)
    assert (answer.json()["status"], answer.json()["reason"]) == ("cancelled", "Cancelled by admin.")
    assert answer.json()["finished_at"] is not None
    assert Execution.objects.get().status == Status.CANCELLED


def test_answer_is_the_execution_as_it_is_read(api: APIClient, execution: Execution) -> None:
    answer = api.post(address(execution))

    assert answer.json() == api.get(f"/scheduler/executions/{execution.pk}").json()


def test_running_execution_is_asked_to_end(api: APIClient, execution: Execution) -> None:
    node = register_node(name="one", pid=1, threads=1, now=execution.created_at)
    Execution.objects.update(status=Status.RUNNING, node=node)

    answer = api.post(address(execution))

    assert (answer.json()["status"], answer.json()["node"]) == ("running", "one")
    assert answer.json()["cancel_requested_at"] is not None
    assert Node.objects.get().orders == 1


@pytest.mark.parametrize("status", FINAL)
def test_execution_that_has_ended_cannot_be_cancelled(api: APIClient, execution: Execution, status: Status) -> None:
    Execution.objects.update(status=status, reason="before")

    answer = api.post(address(execution))

    assert answer.status_code == 409
    assert answer.json() == {"error_message": f"Execution {execution.pk} has ended already: {status.label}."}
    assert Execution.objects.get().reason == "before"


@pytest.mark.parametrize("execution_id", ["5", "0", "9223372036854775808", "9" * 100])
def test_unknown_execution_is_not_found(api: APIClient, execution_id: str) -> None:
    answer = api.post(f"/scheduler/executions/{execution_id}/cancel")

    assert answer.status_code == 404
    assert isinstance(answer.json()["error_message"], str)
