"""Tasks for the tests."""

import builtins
import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from string import Template
from typing import Literal

from django.db import transaction

from scheduler.current import current_execution
from scheduler.models import Job
from scheduler.registry import task


@task
def nothing() -> None:
    """Do nothing."""


@task
def greet(name: str, times: int = 1) -> str:
    """Say hello."""
    return f"Hello {name}! " * times


@task
def anything(*args: object, **kwargs: object) -> None:
    """Take any arguments."""


@task
def tell_when() -> str:
    """Answer for when this run was scheduled."""
    return current_execution().scheduled_for.isoformat()


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
def fork_and_return() -> str:
    """Fork, and return twice: in the parent, and in the child."""
    return "child" if os.fork() == 0 else "parent"


@task
def talk_later(seconds: float) -> None:
    """Return at once, and let a thread print later."""
    threading.Timer(seconds, print, ["from a thread"]).start()


@task
def crash(how: str = "exit") -> None:
    """End the whole process, as a bug in C code does."""
    if how.startswith("exit"):
        os._exit(0 if how == "exit 0" else 3)
    os.kill(os.getpid(), getattr(signal, how))
    time.sleep(60)


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
    if len(Path(path).read_text().splitlines()) <= times:
        raise ConnectionError("not yet")
    return "at last"


@task
def return_the_unspeakable() -> object:
    """Return what cannot be printed, nor travel."""
    return Unspeakable(threading.Lock())


@task
def raise_the_unpicklable() -> None:
    """Raise an error that cannot travel between processes."""

    class LocalError(Exception):
        pass

    raise LocalError(threading.Lock())


@task
def call_program(command: str) -> None:
    """Let a shell print."""
    subprocess.run(command, shell=True, check=True)


@task
def print_much(length: int) -> None:
    """Print more than any pipe holds."""
    print("begin " + "x" * length + " end")


@task
def break_streams(how: str) -> None:
    """Do to the streams what a body should not."""
    if how == "close":
        sys.stdout.close()
        sys.stderr.close()
    elif how == "replace":
        sys.stdout = sys.stderr = io.StringIO()
    else:
        os.close(1)


class Strange:
    """A value that can be neither counted, nor printed, nor sent to another process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    def __str__(self) -> str:
        raise RuntimeError


@task
def report_strangely() -> None:
    """Report what is no progress."""
    current_execution().progress(Strange(), 4, Strange())  # type: ignore[arg-type]


def note_program(path: str, command: str = "sleep 600") -> None:
    """Start a program, and note its process."""
    note(path, str(subprocess.Popen(command.split()).pid))


@task
def hang_with_program(path: str) -> None:
    """Start a program, and never end."""
    note_program(path)
    hang(path)


@task
def hang_in_order(path: str) -> None:
    """Never end, but put things in order when told to."""
    try:
        hang(path)
    finally:
        note(path, "tidied")
        print("tidied up")


@task
def hang_deaf(path: str) -> None:
    """Never end, whatever signal comes."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hang(path)


@task
def hang_catching(path: str) -> None:
    """Never end, whatever is raised."""
    while True:
        try:
            hang(path)
        except BaseException:
            continue


@task
def crash_with_program(path: str) -> None:
    """Print, start a program, and crash."""
    print("last words")
    note_program(path)
    crash("SIGKILL")


@task
def leave_program(path: str) -> None:
    """End, and leave a program behind that prints for ever."""
    note_program(path, "yes")


@task
def talk_strangely() -> None:
    """Print, log and report what is hard to store."""
    talk("null \0 emoji 😀 康乃馨 surrogate \ud800")


@task
def sleep_first(path: str, begun: str) -> None:
    """Note each try; never end the first one."""
    note(path)
    if len(Path(path).read_text().splitlines()) == 1:
        hang(begun)


class Colour(Enum):
    """Colours."""

    RED = "red"
    BLUE = 2


@task
def report(  # noqa: PLR0917 - it is about its arguments
    title: str,
    day: date,
    since: datetime | None = None,
    copies: int = 1,
    share: float = 0.5,
    draft: bool = False,
    size: Literal["A4", "A5"] = "A4",
    colour: Colour = Colour.RED,
    to: list[str] | None = None,
    *rest: int,
    extra: dict[str, int] | None = None,
    **more: object,
) -> str:
    """Answer all that it is given.

    It has one argument of each kind.

    Args:
        title: What stands above it.
        day: The day that it is about,
            which may be any.
    """
    return repr((title, day, since, copies, share, draft, size, colour, to, rest, extra, more))


@task
def write_letters(text: str, names: list[str], paper: Literal["A4", "A5"] = "A4", mailbox: str = "") -> str:
    """Write a letter to each of several people.

    Args:
        text: What it says; $name becomes the name.
        names: To whom.
        mailbox: A file; no letter is written before it is there.
    """
    print(f"Paper: {paper}")
    while mailbox and not Path(mailbox).exists():
        current_execution().wait(0.05)
    for number, name in enumerate(names, 1):
        print(f"Letter {number} of {len(names)}")
        print(fill_letter(text, name))
    return f"{len(names)} letters"


def fill_letter(text: str, name: str) -> str:
    """Return the text of a letter to somebody."""
    return Template(text).substitute(name=name)
