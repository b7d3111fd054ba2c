"""What happens in a child process: it prepares itself once, then carries out one run after another.

It speaks to its node by two named pipes for each run: what the body prints goes into one, just as it is; the other
takes lines of JSON (`child_body`). Nothing here imports Django's models before `prepare` has set Django up.
"""

import ctypes
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import django

from scheduler.current import find_current
from scheduler.engine.child_guard import leave_guard

_PR_SET_PDEATHSIG = 1


class Told(SystemExit):
    """Raised within a body that must end now, so that it can still put things in order."""


def prepare(parent: int) -> None:
    """Set up Django, and see to it that this process ends with its node, whatever ends that."""
    # A group of its own: what a body has started can be ended with it, and Ctrl-C reaches the node only.
    os.setsid()
    _end_with_parent()
    if os.getppid() != parent:
        os._exit(0)
    leave_guard(parent)
    # What a body forks does not inherit it.
    os.register_at_fork(after_in_child=_end_with_parent)
    django.setup()
    if not logging.getLogger().handlers:
        logging.basicConfig()
    signal.signal(signal.SIGTERM, _tell_body)


def _end_with_parent() -> None:
    """Let the system kill this process when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def carry_out(run: Any, gate: Path, control_pipe: Path, output_pipe: Path) -> Any:
    """Run a body in this process's main thread; answers its outcome, without the log, which the node has read."""
    from scheduler.engine.child_body import ChildBody  # noqa: PLC0415 - needs Django to be set up
    from scheduler.engine.runner import run_body  # noqa: PLC0415

    with _output_into(output_pipe):
        body = ChildBody(run, control_pipe)
        _wait_at(gate)
        process, threads = os.getpid(), set(threading.enumerate())
        try:
            outcome = run_body(body)
            if os.getpid() == process:
                _join_threads(set(threading.enumerate()) - threads)
            return outcome
        finally:
            if os.getpid() != process:
                # A child that the body forked, and that came back from it. There is but one outcome, its parent's.
                _flush()
                os._exit(0)
            body.close()
            if body.should_stop:
                # It was told to stop, and has; nobody waits for its outcome any more.
                _flush()
                os._exit(1)


def _join_threads(threads: Iterable[threading.Thread]) -> None:
    """Wait for what the body has started, as Python does when it ends; or they would print into the next one's log."""
    for thread in threads:
        if not thread.daemon:
            thread.join()


def _wait_at(gate: Path) -> None:
    """Wait until the node says that the run is still its own; it may have been suspended, and declared dead."""
    descriptor = os.open(gate, os.O_RDONLY)
    try:
        if not os.read(descriptor, 1):
            os._exit(1)
    finally:
        os.close(descriptor)


def _tell_body(number: int, frame: FrameType | None) -> None:
    """On SIGTERM: let the body put things in order; the node kills this process if it takes more than a moment."""
    body: Any = find_current()
    if body is None or body.should_stop:
        os._exit(1)
    body.request_stop()
    body.tell_where(frame)
    raise Told


@contextmanager
def _output_into(pipe: Path) -> Iterator[None]:
    """Send all that this process prints into a pipe, also what is not Python's.

    Each body has streams of its own: it may close them, or put others in their place.
    """
    streams, before = (sys.stdout, sys.stderr), [os.dup(number) for number in (1, 2)]
    output = os.open(pipe, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(output, number)
    os.close(output)
    sys.stdout, sys.stderr = _text_stream(1), _text_stream(2)
    try:
        yield
    finally:
        _flush()
        sys.stdout, sys.stderr = streams
        for number, descriptor in zip((1, 2), before, strict=True):
            os.dup2(descriptor, number)
            os.close(descriptor)


def _text_stream(number: int) -> TextIO:
    """Return a stream that takes any text, and that leaves the descriptor open when it is closed."""
    return os.fdopen(number, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            # The body closed it, put something else there, or nobody reads any more.
            stream.flush()
