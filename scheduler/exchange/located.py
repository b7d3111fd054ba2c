"""Values that know on which line of a file they stand."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from scheduler.exchange.documents import Mistake, Unreadable
from scheduler.triggers.sentences import gettext_noop

Value: TypeAlias = bool | int | float | str | list["Located"] | dict[str, "Located"] | None
# Deeper than any definition is; arguments may be nested 30 levels deep themselves.
DEEPEST = 40
TOO_DEEP = gettext_noop("This is nested more than %d levels deep.") % DEEPEST
TWICE = gettext_noop('"%s" stands here for the second time.')
HALF = gettext_noop("The text holds characters that cannot be stored.")
NO_TEXT = gettext_noop("A name must be a text.")


@dataclass(frozen=True, kw_only=True)
class Located:
    """A value, and its line, counted from 1; that of an entry of an object is the line of its name."""

    value: Value
    line: int

    @property
    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {name: each.plain for name, each in self.value.items()}
        if isinstance(self.value, list):
            return [each.plain for each in self.value]
        return self.value


def check_text(text: str, line: int) -> str:
    """Return a text, unless it holds half a character, as an escape in JSON may: nothing could show or store it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise refuse(HALF, line) from None
    return text


def refuse(message: str, line: int) -> Unreadable:
    """Return the error that a line is not to be read."""
    return Unreadable([Mistake(message=message, line=line)])
