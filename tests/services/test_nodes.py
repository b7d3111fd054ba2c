"""Nodes write about themselves, and about each other when one falls silent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduler.models import DEAD_AFTER, Execution, Job, Node, SchedulerState, Status
from scheduler.services.nodes import beat, bury_dead_nodes, register_node, retire_node
from tests.services.rows import NOW, make_job

pytestmark = pytest.mark.django_db

DEAD = NOW + DEAD_AFTER


def node(name: str = "one", *, silent: bool = False) -> Node:
    node = register_node(name=name, pid=7, threads=20, now=NOW)
    if silent:
        Node.objects.filter(pk=node.pk).update(heartbeat_at=timezone.now() - 2 * DEAD_AFTER)
    return node


def execution(status: Status, of: Node | None, minute: int = 0) -> Execution:
    job = Job.objects.first() or make_job()
    return Execution.objects.create(
        job=job, scheduled_for=NOW + timedelta(minutes=minute), status=status, node=of, revision=1, created_at=NOW
    )


def test_registered_node_is_alive_and_has_a_state_to_obey() -> None:
    one = node()

    assert list(Node.objects.alive()) == [one]
    assert SchedulerState.objects.get().desired == "running"


def test_restart_is_another_node_of_the_same_name() -> None:
    assert node().pk < node().pk
    assert Node.objects.filter(name="one").count() == 2


def test_heartbeat_keeps_a_node_alive() -> None:
    one = node(silent=True)

    assert beat(one, load=3, stuck=0, turned=True)

    one.refresh_from_db()
    assert one.load == 3
    assert list(Node.objects.alive()) == [one]
    assert bury_dead_nodes(now=DEAD) == 0


def test_silent_node_is_buried_and_hears_of_it() -> None:
    silent = node(silent=True)
    node("other")

    bury_dead_nodes(now=DEAD)

    silent.refresh_from_db()
    assert silent.stopped_at == DEAD
    assert silent.stop_reason
    assert [alive.name for alive in Node.objects.alive()] == ["other"]
    assert not beat(silent, load=0, stuck=0, turned=True)
    assert Node.objects.get(pk=silent.pk).stopped_at == DEAD


def test_nodes_look_anew_at_what_waits_for_windows_when_one_of_them_has_died() -> None:
    node(silent=True)
    before = SchedulerState.objects.get().rules_revision

    bury_dead_nodes(now=DEAD)
    bury_dead_nodes(now=DEAD)

    assert SchedulerState.objects.get().rules_revision == before + 1


def test_only_running_executions_of_dead_nodes_become_lost() -> None:
    silent, other = node(silent=True), node("other")
    lost = execution(Status.RUNNING, silent)
    spared = [
        execution(Status.SUCCEEDED, silent, minute=1),
        execution(Status.QUEUED, None, minute=2),
        execution(Status.RUNNING, other, minute=3),
    ]
    states = [each.status for each in spared]

    assert bury_dead_nodes(now=DEAD) == 1

    lost.refresh_from_db()
    assert (lost.status, lost.finished_at) == (Status.LOST, DEAD)
    assert lost.reason
    assert [Execution.objects.get(pk=each.pk).status for each in spared] == states


def test_dead_are_buried_once() -> None:
    execution(Status.RUNNING, node(silent=True))

    assert [bury_dead_nodes(now=DEAD), bury_dead_nodes(now=DEAD)] == [1, 0]


def test_node_that_is_heard_just_in_time_is_spared() -> None:
    node()

    bury_dead_nodes(now=DEAD - timedelta(microseconds=1))

    assert Node.objects.get().stopped_at is None


def test_retired_node_is_stopped_and_what_it_still_runs_is_lost() -> None:
    one, other = node(), node("other")
    ours, theirs = execution(Status.RUNNING, one), execution(Status.RUNNING, other, minute=1)

    retire_node(one, now=DEAD)

    one.refresh_from_db()
    assert (one.stopped_at, one.load) == (DEAD, 0)
    assert Execution.objects.get(pk=ours.pk).status == Status.LOST
    assert Execution.objects.get(pk=theirs.pk).status == Status.RUNNING
    assert bury_dead_nodes(now=NOW) == 0


def test_node_that_was_buried_keeps_the_reason_when_it_retires() -> None:
    one = node(silent=True)
    bury_dead_nodes(now=DEAD)
    reason = Node.objects.get().stop_reason

    retire_node(one, now=DEAD + DEAD_AFTER)

    assert Node.objects.get().stop_reason == reason
