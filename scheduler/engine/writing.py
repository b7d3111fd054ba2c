"""How long the engine's transactions wait for others', and others for them."""

from django.db import connection

_LOCK_WAIT_SECONDS = 5
# The server ends a transaction that says nothing for so long: a node that is frozen in the middle of one must not hold
# its row, and the schedules that it was claiming, until it wakes. MySQL knows no such limit, only MariaDB.
_SILENCE_SECONDS = 10


def limit_lock_waits() -> None:
    """Limit for how long this thread's connection waits for a lock; does nothing while the connection is open.

    A turn that waited for somebody's forgotten transaction would miss its heartbeats, and be buried alive.
    """
    if connection.connection is None:
        for statement in _limits():
            with connection.cursor() as cursor:
                cursor.execute(statement)


def _limits() -> list[str]:
    if connection.vendor == "postgresql":
        return [
            f"SET lock_timeout = '{_LOCK_WAIT_SECONDS}s'",
            f"SET idle_in_transaction_session_timeout = '{_SILENCE_SECONDS}s'",
        ]
    if connection.vendor == "mysql":
        limits = [f"SET SESSION innodb_lock_wait_timeout = {_LOCK_WAIT_SECONDS}"]
        is_mariadb = getattr(connection, "mysql_is_mariadb", False)
        return [*limits, f"SET SESSION idle_write_transaction_timeout = {_SILENCE_SECONDS}"] if is_mariadb else limits
    return []
