"""The hot statements: many rows in one round trip, without the ORM, which would cost several times the database's work.

An update that gives every row another value takes the rows as one JSON document, which the database servers can join.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
                cursor.executemany(self._statement(), [_with_texts([row[name] for name in names]) for row in rows])
            else:
                cursor.execute(self._statement(), [_document(rows)])
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
                source = rows_of_document(types, self.keys)
                return f"UPDATE {table} AS t JOIN {source} ON {match_rows} SET {changes} WHERE {self.guard}"
            case _:
                changes = ", ".join(f"{name} = v.{name}" for name in self.columns)
                source = rows_of_document(types)
                return f"UPDATE {table} AS t SET {changes} FROM {source} WHERE {match_rows} AND {self.guard}"


@dataclass(frozen=True, kw_only=True)
class BulkInsert:
    """INSERT of many rows, which give `columns`; `expressions` are SQL on the row `v`, and may have parameters.

    Raises IntegrityError for all of the rows.
    """

    model: type[models.Model]
    columns: Mapping[str, type]
    expressions: Mapping[str, str] = field(default_factory=dict)

    def run(self, rows: Sequence[Sequence[Any]], parameters: Sequence[Any] = ()) -> None:
        """Insert the rows, their values in the order of `columns`, as one statement."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.executemany(self._statement(), [_with_texts([*parameters, *row]) for row in rows])
            else:
                document = _document([dict(zip(self.columns, row, strict=True)) for row in rows])
                cursor.execute(self._statement(), [*_with_texts(parameters), document])

    def _statement(self) -> str:
        table = connection.ops.quote_name(self.model._meta.db_table)
        # The expressions first, whose parameters come before the rows.
        values = ", ".join([*self.expressions.values(), *(f"v.{name}" for name in self.columns)])
        into = ", ".join([*self.expressions, *self.columns])
        if connection.vendor == "sqlite":
            source = f"(SELECT {', '.join(f'%s AS {name}' for name in self.columns)}) AS v"
        else:
            source = rows_of_document(self.columns)
        return f"INSERT INTO {table} ({into}) SELECT {values} FROM {source}"


def rows_of_document(columns: Mapping[str, type], keys: Collection[str] = ()) -> str:
    """Return the SQL of a table `v` whose rows are the objects of a JSON document, which is its one parameter.

    For the database servers: SQLite knows no round trips that it could save.
    """
    types = _TYPES[connection.vendor]
    if connection.vendor == "postgresql":
        return f"json_to_recordset(%s::json) AS v({', '.join(f'{name} {types[columns[name]]}' for name in columns)})"
    # A textual key as VARCHAR, because a LONGTEXT cannot be looked up in the index.
    paths = [
        f"{name} {'VARCHAR(255)' if name in keys and kind is str else types[kind]} PATH '$.{name}'"
        for name, kind in columns.items()
    ]
    return f"JSON_TABLE(%s, '$[*]' COLUMNS ({', '.join(paths)})) AS v"


def select(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a SELECT, just as the driver gives them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def execute(statement: str, parameters: Sequence[Any]) -> None:
    """Carry out a statement that returns nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def within(column: str, values: Collection[Any]) -> tuple[str, list[Any]]:
    """Return the condition that a column has one of these values, at least one, and its parameters."""
    if connection.vendor == "postgresql":
        # Its driver takes long to count hundreds of placeholders, and no less to write an array.
        kind = "bigint" if all(isinstance(value, int) for value in values) else "text"
        return f"{column} = ANY(%s::{kind}[])", [f"{{{','.join(map(_as_element, values))}}}"]
    return f"{column} IN ({', '.join(['%s'] * len(values))})", list(values)


def _as_element(value: Any) -> str:
    """Return a value as it is written within PostgreSQL's text of an array."""
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def for_update(*, skip_locked: bool = False) -> str:
    """Return the clause that locks what is selected; empty on SQLite, whose transactions lock everything."""
    if not connection.features.has_select_for_update:
        return ""
    return str(connection.ops.for_update_sql(skip_locked=skip_locked))


def moment_of(column: str) -> str:
    """Return what to select for an instant, as a text: the drivers of the servers are slow to make an instant of it."""
    return {"postgresql": f"CAST({column} AS text)", "mysql": f"CAST({column} AS CHAR)"}.get(connection.vendor, column)


def as_parameter(moment: datetime) -> str:
    """Return an instant as the database takes it. Django's own way takes several times as long."""
    return _text_with_zone(moment) if connection.vendor == "postgresql" else _text(moment)


def as_moment(value: Any) -> Any:
    """Return what the database gave for an instant, past the ORM, as an instant in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _document(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as JSON. Only instants need our help: all else is done in C."""
    return json.dumps(rows, default=_text_with_zone if connection.vendor == "postgresql" else _text)


def _with_texts(values: Iterable[Any]) -> list[Any]:
    """Return values for one statement, instants as texts. For SQLite and MySQL; PostgreSQL takes these in UTC, too."""
    return [_text(value) if type(value) is datetime else value for value in values]


def _text(moment: datetime) -> str:
    """Return an instant in UTC, without saying so."""
    return _text_with_zone(moment)[: -len("+00:00")]


def _text_with_zone(moment: datetime) -> str:
    return str(moment if moment.tzinfo is UTC else moment.astimezone(UTC))
