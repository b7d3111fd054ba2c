"""Real processes and real waiting, for the tests of the engine."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")


def database_url() -> str:
    """Return the URL of this test's database, for other processes."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    scheme = {"mysql": "mysql", "postgresql": "postgres"}[connection.vendor]
    login = settings["USER"] + (f":{settings['PASSWORD']}" if settings["PASSWORD"] else "")
    return f"{scheme}://{login}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


def environment_for_processes(**more: str) -> dict[str, str]:
    """Return the environment in which another process finds the tests' settings, tasks and database."""
    ours = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONUNBUFFERED": "1"}
    return os.environ | ours | more


class Node:
    """A running `manage.py runapscheduler`."""

    def __init__(self, *arguments: str, log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "runapscheduler", *arguments],
                cwd=ROOT,
                env=environment_for_processes(**environment),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self.log.read_text()

    def wait_until_ready(self) -> "Node":
        """Wait until it has registered itself."""
        wait_for(lambda: "Node " in self.output or self.process.poll() is not None, what="the node to start")
        assert self.process.poll() is None, self.output
        return self

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it by a signal; return its exit status."""
        self.process.send_signal(how)
        return self.process.wait(60)

    def kill(self) -> None:
        """Kill it outright, if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def wait_for(condition: Callable[[], T | None], *, what: str, seconds: float = 60) -> T:
    """Wait until the condition holds, and return its value. The time allowed is no claim: machines are slow."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.05)


def lines_of(path: Path) -> list[str]:
    """Return what tasks noted in a file."""
    return path.read_text().splitlines() if path.exists() else []
