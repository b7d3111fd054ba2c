"""What bodies print and report, stored while they run and when they end."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import OperationalError

from scheduler.current import Progress
from scheduler.engine import outputs
from scheduler.engine.bodies import Body
from scheduler.engine.outcomes import Outcome
from scheduler.engine.outputs import FOLLOW_AFTER_SECONDS, FOLLOWED_AT_ONCE, follow, progress_columns
from scheduler.engine.recorder import record
from scheduler.models import Execution, ExecutionOutput, Job, Node, Status
from tests.engine.runs import run_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = FOLLOW_AFTER_SECONDS


@pytest.fixture
def body(job: Job, node: Node) -> Body:
    return body_of(job, node)


def body_of(job: Job, node: Node, *, attempt: int = 1) -> Body:
    row = Execution.objects.create(
        job=job, node=node, scheduled_for=NOW, attempt=attempt, status=Status.RUNNING, revision=1, created_at=NOW
    )
    return Body(run_of(row), now=0)


def output_of(body: Body) -> ExecutionOutput:
    return ExecutionOutput.objects.get(pk=body.id)


def end(body: Body) -> None:
    outcome = Outcome(
        run=body.run,
        status=Status.SUCCEEDED,
        started_at=NOW,
        finished_at=NOW,
        log=body.log.take_text(),
        progress=body.latest_progress,
    )
    record([outcome])


def test_output_can_be_followed_while_the_body_runs(body: Body) -> None:
    body.log.write("one ")
    follow([body], now=LATER)
    first = output_of(body).log
    body.log.write("two")
    body.progress(1, 3, "one of three")
    follow([body], now=LATER)

    second = output_of(body)
    assert (first, second.log) == ("one ", "one two")
    assert (second.progress_done, second.progress_total, second.progress_text) == (1, 3, "one of three")


def test_body_that_has_only_begun_is_not_followed_yet(body: Body) -> None:
    body.log.write("one")

    follow([body], now=LATER - 0.1)

    assert not ExecutionOutput.objects.exists()


def test_body_without_news_costs_no_statement(body: Body, django_assert_num_queries: Any) -> None:
    body.log.write("one")
    follow([body], now=LATER)

    with django_assert_num_queries(0):
        follow([body], now=LATER)


def test_what_could_not_be_stored_is_stored_the_next_time(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    body.log.write("one")
    body.progress(1)

    def fail(_outputs: Any) -> None:
        raise OperationalError("deadlock")

    monkeypatch.setattr(outputs, "write_outputs", fail)
    with pytest.raises(OperationalError):
        follow([body], now=LATER)
    monkeypatch.undo()
    follow([body], now=LATER)

    assert (output_of(body).log, output_of(body).progress_done) == ("one", 1)


def test_recorder_has_the_last_word(body: Body) -> None:
    body.log.write("all of it")
    end(body)
    body.log.write(" and what came too late")

    follow([body], now=LATER)

    assert output_of(body).log == "all of it"


def test_end_replaces_what_was_followed(body: Body) -> None:
    body.log.write("one")
    follow([body], now=LATER)
    body.log.write(" two")
    body.progress(2)

    end(body)

    assert (output_of(body).log, output_of(body).progress_done) == ("one two", 2)


def test_any_number_of_bodies_is_followed(job: Job, node: Node) -> None:
    bodies = [body_of(job, node, attempt=number) for number in range(2 * FOLLOWED_AT_ONCE + 1)]
    for body in bodies:
        body.log.write("x")

    follow(bodies, now=LATER)

    assert ExecutionOutput.objects.count() == len(bodies)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("null \0 byte", "null \\x00 byte"),
        ("lone \ud800 surrogate", "lone \\ud800 surrogate"),
        ("😀 康乃馨", "😀 康乃馨"),
        ("x" * 1_000_000, None),
    ],
)
def test_any_text_is_stored(body: Body, text: str, kept: str | None) -> None:
    body.log.write(text)
    body.progress(1, 2, text)

    follow([body], now=LATER)

    stored = output_of(body)
    assert stored.log == kept or (kept is None and stored.log.endswith("xxx"))
    assert stored.progress_text == (kept or "x" * 255)


def test_text_that_grows_by_being_escaped_still_fits() -> None:
    columns = progress_columns(Progress(1, 2, "\0" * 255))

    assert len(columns["progress_text"]) == 255
