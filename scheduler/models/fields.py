"""Columns whose texts are compared exactly: "A" is not "a", and "a " is not "a", on every database.

MySQL and MariaDB compare case-insensitively by default, so two job ids could collide there.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


def exact_collation(connection: BaseDatabaseWrapper) -> str | None:
    """Return the collation that compares code points and keeps trailing blanks apart, where one must be named."""
    if connection.vendor != "mysql":
        return None
    return "utf8mb4_nopad_bin" if getattr(connection, "mysql_is_mariadb", False) else "utf8mb4_0900_bin"


class ExactCharField(models.CharField):  # type: ignore[type-arg]
    """A CharField compared exactly."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        """Add the collation."""
        return {**super().db_parameters(connection), "collation": exact_collation(connection)}
