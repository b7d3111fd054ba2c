"""Databases of a benchmark's own on a MariaDB server, dropped at the end."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

from tests.servers import Server, mariadb_connection


@contextmanager
def mariadb_database(server: Server, name: str) -> Iterator[str]:
    """An empty database for as long as the block lasts; answers its URL."""
    parts = urlsplit(server.url)
    own_name = f"carnation_benchmark_{name}_{os.getpid()}"
    with closing(mariadb_connection(parts)) as connection:
        connection.query(f"CREATE DATABASE {own_name} CHARACTER SET utf8mb4")
    try:
        yield parts._replace(path=f"/{own_name}").geturl()
    finally:
        with closing(mariadb_connection(parts)) as connection:
            connection.query(f"DROP DATABASE {own_name}")
