"""What can be done to executions."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from scheduler.actors import acting
from scheduler.exceptions import ExecutionEnded, ExecutionNotFound
from scheduler.models import FINAL, Execution, Node, Origin, Status
from scheduler.services.executions import (
    MOST_RECOVERIES,
    cancel_execution,
    cancel_replaced,
    lose_executions,
    replace_running,
)
from scheduler.services.nodes import bury_dead_nodes, cancelled_executions, register_node, retire_node
from tests.services.rows import NOW, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def node() -> Node:
    return register_node(name="one", pid=7, threads=20, now=NOW)


def execution(status: Status = Status.QUEUED, of: Node | None = None, *, minute: int = 0, **more: Any) -> Execution:
    moment = NOW + timedelta(minutes=minute)
    columns = {"scheduled_for": moment, "revision": 4, "created_at": NOW, "priority": 3, **more}
    return Execution.objects.create(job_id="job", status=status, node=of, **columns)


def recoveries() -> list[Execution]:
    return list(Execution.objects.filter(origin=Origin.RECOVERY).order_by("pk"))


def test_queued_run_is_cancelled_at_once() -> None:
    make_job()
    row = execution()

    with acting(name="Eve", source="admin"):
        cancel_execution(row.pk)

    row.refresh_from_db()
    assert (row.status, row.reason, row.finished_at) == (Status.CANCELLED, "Cancelled by Eve.", NOW)


def test_running_one_goes_on_until_its_node_has_ended_it(node: Node) -> None:
    make_job()
    row = execution(Status.RUNNING, node)

    cancel_execution(row.pk)

    row.refresh_from_db()
    node.refresh_from_db()
    assert (row.status, row.cancel_requested_at, row.finished_at) == (Status.RUNNING, NOW, None)
    assert node.orders == 1
    assert cancelled_executions(node) == {row.pk: "Cancelled."}


def test_only_the_node_that_runs_it_is_told(node: Node) -> None:
    make_job()
    other = register_node(name="other", pid=8, threads=20, now=NOW)

    cancel_execution(execution(Status.RUNNING, other).pk)

    node.refresh_from_db()
    assert (node.orders, cancelled_executions(node)) == (0, {})


@pytest.mark.parametrize("status", FINAL)
def test_ended_run_cannot_be_cancelled(status: Status) -> None:
    make_job()
    row = execution(status)

    with pytest.raises(ExecutionEnded):
        cancel_execution(row.pk)

    assert Execution.objects.get().status == status


def test_unknown_run_is_not_found() -> None:
    with pytest.raises(ExecutionNotFound):
        cancel_execution(1)


def test_run_of_a_deleted_job_and_a_vanished_node_can_be_cancelled() -> None:
    row = execution(Status.RUNNING, Node(pk=5))

    cancel_execution(row.pk)

    assert Execution.objects.get().cancel_requested_at == NOW


def test_oldest_run_is_replaced_and_the_next_only_when_it_has_ended(node: Node, clock: Traveller) -> None:
    make_job()
    rows = [execution(Status.RUNNING, node, minute=minute) for minute in range(3)]
    newest = execution(minute=3)

    replace_running("job", newest=newest.pk, now=NOW)
    clock.shift(1)
    replace_running("job", newest=newest.pk, now=NOW)

    asked = [Execution.objects.get(pk=row.pk).cancel_requested_at for row in rows]
    assert asked == [NOW, None, None]
    assert Execution.objects.filter(status=Status.RUNNING).count() == 3


def test_replacement_that_has_started_meanwhile_is_not_replaced_itself(node: Node) -> None:
    make_job()
    newest = execution(Status.RUNNING, node)

    replace_running("job", newest=newest.pk, now=NOW)

    assert Execution.objects.get().cancel_requested_at is None


def test_queued_occurrences_are_overtaken_by_their_newest_and_nothing_else_is(node: Node) -> None:
    make_job()
    old, newest = execution(), execution(minute=1)
    spared = [
        execution(minute=2, origin=Origin.MANUAL),
        execution(minute=3, origin=Origin.RETRY, attempt=2),
        execution(Status.RUNNING, node, minute=4),
    ]

    cancel_replaced({"job": newest.pk}, now=NOW)

    assert Execution.objects.get(pk=old.pk).status == Status.CANCELLED
    assert Execution.objects.get(pk=newest.pk).status == Status.QUEUED
    assert [Execution.objects.get(pk=each.pk).status for each in spared] == [each.status for each in spared]


def test_lost_run_is_left_lost_unless_its_job_says_otherwise(node: Node) -> None:
    make_job()
    row = execution(Status.RUNNING, node)

    assert lose_executions([node.pk], reason="It died.", now=NOW) == 1

    row.refresh_from_db()
    assert (row.status, row.reason, row.finished_at) == (Status.LOST, "It died.", NOW)
    assert recoveries() == []


def test_lost_run_is_queued_again_as_it_was_where_its_job_says_so(node: Node) -> None:
    make_job(on_lost="rerun")
    row = execution(Status.RUNNING, node, args=[1], kwargs={"a": 2}, attempt=2)

    lose_executions([node.pk], reason="It died.", now=NOW)

    (again,) = recoveries()
    assert (again.status, again.scheduled_for, again.attempt) == (Status.QUEUED, row.scheduled_for, 3)
    assert (again.args, again.kwargs, again.revision, again.priority) == ([1], {"a": 2}, 4, 3)
    assert (again.available_at, again.node_id) == (NOW, None)


@pytest.mark.parametrize("lose", [lambda node: bury_dead_nodes(now=NOW), lambda node: retire_node(node, now=NOW)])
def test_each_way_of_losing_a_node_recovers_its_runs(node: Node, lose: Any) -> None:
    make_job(on_lost="rerun")
    execution(Status.RUNNING, node)
    Node.objects.update(stopped_at=NOW)

    lose(node)
    lose(node)

    assert len(recoveries()) == 1


def test_run_that_was_to_be_cancelled_is_not_run_again(node: Node) -> None:
    make_job(on_lost="rerun")
    cancel_execution(execution(Status.RUNNING, node).pk)

    lose_executions([node.pk], reason="It died.", now=NOW)

    assert recoveries() == []


def test_run_that_brings_every_node_down_is_not_run_for_ever(node: Node) -> None:
    make_job(on_lost="rerun")
    execution(Status.RUNNING, node)
    for _death in range(MOST_RECOVERIES + 3):
        lose_executions([node.pk], reason="It died.", now=NOW)
        Execution.objects.filter(status=Status.QUEUED).update(status=Status.RUNNING, node=node)

    assert len(recoveries()) == MOST_RECOVERIES
    assert not Execution.objects.exclude(status=Status.LOST).exists()


def test_each_occurrence_has_recoveries_of_its_own(node: Node) -> None:
    make_job(on_lost="rerun")
    for minute in range(3):
        execution(Status.RUNNING, node, minute=minute)

    lose_executions([node.pk], reason="It died.", now=NOW)

    assert len({row.scheduled_for for row in recoveries()}) == 3


def test_losing_many_costs_a_constant_number_of_statements(node: Node, django_assert_max_num_queries: Any) -> None:
    make_job(on_lost="rerun")
    for minute in range(50):
        execution(Status.RUNNING, node, minute=minute)

    with django_assert_max_num_queries(6):
        assert lose_executions([node.pk], reason="It died.", now=NOW) == 50
