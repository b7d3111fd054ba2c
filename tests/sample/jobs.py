"""Tasks for the tests."""

import builtins
import logging
import os
import signal
import sys
import threading
import time
import uuid
from datetime import UTC, datetime

from django.db import transaction

from scheduler.current import current_execution
from scheduler.models import Job
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
def sign(path: str, text: str, seconds: float = 0) -> str:
    """Append a line with a signature that no other body writes, and return that after so many seconds."""
    signature = uuid.uuid4().hex
    note(path, f"{text} {signature} {os.getpid()}")
    time.sleep(seconds)
    return signature


@task
def fail(message: str = "it broke") -> None:
    """Raise an error."""
    raise RuntimeError(message)


class Unspeakable(Exception):
    """An error that cannot even be printed."""

    def __str__(self) -> str:
        raise KeyboardInterrupt


@task
def unspeakable() -> None:
    """Raise an error that cannot even be printed."""
    raise Unspeakable


@task
def leave_open() -> None:
    """Leave a transaction open."""
    transaction.atomic().__enter__()


@task
def count_jobs() -> int:
    """Read the database."""
    return Job.objects.count()


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


@task
def talk(words: str = "hello", seconds: float = 0, logger: str = "sample") -> str:
    """Print, complain, log, and report progress."""
    print(f"{words} from stdout")
    print(f"{words} from stderr", file=sys.stderr)
    logging.getLogger(logger).warning("%s from logging", words)
    current_execution().progress(1, 2, words)
    time.sleep(seconds)
    return words


@task
def wait_until_told(path: str) -> None:
    """Run until told to stop, and note that."""
    while not current_execution().wait(60):
        continue
    note(path, "told")


@task
def hang(path: str = "") -> None:
    """Sleep for ever, noting the process."""
    if path:
        note(path, str(os.getpid()))
    while True:
        time.sleep(60)


@task
def crash(how: str = "exit") -> None:
    """End the whole process, as a bug in C code does."""
    if how == "exit":
        os._exit(3)
    os.kill(os.getpid(), signal.SIGSEGV)


gate = threading.Event()


def open_gate() -> None:
    """Let all go on that wait for the gate, in this process."""
    gate.set()


def close_gate() -> None:
    """Let those who come from now on wait for the gate."""
    gate.clear()


@task
def wait_for_gate() -> None:
    """Wait, deaf to whoever wants it to stop, until a test opens the gate."""
    gate.wait(60)


@task
def raise_builtin(name: str) -> None:
    """Raise what only the interpreter should."""
    raise getattr(builtins, name)


@task
def fail_until(path: str, times: int) -> str:
    """Fail the first times, counted in a file."""
    note(path, f"try {current_execution().attempt}")
    with open(path) as notes:  # noqa: PTH123
        if len(notes.readlines()) <= times:
            raise ConnectionError("not yet")
    return "at last"
