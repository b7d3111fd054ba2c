"""The hot statements: many rows in one round trip, without the ORM, which would cost several times the database's work.

An update that gives every row another value takes the rows as one JSON document, which the database servers can join.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection, models

# Of so many groups of rows that differ in an id only, a statement for each is faster than one for all.
MOST_ALIKE = 3


class _Type(NamedTuple):
    """What SQL calls a type: that of a document's column, and that of a CAST."""

    column: str
    cast: str


_TYPES: Mapping[str, Mapping[type, _Type]] = {
    "postgresql": {
        int: _Type("bigint", "bigint"),
        str: _Type("text", "text"),
        datetime: _Type("timestamptz", "timestamptz"),
    },
    "mysql": {
        int: _Type("BIGINT", "SIGNED"),
        str: _Type("LONGTEXT", "CHAR"),
        datetime: _Type("DATETIME(6)", "DATETIME(6)"),
    },
}


@dataclass(frozen=True, kw_only=True)
class BulkUpdate:
    """UPDATE of many rows of one table, where all `keys` are equal and `guard` (SQL on the table `t`) still holds."""

    model: type[models.Model]
    keys: Mapping[str, type]
    columns: Mapping[str, type]
    guard: str = "1 = 1"

    def run(self, rows: Sequence[Sequence[Any]]) -> int:
        """Update the rows, each the values of keys and columns; return for how many keys and guard held."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # No round trip to save here, and SQLite's planner would rather join the rows one by one.
                count = len(self.keys)
                cursor.executemany(self._single(), [_with_texts([*row[count:], *row[:count]]) for row in rows])
                return int(cursor.rowcount)
            alike = _group_alike(rows)
            if len(alike) > MOST_ALIKE:
                source, parameters = _table_of(rows, {**self.keys, **self.columns}, self.keys)
                cursor.execute(self._joined(source), parameters)
                return int(cursor.rowcount)
            updated = 0
            for rest, firsts in alike.items():
                cursor.execute(*self._several(rest, firsts))
                updated += int(cursor.rowcount)
            return updated

    def _several(self, rest: Sequence[Any], firsts: Sequence[Any]) -> tuple[str, list[Any]]:
        """Return the statement, and its parameters, for rows that differ in their first key only."""
        first, *others = self.keys
        changes = ", ".join(f"{name} = %s" for name in self.columns)
        these, ids = within(f"t.{first}", firsts)
        match = " AND ".join([these, *(f"t.{name} = %s" for name in others)])
        values = _with_texts([*rest[len(others) :], *ids, *rest[: len(others)]])
        return f"UPDATE {self.model._meta.db_table} AS t SET {changes} WHERE {match} AND {self.guard}", values

    def _single(self) -> str:
        changes = ", ".join(f"{name} = %s" for name in self.columns)
        match = " AND ".join(f"t.{name} = %s" for name in self.keys)
        return f"UPDATE {self.model._meta.db_table} AS t SET {changes} WHERE {match} AND {self.guard}"

    def _joined(self, source: str) -> str:
        table = self.model._meta.db_table
        match = " AND ".join(f"t.{name} = v.{name}" for name in self.keys)
        if connection.vendor == "mysql":
            changes = ", ".join(f"t.{name} = v.{name}" for name in self.columns)
            return f"UPDATE {table} AS t JOIN {source} ON {match} SET {changes} WHERE {self.guard}"
        changes = ", ".join(f"{name} = v.{name}" for name in self.columns)
        return f"UPDATE {table} AS t SET {changes} FROM {source} WHERE {match} AND {self.guard}"


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
                one = f"(SELECT {', '.join(f'%s AS {name}' for name in self.columns)}) AS v"
                cursor.executemany(self._statement(one), [_with_texts([*parameters, *row]) for row in rows])
            else:
                source, values = _table_of(rows, self.columns)
                cursor.execute(self._statement(source), [*_with_texts(parameters), *values])

    def _statement(self, source: str) -> str:
        # The expressions first, whose parameters come before the rows.
        values = ", ".join([*self.expressions.values(), *(f"v.{name}" for name in self.columns)])
        into = ", ".join([*self.expressions, *self.columns])
        return f"INSERT INTO {self.model._meta.db_table} ({into}) SELECT {values} FROM {source}"


def _group_alike(rows: Sequence[Sequence[Any]]) -> dict[tuple[Any, ...], list[Any]]:
    """Return the first values of rows by all that follows."""
    alike: dict[tuple[Any, ...], list[Any]] = {}
    for first, *rest in rows:
        alike.setdefault(tuple(rest), []).append(first)
    return alike


def _table_of(
    rows: Sequence[Sequence[Any]], columns: Mapping[str, type], keys: Collection[str] = ()
) -> tuple[str, list[Any]]:
    """Return the SQL of a table `v` of these rows, and its parameters. For the database servers.

    The rows go as one JSON document. What all of them have in common, and most have much, is taken out of it, since
    reading a document's values takes the servers longer than all else about a row.
    """
    types = _TYPES[connection.vendor]
    # Not the keys: with a constant among them, PostgreSQL's planner would rather begin with the table than with `v`.
    # Nor the first column, an id, which no two rows share: a single row must not leave the document empty.
    columns_of_rows = list(zip(columns, zip(*rows, strict=True), strict=True))
    shared = {
        name: values[0]
        for name, values in columns_of_rows[1:]
        if name not in keys and values.count(values[0]) == len(values)
    }
    own = {name: values for name, values in columns_of_rows if name not in shared}
    constants = "".join(f", CAST(%s AS {types[columns[name]].cast}) AS {name}" for name in shared)
    document: list[Any]
    if connection.vendor == "postgresql":
        document = [dict(zip(own, row, strict=True)) for row in zip(*own.values(), strict=True)]
        table = (
            f"json_to_recordset(%s::json) AS d({', '.join(f'{name} {types[columns[name]].column}' for name in own)})"
        )
    else:
        document = list(zip(*own.values(), strict=True))
        # A textual key as VARCHAR, because a LONGTEXT cannot be looked up in the index.
        kinds = {
            name: "VARCHAR(255)" if name in keys and columns[name] is str else types[columns[name]].column
            for name in own
        }
        paths = (f"{name} {kind} PATH '$[{number}]'" for number, (name, kind) in enumerate(kinds.items()))
        table = f"JSON_TABLE(%s, '$[*]' COLUMNS ({', '.join(paths)})) AS d"
    return f"(SELECT d.*{constants} FROM {table}) AS v", [*_with_texts(shared.values()), _document(document)]


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


def _document(rows: Sequence[Any]) -> str:
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
