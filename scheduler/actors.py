"""Who is acting: whoever asks a service for something says so here, and the service writes it down.

A thread begins with nobody; what it does is then nobody's, which is as much as can be known.
"""

import getpass
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any

# By which way somebody acts; "" where nobody said.
SOURCES = ("rest", "admin", "command", "settings", "engine", "")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody (a user, a node), the way by which they act, one of SOURCES, and the address of a request."""

    name: str = ""
    source: str = ""
    address: str = ""


NOBODY = Actor()
_current: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current_actor() -> Actor:
    """Return who is acting in this thread."""
    return _current.get()


@contextmanager
def acting(*, name: str = "", source: str, address: str = "") -> Iterator[None]:
    """Let what is done within be done by this actor."""
    token = _current.set(Actor(name=name, source=source, address=address))
    try:
        yield
    finally:
        _current.reset(token)


def name_actor(name: str) -> None:
    """Say who it is that acts, once that is known; it holds until the enclosing `acting` ends."""
    _current.set(replace(_current.get(), name=name))


def name_of_system_user() -> str:
    """Return the name of the user whose process this is; a number where the system knows no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def address_of(request: Mapping[str, Any], *, trusts_proxy: bool) -> str:
    """Return the address that a request's environment (WSGI's) names as its sender's; "" where it names none.

    Behind a proxy it is the last one that was forwarded, which that proxy wrote itself: what stands before it, the
    client may have made up.
    """
    forwarded = str(request.get("HTTP_X_FORWARDED_FOR", "")) if trusts_proxy else ""
    for address in (forwarded.rpartition(",")[2], str(request.get("REMOTE_ADDR", ""))):
        try:
            return str(ip_address(address.strip().strip("[]")))
        except ValueError:
            continue
    return ""
