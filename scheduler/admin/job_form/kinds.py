"""How the kinds of arguments are shown: in words, and as choices."""

import json
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _

from scheduler.signatures import (
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


def is_nullable(kind: Kind) -> bool:
    """Tell whether null is meant by leaving a field empty."""
    return isinstance(kind, Either) and any(isinstance(each, Nothing) for each in kind.kinds)


def plain_kind(kind: Kind) -> Kind:
    """Return the one kind that an optional argument has beside null."""
    if not isinstance(kind, Either):
        return kind
    others = [each for each in kind.kinds if not isinstance(each, Nothing)]
    return others[0] if len(others) == 1 else kind


def options_of(kind: Kind) -> list[tuple[str, str]] | None:
    """Return the choices of a kind that has few, as JSON, each with its words; None for all other kinds."""
    match kind:
        case Truth():
            return [("true", _("yes")), ("false", _("no"))]
        case OneOf(options=options):
            return [(json.dumps(each, ensure_ascii=False), str(each)) for each in options]
        case Member(enumeration=enumeration):
            return [
                (json.dumps(kind.json_of(member), ensure_ascii=False), said_member(member)) for member in enumeration
            ]
    return None


def words_of(kind: Kind) -> str:
    """Say what is to be typed."""
    match kind:
        case WholeNumber():
            return _("whole number")
        case Number():
            return _("number")
        case Text():
            return _("text")
        case Truth() | OneOf() | Member():
            return ""
        case Written(type=written):
            return _WRITTEN.get(written.__name__, lambda: written.__name__)()
        case Items():
            return _("JSON list, such as [1, 2]")
        case Mapped():
            return _('JSON object, such as {"name": 1}')
    return _('JSON: a number as it is, a text in double quotes, such as "hello"')


_WRITTEN = {
    "date": lambda: _("date"),
    "datetime": lambda: _("date and time, such as 2031-05-06 07:08, in the job's zone where it has no offset"),
    "time": lambda: _("time of day"),
    "Decimal": lambda: _("decimal number"),
    "Path": lambda: _("path"),
}


def said_member(member: Enum) -> str:
    """Return what people call a member of an Enum: its label, where it has one."""
    label: Any = getattr(member, "label", None)
    if label:
        return str(label)
    return member.value if isinstance(member.value, str) else member.name
