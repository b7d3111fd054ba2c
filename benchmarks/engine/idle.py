"""A node with nothing to do."""

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.engine.counting import statements_in
from benchmarks.engine.nodes import node, wait_until_ready

SETTLE_SECONDS = 5


def idle(*, seconds: float) -> dict[str, Any]:
    """Watch a node on a database whose jobs are all far away: its share of a core, its statements a second."""
    with tempfile.NamedTemporaryFile() as count:
        # Counting costs a little, so the node that is watched for its CPU is another.
        cpu = _cpu_share(seconds)
        with node(COUNT_STATEMENTS_IN=count.name) as running:
            wait_until_ready(running)
            time.sleep(SETTLE_SECONDS)
            before = statements_in(Path(count.name))
            time.sleep(seconds)
            statements = statements_in(Path(count.name)) - before
    return {"cpu": cpu, "statements": statements / seconds}


def _cpu_share(seconds: float) -> float:
    """The percentage of one core."""
    with node() as running:
        wait_until_ready(running)
        time.sleep(SETTLE_SECONDS)
        before = running.cpu_seconds()
        time.sleep(seconds)
        return (running.cpu_seconds() - before) / seconds * 100
