"""Reads django-celery-beat's tables where they are, in this or another database, without its package."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import environ
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.utils.translation import gettext as _

from scheduler.exceptions import InvalidInput
from scheduler.exchange.celerywhen import BeatRow

_PREFIX = "django_celery_beat_"
_SCHEDULES = {"crontab": "crontabschedule", "interval": "intervalschedule", "clocked": "clockedschedule"}
_DATES = ("expires", "start_time", "last_run_at", "clocked_time")


def has_beat_tables() -> bool:
    """Tell whether the tables are in this database."""
    return f"{_PREFIX}periodictask" in connections["default"].introspection.table_names()


def read_beat_tables(database: str) -> list[BeatRow]:
    """Return the rows of the tables in the database of an alias, or of a URL such as DATABASE_URL.

    Raises InvalidInput where it is neither, and DatabaseError where the tables cannot be read.
    """
    connection = _connect(database)
    try:
        schedules = {name: _by_id(connection, table) for name, table in _SCHEDULES.items()}
        rows = _read(connection, "periodictask")
    finally:
        if database not in settings.DATABASES:
            connection.close()
    return [
        BeatRow(task=row, **{name: found.get(row.get(f"{name}_id")) for name, found in schedules.items()})
        for row in sorted(rows, key=lambda row: str(row["name"]))
    ]


def _connect(database: str) -> BaseDatabaseWrapper:
    if database in settings.DATABASES:
        return connections[database]
    scheme, separator, _rest = database.partition("://")
    if not separator or scheme not in environ.Env.DB_SCHEMES:
        raise InvalidInput({"database": _("Enter an alias of DATABASES, or a database's URL.")})
    return ConnectionHandler({"default": {**environ.Env.db_url_config(database)}})["default"]


def _by_id(connection: BaseDatabaseWrapper, table: str) -> dict[Any, Mapping[str, Any]]:
    return {row["id"]: row for row in _read(connection, table)}


def _read(connection: BaseDatabaseWrapper, table: str) -> list[dict[str, Any]]:
    """Return all rows with all columns there are: which, depends on the version of django-celery-beat."""
    name = connection.ops.quote_name(f"{_PREFIX}{table}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {name}")  # noqa: S608 - the name is our own
        columns = [column[0] for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return [{name: _aware(value) if name in _DATES else value for name, value in row.items()} for row in rows]


def _aware(value: Any) -> datetime | None:
    """Return a date as Django stores it: in UTC, with or without saying so, on SQLite as a text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
