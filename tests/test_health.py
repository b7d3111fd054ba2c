"""Health is what the heartbeats say, not that a process is there."""

import signal
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from scheduler.models import DEAD_AFTER, SchedulerState
from scheduler.models import Node as NodeRow
from scheduler.services import control
from scheduler.services.nodes import register_node
from tests.processes import Node, wait_for

URL = "/healthz"


@pytest.mark.django_db
def test_without_any_node_it_is_red(client: Client) -> None:
    response = client.get(URL)

    assert (response.status_code, response.json()["nodes"]) == (503, 0)
    with pytest.raises(CommandError, match="never"):
        call_command("schedulerhealth")


@pytest.mark.django_db
def test_with_a_node_that_beats_it_is_green(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    register_node(name="here", pid=1, threads=1, now=timezone.now())

    assert client.get(URL).json() == {"status": "ok", "nodes": 1, "warnings": []}
    call_command("schedulerhealth")
    assert "1 nodes make turns" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["silent", "failing", "stopped"])
def test_silent_failing_and_stopped_nodes_do_not_count(client: Client, change: str) -> None:
    node = register_node(name="here", pid=1, threads=1, now=timezone.now())
    if change == "silent":
        NodeRow.objects.update(heartbeat_at=timezone.now() - 2 * DEAD_AFTER)
    elif change == "failing":
        NodeRow.objects.update(last_turn_at=timezone.now() - 2 * DEAD_AFTER)
    else:
        NodeRow.objects.filter(pk=node.pk).update(stopped_at=timezone.now())

    assert client.get(URL).status_code == 503


@pytest.mark.django_db
def test_stopped_scheduler_whose_nodes_stand_by_is_green(client: Client) -> None:
    register_node(name="here", pid=1, threads=1, now=timezone.now())
    control.shutdown_scheduler()

    assert client.get(URL).status_code == 200


@pytest.mark.django_db
def test_it_only_answers_reads(client: Client) -> None:
    assert client.post(URL).status_code == 405


def is_green(client: Client) -> bool:
    """Ask both, who must agree; again, where the answer changed in between."""
    green = client.get(URL).status_code == 200
    try:
        call_command("schedulerhealth")
    except CommandError:
        return is_green(client) if green else False
    return green or is_green(client)


def turns_red(client: Client) -> None:
    wait_for(lambda: not is_green(client), what="red", seconds=30)


@pytest.mark.engine
def test_stopped_process_turns_it_red_and_a_woken_one_green_again(
    client: Client, start_node: Callable[..., Node]
) -> None:
    node = start_node().wait_until_ready()
    wait_for(lambda: is_green(client), what="green")

    node.process.send_signal(signal.SIGSTOP)
    turns_red(client)
    node.process.send_signal(signal.SIGCONT)

    wait_for(lambda: is_green(client), what="green again")


@pytest.mark.engine
@pytest.mark.skipif(connection.vendor != "sqlite", reason="takes long, and is the same on all databases")
def test_loop_that_is_stuck_in_a_living_process_turns_it_red(client: Client, start_node: Callable[..., Node]) -> None:
    node = start_node().wait_until_ready()
    wait_for(lambda: is_green(client), what="green")

    with transaction.atomic():
        # Neither a beat nor a claim gets by this lock.
        assert NodeRow.objects.select_for_update().get().pid == node.process.pid
        turns_red(client)
        assert node.process.poll() is None

    wait_for(lambda: is_green(client), what="green again")
    assert node.stop() == 0


@pytest.mark.engine
@pytest.mark.skipif(connection.vendor != "mysql", reason="takes long, and is the same on all databases")
def test_loop_that_beats_but_whose_turns_all_fail_turns_it_red(client: Client, start_node: Callable[..., Node]) -> None:
    node = start_node().wait_until_ready()
    wait_for(lambda: is_green(client), what="green")

    table = SchedulerState._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        wait_for(lambda: not NodeRow.objects.turning().exists(), what="red", seconds=30)
        assert NodeRow.objects.alive().exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table}_away RENAME TO {table}")

    wait_for(lambda: is_green(client), what="green again")
    assert node.stop() == 0
