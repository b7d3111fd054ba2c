"""The engine end to end, in processes of its own."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.models import Execution, Status
from scheduler.services.jobs import create_job
from tests.processes import Node, lines_of, wait_for

pytestmark = pytest.mark.engine


def test_posted_job_runs_once_and_is_recorded(start_node: Callable[..., Node], tmp_path: Path) -> None:
    start_node().wait_until_ready()
    create_job({"id": "once", "func": "jobs:note", "args": [str(tmp_path / "notes"), "hello"]})

    wait_for(lambda: Execution.objects.filter(status=Status.SUCCEEDED).exists(), what="the run to be recorded")

    assert len(lines_of(tmp_path / "notes")) == 1
    assert Execution.objects.get().job.finished_at is not None


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_node_stops_in_order_on_a_signal(start_node: Callable[..., Node], how: signal.Signals) -> None:
    node = start_node().wait_until_ready()

    assert node.stop(how) == 0
