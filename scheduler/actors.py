"""Who is acting: whoever asks a service for something says so here, and the service writes it down.

A thread begins with nobody; what it does is then nobody's, which is as much as can be known.
"""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

# By which way somebody acts; "" where nobody said.
SOURCES = ("rest", "admin", "command", "settings", "engine", "")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody (a user, a node), and the way by which they act: one of SOURCES."""

    name: str = ""
    source: str = ""


NOBODY = Actor()
_current: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current_actor() -> Actor:
    """Return who is acting in this thread."""
    return _current.get()


@contextmanager
def acting(*, name: str = "", source: str) -> Iterator[None]:
    """Let what is done within be done by this actor."""
    token = _current.set(Actor(name=name, source=source))
    try:
        yield
    finally:
        _current.reset(token)


def name_actor(name: str) -> None:
    """Say who it is that acts, once that is known; it holds until the enclosing `acting` ends."""
    _current.set(Actor(name=name, source=_current.get().source))


def name_of_system_user() -> str:
    """Return the name of the user whose process this is; a number where the system knows no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
