"""Transactions that write, and don't mind other writers."""

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
