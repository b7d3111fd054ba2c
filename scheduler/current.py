"""What a body may ask and tell while it runs, by `current_execution()`. Any task may import this."""

import math
import threading
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Progress:
    """How far a body has come: `done` of `total`, and a few words. None where it did not say."""

    done: float | None = None
    total: float | None = None
    text: str = ""


NO_PROGRESS = Progress()
LONGEST_TEXT = 255


_lock = threading.Lock()


class RunningExecution:
    """One execution, as its body sees it. Threads that the body starts must be handed it; they don't inherit it."""

    def __init__(self, *, execution_id: int, job_id: str, scheduled_for: datetime, attempt: int = 1) -> None:
        self.id = execution_id
        self.job_id = job_id
        self.scheduled_for = scheduled_for
        self.attempt = attempt
        self.latest_progress = NO_PROGRESS
        self._is_stopping = False
        # Made when a body waits on it, which most never do.
        self._told: threading.Event | None = None

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        """Report how far the body has come; pages show it within about a second. Call it as often as you like."""
        self.latest_progress = Progress(_number(done), _number(total), _short_text(text))

    @property
    def should_stop(self) -> bool:
        """Whether the run has been given up: cancelled, timed out, or lost by its node. End soon, and in order."""
        return self._is_stopping

    def wait(self, seconds: float) -> bool:
        """Sleep, but no longer than until the body should stop; answers whether it should."""
        with _lock:
            self._told = self._told or threading.Event()
        return self._is_stopping or self._told.wait(seconds)

    def request_stop(self) -> None:
        """Tell the body to stop. The engine calls this."""
        self._is_stopping = True
        with _lock:
            if self._told:
                self._told.set()


def _number(value: Any) -> float | None:
    """Return a finite number; None for what is none, since a report of progress must not end a body."""
    try:
        number = float(value)
    except Exception:  # noqa: BLE001 - the value's own __float__ may raise anything
        return None
    return number if math.isfinite(number) else None


def _short_text(value: Any) -> str:
    try:
        return str(value)[:LONGEST_TEXT]
    except Exception:  # noqa: BLE001 - as above
        return ""


_current: ContextVar[RunningExecution | None] = ContextVar("current_execution", default=None)


def current_execution() -> RunningExecution:
    """Return the execution whose body calls this; elsewhere an inert one, so that tasks can be called anywhere."""
    return _current.get() or RunningExecution(execution_id=0, job_id="", scheduled_for=datetime.now(UTC))


def find_current() -> RunningExecution | None:
    """Return the execution whose body calls this, if any does."""
    return _current.get()


def enter_execution(execution: RunningExecution) -> Token[RunningExecution | None]:
    """Make an execution the current one of this thread; answers what `leave_execution` needs."""
    return _current.set(execution)


def leave_execution(token: Token[RunningExecution | None]) -> None:
    """Undo `enter_execution`."""
    _current.reset(token)
