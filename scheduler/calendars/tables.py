"""Reads a table of days: CSV with the columns day, working and name, in any order; name may be left out."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from scheduler.calendars.reading import LONGEST_NAME, InvalidFile, decode, read_day
from scheduler.triggers import SpecialDay
from scheduler.triggers.base import gettext_noop

COLUMNS = ("day", "working", "name")
_TRUTHS = {**dict.fromkeys(("yes", "true", "1"), True), **dict.fromkeys(("no", "false", "0"), False)}


class _Row(NamedTuple):
    line: int
    cells: Mapping[str, str]
    # How many cells there are beyond the header's.
    excess: int


def read_table(content: bytes) -> dict[date, SpecialDay]:
    """Return the days of a table. Raises InvalidFile, which names the line of each mistake."""
    days: dict[date, SpecialDay] = {}
    lines: dict[date, int] = {}
    mistakes: list[str] = []
    for row in _read_rows(decode(content)):
        day = read_day(row.cells.get("day", ""))
        if mistake := _mistake_in(row, day, lines):
            mistakes.append(mistake)
        elif day is not None:
            lines[day] = row.line
            is_working = _TRUTHS[row.cells["working"].lower()]
            days[day] = SpecialDay(is_working=is_working, name=row.cells.get("name", ""))
    if mistakes:
        raise InvalidFile(mistakes)
    return days


def _read_rows(text: str) -> Iterator[_Row]:
    """Yield the rows that hold anything, by the columns that the header names. Spreadsheets may write semicolons."""
    first_line = text.partition("\n")[0]
    delimiter = ";" if ";" in first_line and "," not in first_line else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _read_header(next(rows, []))
        for cells in rows:
            if any(cell.strip() for cell in cells):
                values = [cell.strip() for cell in cells]
                yield _Row(rows.line_num, dict(zip(columns, values, strict=False)), len(values) - len(columns))
    except csv.Error as error:
        message = gettext_noop("Line %(line)d: this is no CSV: %(error)s.")
        raise InvalidFile([message % {"line": rows.line_num, "error": error}]) from error


def _read_header(cells: Sequence[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    if not {"day", "working"} <= set(columns) <= set(COLUMNS) or len(set(columns)) < len(columns):
        raise InvalidFile([gettext_noop("Line 1: the header must be %s.") % ",".join(COLUMNS)])
    return columns


def _mistake_in(row: _Row, day: date | None, lines: Mapping[date, int]) -> str | None:
    """Return what is wrong with a row, or None; `lines` are those of the days before it."""
    line, cells = row.line, row.cells
    if row.excess > 0:
        return gettext_noop("Line %d has more values than the header has columns.") % line
    if day is None:
        values = {"line": line, "value": cells.get("day", "")}
        return gettext_noop('Line %(line)d: "%(value)s" is no day such as 2026-10-01.') % values
    if cells.get("working", "").lower() not in _TRUTHS:
        values = {"line": line, "value": cells.get("working", "")}
        return gettext_noop('Line %(line)d: working is "%(value)s"; write yes or no.') % values
    if len(cells.get("name", "")) > LONGEST_NAME:
        return gettext_noop("Line %(line)d: the name has more than %(most)d characters.") % {
            "line": line,
            "most": LONGEST_NAME,
        }
    if day in lines:
        values = {"line": line, "day": day.isoformat(), "first": lines[day]}
        return gettext_noop("Line %(line)d: %(day)s stands in line %(first)d already.") % values
    return None
