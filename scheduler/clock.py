"""The present moment: that of the machine's clock, unless whoever travels in time goes by another.

What decides by the present moment asks here, or is told. A thread begins with the machine's clock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_another: ContextVar[Callable[[], datetime] | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Return the present moment, in UTC."""
    clock = _another.get()
    return datetime.now(UTC) if clock is None else clock()


@contextmanager
def going_by(clock: Callable[[], datetime]) -> Iterator[None]:
    """Let what is done within, in this thread, go by another clock."""
    token = _another.set(clock)
    try:
        yield
    finally:
        _another.reset(token)
