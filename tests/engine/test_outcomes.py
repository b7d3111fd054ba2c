"""How a run's end is put into texts, and into the database."""

from datetime import UTC, datetime

import pytest

from scheduler.engine.outcomes import REASON_LENGTH, Outcome, bounded, failure_texts, result_text
from scheduler.engine.recorder import record
from scheduler.models import Execution, ExecutionOutput, Node, Status
from scheduler.services.jobs import create_job
from scheduler.services.runs import run_job
from tests.engine.runs import run_of

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Unspeakable(Exception):
    """An exception and a value that cannot even be printed."""

    def __str__(self) -> str:
        raise RuntimeError

    __repr__ = __str__


@pytest.mark.parametrize(
    ("result", "text"),
    [(None, ""), ({"a": [1, "ä"]}, '{"a": [1, "ä"]}'), ({1, 2}, "{1, 2}"), (b"x", "b'x'"), (float("nan"), "NaN")],
)
def test_result_is_kept_as_json_else_as_its_repr(result: object, text: str) -> None:
    assert result_text(result) == text


def test_result_without_a_repr_is_no_error() -> None:
    assert "Unspeakable" in result_text(Unspeakable())


def test_failure_without_a_message_is_no_error() -> None:
    reason, _traceback = failure_texts(Unspeakable())

    assert reason.startswith("Unspeakable")


def test_long_text_keeps_its_head_and_its_tail() -> None:
    text = bounded("a" * 1_000_000 + "z", 1_000)

    assert len(text) < 1_100
    assert (text[0], text[-1]) == ("a", "z")


@pytest.fixture
def execution(node: Node) -> Execution:
    create_job({"id": "job", "func": "jobs:nothing"})
    execution = run_job("job")
    Execution.objects.filter(pk=execution.pk).update(status=Status.RUNNING, node=node)
    return execution


def outcome(execution: Execution, node_id: int, *, reason: str = "", traceback: str = "") -> Outcome:
    run = run_of(execution, node_id=node_id)
    return Outcome(run=run, status=Status.FAILED, started_at=NOW, finished_at=NOW, reason=reason, traceback=traceback)


@pytest.mark.parametrize(
    "message", ["x" * 1_500, "x" * 1_000_000, "null \0 byte", "😀 康乃馨", "lone \ud800 surrogate"]
)
def test_any_failure_is_recorded(node: Node, execution: Execution, message: str) -> None:
    reason, traceback = failure_texts(RuntimeError(message))

    record([outcome(execution, node.pk, reason=reason, traceback=traceback)])

    execution.refresh_from_db()
    assert execution.status == Status.FAILED
    assert execution.reason.startswith("RuntimeError: ")
    assert len(execution.reason) <= REASON_LENGTH + 100
    assert ExecutionOutput.objects.get(pk=execution.pk).traceback == traceback


def test_success_without_a_value_keeps_no_output(node: Node, execution: Execution) -> None:
    record([outcome(execution, node.pk)])

    assert not ExecutionOutput.objects.exists()


def test_what_was_declared_lost_is_not_recorded_over(node: Node, execution: Execution) -> None:
    Execution.objects.filter(pk=execution.pk).update(status=Status.LOST)

    record([outcome(execution, node.pk)])

    assert Execution.objects.get().status == Status.LOST


def test_another_nodes_execution_is_not_recorded_over(node: Node, execution: Execution) -> None:
    record([outcome(execution, node.pk + 1)])

    assert Execution.objects.get().status == Status.RUNNING
