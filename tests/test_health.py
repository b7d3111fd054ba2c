"""Health is what the heartbeats say, not that a process is there."""

import signal
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from scheduler.models import DEAD_AFTER
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

    assert client.get(URL).json() == {"status": "ok", "nodes": 1}
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


@pytest.mark.engine
def test_stuck_node_turns_it_red_and_a_woken_one_green_again(client: Client, start_node: Callable[..., Node]) -> None:
    node = start_node().wait_until_ready()
    wait_for(lambda: client.get(URL).status_code == 200, what="green")

    node.process.send_signal(signal.SIGSTOP)
    wait_for(lambda: client.get(URL).status_code == 503, what="red")
    node.process.send_signal(signal.SIGCONT)

    wait_for(lambda: client.get(URL).status_code == 200, what="green again")
