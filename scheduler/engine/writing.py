"""The engine's write transactions, and how long they wait for others'."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction

_turn = threading.Lock()


@contextmanager
def write_transaction() -> Iterator[None]:
    """A transaction that writes; on SQLite, one at a time within this process.

    SQLite lets one write at a time, and whoever finds the lock taken sleeps, ever longer. The loop and the recorder
    of a node would so lose nine tenths of their speed to each other. Other databases sort it out themselves.
    """
    with _turn if connection.vendor == "sqlite" else nullcontext(), transaction.atomic():
        yield


_LOCK_WAIT_SECONDS = 5
_LIMITS = {
    "postgresql": f"SET lock_timeout = '{_LOCK_WAIT_SECONDS}s'",
    "mysql": f"SET SESSION innodb_lock_wait_timeout = {_LOCK_WAIT_SECONDS}",
}


def limit_lock_waits() -> None:
    """Limit for how long this thread's connection waits for a lock; does nothing while the connection is open.

    A turn that waited for somebody's forgotten transaction would miss its heartbeats, and be buried alive.
    """
    if connection.connection is None and connection.vendor in _LIMITS:
        with connection.cursor() as cursor:
            cursor.execute(_LIMITS[connection.vendor])
