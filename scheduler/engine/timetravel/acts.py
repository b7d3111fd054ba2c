"""What bodies do while time is travelled: they end well, or fail, after so long, or the task itself is called."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from scheduler.engine.definitions import Run

NO_TIME = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Act:
    """What one body does: it takes so long, and then fails with the error, if there is one.

    With `calls_task` it is the task that says how it ends. It is called at the start, and counts as having taken so
    long.
    """

    after: timedelta = NO_TIME
    error: Exception | None = None
    calls_task: bool = False


# One act for all bodies, or what says which: called when a run starts. None is to succeed at once.
Acting: TypeAlias = "Act | Callable[[Run], Act | None]"


def succeed(after: timedelta = NO_TIME) -> Act:
    """End well after so long."""
    return Act(after=after)


def fail(error: Exception | str = "it failed", after: timedelta = NO_TIME) -> Act:
    """Fail after so long, with this error; a text stands for a RuntimeError."""
    return Act(after=after, error=RuntimeError(error) if isinstance(error, str) else error)


def call_task(after: timedelta = NO_TIME) -> Act:
    """Call the task itself, in the traveller's thread, and let that count as having taken so long."""
    return Act(after=after, calls_task=True)
