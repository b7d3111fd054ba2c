"""Messages for people, in English until a face says them in another language."""

from collections.abc import Callable
from typing import Any


class Sentence(str):
    """A message in English that remembers how to be said in another language, values and all.

    The faces translate it by `said_by(gettext)`; this package stays free of Django.
    """

    __slots__ = ("_message", "_values")

    _message: str
    _values: Any

    def __mod__(self, values: Any) -> "Sentence":
        """Fill the values in, as a text does."""
        filled = Sentence(super().__mod__(values))
        filled._message, filled._values = str(self), values
        return filled

    def said_by(self, gettext: Callable[[str], str]) -> str:
        """Return the translation of the message, with the values filled in; sentences among them are said, too."""
        if not hasattr(self, "_message"):
            return gettext(str(self))
        values = self._values
        if isinstance(values, dict):
            values = {name: _said(value, gettext) for name, value in values.items()}
        return str(gettext(self._message) % values)


def _said(value: Any, gettext: Callable[[str], str]) -> Any:
    return value.said_by(gettext) if isinstance(value, Sentence) else value


def gettext_noop(message: str) -> Sentence:
    """Mark a message for translation, by the name that makemessages looks for."""
    return Sentence(message)
