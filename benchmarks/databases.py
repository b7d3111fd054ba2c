"""Databases of a benchmark's own, dropped at the end."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from urllib.parse import urlsplit

from tests.servers import Server, maintenance_url, mariadb, mariadb_connection, postgresql

# Makes an empty database of a name for as long as a block lasts, and answers its URL.
MakeDatabase = Callable[[str], AbstractContextManager[str]]


@contextmanager
def open_server(database: str) -> Iterator[MakeDatabase]:
    """Where databases of one kind can be made, for as long as the block lasts."""
    if database == "SQLite":
        yield sqlite_database
    elif database == "MariaDB":
        with mariadb() as server:
            yield partial(mariadb_database, server)
    else:
        with postgresql() as server:
            yield partial(postgresql_database, server)


@contextmanager
def sqlite_database(name: str) -> Iterator[str]:
    """The URL of a file that is not there yet."""
    with tempfile.TemporaryDirectory(prefix="carnation-benchmark-") as folder:
        yield f"sqlite:///{folder}/{name}.sqlite3"


@contextmanager
def mariadb_database(server: Server, name: str) -> Iterator[str]:
    """An empty database for as long as the block lasts; answers its URL."""
    parts, own_name = urlsplit(server.url), _own_name(name)
    with closing(mariadb_connection(parts)) as connection:
        connection.query(f"CREATE DATABASE {own_name} CHARACTER SET utf8mb4")
    try:
        yield parts._replace(path=f"/{own_name}").geturl()
    finally:
        with closing(mariadb_connection(parts)) as connection:
            connection.query(f"DROP DATABASE {own_name}")


@contextmanager
def postgresql_database(server: Server, name: str) -> Iterator[str]:
    """An empty database for as long as the block lasts; answers its URL."""
    own_name = _own_name(name)
    _on_postgresql(server, f"CREATE DATABASE {own_name}")
    try:
        yield urlsplit(server.url)._replace(path=f"/{own_name}").geturl()
    finally:
        _on_postgresql(server, f"DROP DATABASE {own_name} WITH (FORCE)")


def _own_name(name: str) -> str:
    return f"carnation_benchmark_{name}_{os.getpid()}"


def _on_postgresql(server: Server, statement: str) -> None:
    import psycopg

    with closing(psycopg.connect(maintenance_url(server.url), autocommit=True)) as connection:
        connection.execute(statement.encode())
