"""Deadlocks: the database ends one of two transactions that wait for each other; that one is simply tried again."""

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 5
_MYSQL_DEADLOCK = 1213
_POSTGRESQL_DEADLOCK = "40P01"


def retry_deadlocks(function: Callable[P, R]) -> Callable[P, R]:
    """Call a function, which is one transaction, again when a deadlock has undone it.

    Within a transaction of the caller's nothing is tried again: all of that is undone, and the caller's to repeat.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES):
            try:
                return function(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not is_deadlock(error):
                    raise
                time.sleep(0.01 * attempt)
        return function(*args, **kwargs)

    return call


def is_deadlock(error: OperationalError) -> bool:
    """Tell whether the database says that it has ended this transaction for another's sake."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return sqlstate == _POSTGRESQL_DEADLOCK or error.args[:1] == (_MYSQL_DEADLOCK,)
