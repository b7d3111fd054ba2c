"""Reads the fields of what somebody sent, and collects what is wrong with each of them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from django.utils.translation import gettext as _

from scheduler.exceptions import InvalidInput
from scheduler.triggers import InvalidField
from scheduler.words import said

T = TypeVar("T")

# Reads one value; raises InvalidField.
Reader: TypeAlias = Callable[[Any], Any]


def as_object(data: Any) -> dict[str, Any]:
    """Return a copy of what was sent. Raises InvalidInput where it is no JSON object."""
    if not isinstance(data, Mapping):
        raise InvalidInput({"body": _("Send a JSON object.")})
    return dict(data)


@dataclass
class FieldErrors:
    """What is wrong, field by field, to be raised all at once."""

    found: dict[str, str] = field(default_factory=dict)

    def read(self, name: str, reader: Reader, value: Any) -> Any:
        """Return what a reader makes of a field's value; None where that is wrong."""
        try:
            return reader(value)
        except InvalidField as error:
            self.found[name] = said(error.sentence)
            return None

    def read_all(self, readers: Mapping[str, Reader], data: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of these fields that were sent, read."""
        return {name: self.read(name, reader, data[name]) for name, reader in readers.items() if name in data}

    def read_or(self, default: T, name: str, reader: Callable[[Any], T], data: Mapping[str, Any]) -> T:
        """Return a field, read; the default where it is wrong, null, or was not sent."""
        value = None if data.get(name) is None else self.read(name, reader, data[name])
        return default if value is None else value

    def require(self, names: Iterable[str], data: Mapping[str, Any]) -> None:
        """Ask for those of these fields that were not sent, or as null."""
        self.found |= {name: _("This field is required.") for name in names if data.get(name) is None}

    def refuse_others(self, data: Mapping[str, Any], known: Collection[str]) -> None:
        """Refuse what nobody knows, which somebody may have misspelt."""
        self.found |= {str(name): _("There is no such field.") for name in data if name not in known}

    def raise_if_any(self) -> None:
        """Raise InvalidInput with all that is wrong, if anything is."""
        if self.found:
            raise InvalidInput(self.found)
