"""How long the engine's transactions wait for others'."""

from django.db import connection

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
