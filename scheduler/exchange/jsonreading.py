"""Reads JSON with lines, which the standard library's reader forgets, and no name twice."""

import json
import re
from collections.abc import Callable
from json import decoder
from typing import Any

from scheduler.exchange.located import DEEPEST, NO_TEXT, TOO_DEEP, TWICE, Located, Value, check_text, refuse
from scheduler.triggers.sentences import gettext_noop

# Public, but without a type.
_scan_string: Callable[[str, int, bool], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]
_BLANKS = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,999})(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)
_CONSTANTS = {"null": None, "true": True, "false": False}
_UNEXPECTED = gettext_noop("This is not JSON, from here on: %s")
_SHOWN = 20


def read_json(text: str) -> Located:
    """Return the one value of a text. Raises Unreadable."""
    return _Reader(text.removeprefix("\ufeff")).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        # Lines are counted up to here only, so that a file is gone through once.
        self._counted = (0, 1)

    def read(self) -> Located:
        found = self._value(DEEPEST)
        if self._peek():
            raise self._unexpected()
        return found

    def _value(self, levels: int) -> Located:
        character, line = self._peek(), self._line()
        if levels == 0:
            raise refuse(TOO_DEEP, line)
        if character == "{":
            return Located(value=self._entries(levels), line=line)
        if character == "[":
            return Located(value=self._items(levels), line=line)
        return Located(value=self._string() if character == '"' else self._word(), line=line)

    def _items(self, levels: int) -> list[Located]:
        items: list[Located] = []
        while not self._ends("]", is_first=not items):
            items.append(self._value(levels - 1))
        return items

    def _entries(self, levels: int) -> dict[str, Located]:
        entries: dict[str, Located] = {}
        while not self._ends("}", is_first=not entries):
            if self._peek() != '"':
                raise refuse(NO_TEXT, self._line())
            line, name = self._line(), self._string()
            if name in entries:
                raise refuse(TWICE % name, line)
            self._take(":")
            entries[name] = Located(value=self._value(levels - 1).value, line=line)
        return entries

    def _ends(self, closing: str, *, is_first: bool) -> bool:
        """Take what stands between two items, or the end; tell whether it was the end."""
        if is_first:
            self._place += 1
        if self._peek() == closing:
            self._place += 1
            return True
        if not is_first:
            self._take(",")
        return False

    def _string(self) -> str:
        try:
            text, self._place = _scan_string(self._text, self._place + 1, True)
        except json.JSONDecodeError as error:
            raise refuse(f"{error.msg}.", error.lineno) from error
        return check_text(text, self._line())

    def _word(self) -> Value:
        for word, value in _CONSTANTS.items():
            if self._text.startswith(word, self._place):
                self._place += len(word)
                return value
        found = _NUMBER.match(self._text, self._place)
        if found is None:
            raise self._unexpected()
        self._place = found.end()
        return float(found[0]) if found[2] or found[3] else int(found[0])

    def _take(self, character: str) -> None:
        if self._peek() != character:
            raise self._unexpected()
        self._place += 1

    def _peek(self) -> str:
        """Return the next character that is no blank; "" at the end."""
        blanks: Any = _BLANKS.match(self._text, self._place)
        self._place = blanks.end()
        return self._text[self._place : self._place + 1]

    def _line(self) -> int:
        place, line = self._counted
        self._counted = (self._place, line + self._text.count("\n", place, self._place))
        return self._counted[1]

    def _unexpected(self) -> Exception:
        return refuse(_UNEXPECTED % repr(self._text[self._place : self._place + _SHOWN]), self._line())
