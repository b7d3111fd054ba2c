"""Counts the statements of a process in a file that other processes can read meanwhile."""

import mmap
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

NUMBER = struct.Struct("=Q")


def count_statements(path: str) -> None:
    """Count what is executed on every connection, and each commit; one executemany counts as one."""
    counter = Counter(path)

    def count(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        if counter.see_statement not in connection.execute_wrappers:
            connection.execute_wrappers.append(counter.see_statement)
            counter.see_commits(connection)

    connection_created.connect(count, weak=False)


def statements_in(path: Path) -> int:
    """Read a count."""
    count: int = NUMBER.unpack(path.read_bytes())[0]
    return count


class Counter:
    """A number in a file."""

    def __init__(self, path: str) -> None:
        Path(path).write_bytes(NUMBER.pack(0))
        with Path(path).open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), NUMBER.size)
        self._lock = threading.Lock()
        self._count = 0

    def see_statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count one statement; an execute wrapper of Django's."""
        self._add_one()
        return execute(sql, params, many, context)

    def see_commits(self, connection: BaseDatabaseWrapper) -> None:
        """Count the commits of a connection, which no execute wrapper sees."""
        commit = connection.commit

        def counted() -> None:
            self._add_one()
            commit()

        connection.commit = counted  # type: ignore[method-assign]

    def _add_one(self) -> None:
        with self._lock:
            self._count += 1
            self._memory[:] = NUMBER.pack(self._count)
