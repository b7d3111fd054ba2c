"""Tasks for the tests."""

import os
import time
from datetime import UTC, datetime

from scheduler.registry import task


@task
def nothing() -> None:
    """Do nothing."""


@task
def note(path: str, text: str = "") -> None:
    """Append a line to a file: one write, so that the lines of many processes don't mix."""
    line = f"{text} {datetime.now(UTC).isoformat()}\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, line.encode())
    os.close(descriptor)


@task
def fail(message: str = "it broke") -> None:
    """Raise an error."""
    raise RuntimeError(message)


@task
def add(first: float, second: float = 1) -> float:
    """Return a sum."""
    return first + second


@task
def sleep(seconds: float, path: str = "") -> None:
    """Sleep, and say when it began."""
    if path:
        note(path, "began")
    time.sleep(seconds)
    if path:
        note(path, "ended")


if os.environ.get("SAMPLE_RENAMED"):

    @task
    def new_name(path: str) -> None:
        """What `old_name` is called after a deploy that renamed it."""
        note(path, "new")

else:

    @task
    def old_name(path: str) -> None:
        """A task that a deploy may rename."""
        note(path, "old")
