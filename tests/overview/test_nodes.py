"""The state of all, in two statements."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from scheduler.actors import acting
from scheduler.models import DesiredState, Node, Status
from scheduler.overview import nodes
from scheduler.overview.nodes import read_installation
from scheduler.services.control import pause_scheduler
from scheduler.services.nodes import register_node, retire_node
from tests.overview.rows import made
from tests.services.rows import NOW

pytestmark = pytest.mark.django_db


def start(name: str = "here") -> Node:
    return register_node(name=name, pid=1, threads=20, now=NOW)


def test_where_nothing_was_ever_started_all_is_empty() -> None:
    found = read_installation()

    assert (found.state, found.turning, found.since_turn, found.last_turn_at) == (DesiredState.RUNNING, 0, None, None)


def test_node_that_makes_turns_counts_with_its_load() -> None:
    start()
    Node.objects.update(load=3)

    found = read_installation()

    assert (found.turning, found.running, found.workers) == (1, 3, 20)
    assert found.since_turn is not None
    assert abs(found.since_turn) < timedelta(seconds=5)


def test_silent_node_is_named_but_does_not_count() -> None:
    start()
    Node.objects.update(heartbeat_at=F("heartbeat_at") - timedelta(seconds=60), load=3)

    found = read_installation()

    assert [(node.name, node.is_alive, node.is_turning) for node in found.nodes] == [("here", False, False)]
    assert (found.turning, found.running) == (0, 0)


def test_node_whose_turns_fail_is_alive_and_does_not_turn() -> None:
    start()
    Node.objects.update(last_turn_at=F("last_turn_at") - timedelta(seconds=60))

    (node,) = read_installation().nodes

    assert (node.is_alive, node.is_turning) == (True, False)
    assert node.since_turn >= timedelta(seconds=60)


def test_node_that_has_stopped_is_not_named_but_its_last_turn_is_known() -> None:
    retire_node(start(), now=NOW)

    found = read_installation()

    assert found.nodes == ()
    assert found.last_turn_at is not None


def test_who_has_paused_is_known() -> None:
    start()
    with time_machine.travel(NOW, tick=False), acting(name="ada", source="admin"):
        pause_scheduler()

    found = read_installation()

    assert (found.state, found.changed_by, found.changed_at) == (DesiredState.PAUSED, "ada", NOW)


def test_queued_runs_are_counted_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    start()
    for _number in range(3):
        made(NOW, job_id=f"job-{_number}", status=Status.QUEUED)
    assert (read_installation().queued, read_installation().has_more_queued) == (3, False)

    monkeypatch.setattr(nodes, "MOST_COUNTED", 2)

    assert (read_installation().queued, read_installation().has_more_queued) == (2, True)


def test_two_statements_tell_of_all(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(5):
        start(f"node-{number}")

    with django_assert_num_queries(2):
        read_installation()
