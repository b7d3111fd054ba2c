"""The hot statements: many rows in one round trip, without the ORM, which would cost several times the database's work.

An update that gives every row another value takes the rows as one JSON document, which the database servers can join.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

# SQL types of a document's columns, by vendor.
_TYPES: Mapping[str, Mapping[type, str]] = {
    "postgresql": {int: "bigint", str: "text", datetime: "timestamptz"},
    "mysql": {int: "BIGINT", str: "LONGTEXT", datetime: "DATETIME(6)"},
}


@dataclass(frozen=True, kw_only=True)
class BulkUpdate:
    """UPDATE of many rows of one table, where all `keys` are equal and `guard` (SQL on the table `t`) still holds."""

    model: type[models.Model]
    keys: Mapping[str, type]
    columns: Mapping[str, type]
    guard: str = "1 = 1"

    def run(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Update the rows; return how many there were for whom keys and guard held."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # No round trip to save here, and SQLite's planner would rather join the document row by row.
                names = (*self.columns, *self.keys)
                cursor.executemany(self._statement(), [[_adapted(row[name]) for name in names] for row in rows])
            else:
                document = json.dumps([{name: _plain(value) for name, value in row.items()} for row in rows])
                cursor.execute(self._statement(), [document])
            return int(cursor.rowcount)

    def _statement(self) -> str:
        table = connection.ops.quote_name(self.model._meta.db_table)
        types = {**self.keys, **self.columns}
        match_rows = " AND ".join(f"t.{name} = v.{name}" for name in self.keys)
        match connection.vendor:
            case "sqlite":
                changes = ", ".join(f"{name} = %s" for name in self.columns)
                match_values = " AND ".join(f"t.{name} = %s" for name in self.keys)
                return f"UPDATE {table} AS t SET {changes} WHERE {match_values} AND {self.guard}"
            case "mysql":
                changes = ", ".join(f"t.{name} = v.{name}" for name in self.columns)
                source = self._mysql_rows(types)
                return f"UPDATE {table} AS t JOIN {source} ON {match_rows} SET {changes} WHERE {self.guard}"
            case _:
                changes = ", ".join(f"{name} = v.{name}" for name in self.columns)
                source = self._postgresql_rows(types)
                return f"UPDATE {table} AS t SET {changes} FROM {source} WHERE {match_rows} AND {self.guard}"

    def _postgresql_rows(self, types: Mapping[str, type]) -> str:
        columns = ", ".join(f"{name} {_TYPES['postgresql'][kind]}" for name, kind in types.items())
        return f"json_to_recordset(%s::json) AS v({columns})"

    def _mysql_rows(self, types: Mapping[str, type]) -> str:
        # A textual key as VARCHAR, because a LONGTEXT cannot be looked up in the index.
        sql_types = _TYPES["mysql"]
        columns = ", ".join(
            f"{name} {'VARCHAR(255)' if name in self.keys and kind is str else sql_types[kind]} PATH '$.{name}'"
            for name, kind in types.items()
        )
        return f"JSON_TABLE(%s, '$[*]' COLUMNS ({columns})) AS v"


@dataclass(frozen=True, kw_only=True)
class BulkInsert:
    """INSERT of many rows, their values in the order of `columns`. Raises IntegrityError for all of them."""

    model: type[models.Model]
    columns: Mapping[str, type]

    def run(self, rows: Sequence[Sequence[Any]]) -> None:
        """Insert the rows, as one statement."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        into = f"INSERT INTO {table} ({', '.join(map(connection.ops.quote_name, self.columns))})"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Its driver takes as long for thousands of parameters as the server for the whole statement.
                document = json.dumps([dict(zip(self.columns, map(_plain, row), strict=True)) for row in rows])
                types = ", ".join(f"{name} {_TYPES['postgresql'][kind]}" for name, kind in self.columns.items())
                cursor.execute(f"{into} SELECT * FROM json_to_recordset(%s::json) AS v({types})", [document])
            else:
                marks = f"({', '.join(['%s'] * len(self.columns))})"
                values = [_adapted(value) for row in rows for value in row]
                cursor.execute(f"{into} VALUES {', '.join([marks] * len(rows))}", values)


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _plain(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    adapted = _adapted(value)
    return adapted.isoformat() if isinstance(adapted, datetime) else str(adapted)
