"""Reads annotations: which kind of argument each means. One that says nothing of JSON means anything."""

import types
from collections import abc
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, is_typeddict
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scheduler import conf
from scheduler.signatures.kinds import (
    Anything,
    Either,
    Items,
    Kind,
    Mapped,
    Member,
    Nothing,
    Number,
    OneOf,
    Text,
    Truth,
    WholeNumber,
    Written,
)

# An alias may name itself, as one for JSON does.
_DEEPEST = 8


def read_datetime(text: str) -> datetime:
    """Read a moment in the format of ISO 8601, in the scheduler's zone where it has no offset: never a naive one."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=conf.timezone())


_PLAIN: Mapping[Any, Kind] = {
    str: Text(),
    int: WholeNumber(),
    float: Number(),
    bool: Truth(),
    None: Nothing(),
    types.NoneType: Nothing(),
    date: Written(date, date.fromisoformat, _("Enter a date, such as 2031-05-06.")),
    datetime: Written(datetime, read_datetime, _("Enter a date and time, such as 2031-05-06T07:08:00+08:00.")),
    time: Written(time, time.fromisoformat, _("Enter a time of day, such as 07:08.")),
    Decimal: Written(Decimal, Decimal, _('Enter a decimal number as a text, such as "9.90".')),
    UUID: Written(UUID, UUID, _("Enter a UUID.")),
    Path: Written(Path, Path, _("Enter a path.")),
}
_LISTS = (
    list, tuple, set, frozenset, abc.Sequence, abc.MutableSequence, abc.Iterable, abc.Collection, abc.Set,
)  # fmt: skip
_OBJECTS = (dict, abc.Mapping, abc.MutableMapping)


def kind_of(annotation: Any, *, depth: int = 0) -> Kind:
    """Return the kind of an annotation that is no text any more."""
    if depth > _DEEPEST:
        return Anything()
    origin, arguments = get_origin(annotation), get_args(annotation)

    def inner(of: Any) -> Kind:
        return kind_of(of, depth=depth + 1)

    if origin is Annotated:
        return inner(arguments[0])
    if origin in (Union, types.UnionType):
        return _either([inner(argument) for argument in arguments])
    if origin is Literal:
        return OneOf(arguments) if all(isinstance(each, str | int | None) for each in arguments) else Anything()
    if isinstance(annotation, NewType):
        return inner(annotation.__supertype__)
    if hasattr(annotation, "__value__"):
        return inner(annotation.__value__)
    return _kind_of_class(origin or annotation, [inner(argument) for argument in arguments if argument is not ...])


def _either(kinds: list[Kind]) -> Kind:
    kinds = [inner for kind in kinds for inner in (kind.kinds if isinstance(kind, Either) else (kind,))]
    return Anything() if any(isinstance(kind, Anything) for kind in kinds) else Either(tuple(kinds))


def _kind_of_class(annotated: Any, inner: list[Kind]) -> Kind:
    if annotated in _LISTS:
        return Items(inner[0] if len(inner) == 1 or len(set(map(repr, inner))) == 1 else Anything())
    if annotated in _OBJECTS:
        # The names in JSON are texts; of other keys nothing can be said.
        return Mapped(inner[1] if len(inner) == 2 and isinstance(inner[0], Text) else Anything())
    if is_typeddict(annotated):
        return Mapped(Anything())
    if isinstance(annotated, type) and issubclass(annotated, Enum):
        return Member(annotated)
    return _PLAIN.get(annotated) or Anything() if _is_hashable(annotated) else Anything()


def _is_hashable(annotation: Any) -> bool:
    return isinstance(annotation, abc.Hashable)
