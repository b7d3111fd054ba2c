"""Real nodes: `manage.py runapscheduler` in a process of its own."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.processes import ROOT, stop
from scheduler.models import Node

T = TypeVar("T")
TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")


class NodeEnded(Exception):
    """A node ended by itself; what it said last is in the message."""


@dataclass(frozen=True, kw_only=True)
class RunningNode:
    """A node's process, and when it was started."""

    process: subprocess.Popen[bytes]
    log: Path
    started_at: float

    def cpu_seconds(self) -> float:
        """How long the process has kept a core busy."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK_SECONDS

    def most_megabytes(self) -> float:
        """The most memory that it ever had resident."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return float(status.partition("VmHWM:")[2].split()[0]) / 1024

    def require_running(self) -> None:
        """Raise NodeEnded where the process is gone."""
        if self.process.poll() is not None:
            raise NodeEnded(self.log.read_text()[-1500:])


@contextmanager
def node(*, name: str = "one", **environment: str) -> Iterator[RunningNode]:
    """A node for as long as the block lasts."""
    command = [sys.executable, "manage.py", "runapscheduler", f"--node={name}"]
    with tempfile.NamedTemporaryFile("w+") as log:
        started_at = time.time()
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log)
        with process:
            try:
                yield RunningNode(process=process, log=Path(log.name), started_at=started_at)
            finally:
                stop(process)


def wait_until_ready(running: RunningNode) -> None:
    """Wait until the node has registered and had time for its first turns."""
    own = Node.objects.filter(pid=running.process.pid, stopped_at=None)
    wait_for(own.exists, running, seconds=120)
    time.sleep(1)


def wait_for(condition: Callable[[], T], running: RunningNode, *, seconds: float, every: float = 0.02) -> T:
    """Wait until the condition holds, or the time is over, and return its value. Raises NodeEnded."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        running.require_running()
        time.sleep(every)
    return value
