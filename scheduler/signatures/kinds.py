"""Kinds of arguments: which JSON fits each, and what a body is given for it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _


class Kind:
    """How an argument is annotated."""

    @property
    def converts(self) -> bool:
        """Whether a body may be given something else than what the JSON says; else `convert` need not be called."""
        return False

    def problem_of(self, value: Any) -> str:
        """Say why a JSON value does not fit; "" where it does."""
        raise NotImplementedError

    def convert(self, value: Any) -> Any:
        """Return what a body is given for a value that fits."""
        return value


class Anything(Kind):
    """No annotation, or one that says nothing of JSON."""

    def problem_of(self, value: Any) -> str:
        """All fits."""
        return ""


class Text(Kind):
    """`str`."""

    def problem_of(self, value: Any) -> str:
        """A text fits."""
        return "" if isinstance(value, str) else _("Enter a text.")


class WholeNumber(Kind):
    """`int`. JSON's true and 1.0 are none: nobody who means a number sends them."""

    def problem_of(self, value: Any) -> str:
        """A whole number fits."""
        return "" if isinstance(value, int) and not isinstance(value, bool) else _("Enter a whole number.")


class Number(Kind):
    """`float`, for which a whole number will do."""

    def problem_of(self, value: Any) -> str:
        """A number fits."""
        return "" if isinstance(value, int | float) and not isinstance(value, bool) else _("Enter a number.")


class Truth(Kind):
    """`bool`."""

    def problem_of(self, value: Any) -> str:
        """True and false fit."""
        return "" if isinstance(value, bool) else _("Enter true or false.")


class Nothing(Kind):
    """`None`."""

    def problem_of(self, value: Any) -> str:
        """Only null fits."""
        return "" if value is None else _("Enter null.")


@dataclass(frozen=True)
class Items(Kind):
    """`list`, and what else JSON can only write as a list; a body is given a list for each of them."""

    item: Kind

    @property
    def converts(self) -> bool:
        """Whether its items are converted."""
        return self.item.converts

    def problem_of(self, value: Any) -> str:
        """A list fits whose items do."""
        if not isinstance(value, list | tuple):
            return _("Enter a list.")
        for number, item in enumerate(value, 1):
            if problem := self.item.problem_of(item):
                return _("Item %(number)d: %(problem)s") % {"number": number, "problem": problem}
        return ""

    def convert(self, value: Any) -> Any:
        """Convert each item."""
        return [self.item.convert(item) for item in value]


@dataclass(frozen=True)
class Mapped(Kind):
    """`dict`, with the kind of its values."""

    value: Kind

    @property
    def converts(self) -> bool:
        """Whether its values are converted."""
        return self.value.converts

    def problem_of(self, value: Any) -> str:
        """An object fits whose values do."""
        if not isinstance(value, dict):
            return _("Enter an object.")
        for name, item in value.items():
            if problem := self.value.problem_of(item):
                return _("%(name)s: %(problem)s") % {"name": name, "problem": problem}
        return ""

    def convert(self, value: Any) -> Any:
        """Convert each value."""
        return {name: self.value.convert(item) for name, item in value.items()}


@dataclass(frozen=True)
class OneOf(Kind):
    """`Literal`: texts, numbers, truths and null."""

    options: tuple[Any, ...]

    def problem_of(self, value: Any) -> str:
        """One of the options fits, of just its type."""
        if any(_is_same(option, value) for option in self.options):
            return ""
        return _("Choose one of: %s.") % ", ".join(map(str, self.options))


@dataclass(frozen=True)
class Member(Kind):
    """An `Enum`: JSON names a member by its value, or by its name."""

    enumeration: type[Enum]

    @property
    def converts(self) -> bool:
        """It is."""
        return True

    def problem_of(self, value: Any) -> str:
        """What names a member fits."""
        if self._find(value) is not None:
            return ""
        return _("Choose one of: %s.") % ", ".join(str(self.json_of(member)) for member in self.enumeration)

    def convert(self, value: Any) -> Any:
        """Return the member."""
        return self._find(value)

    def json_of(self, member: Enum) -> Any:
        """Return what names a member: its value where that is a text, else its name, as `auto()` may renumber it."""
        return member.value if isinstance(member.value, str) else member.name

    def _find(self, value: Any) -> Enum | None:
        found = next((member for member in self.enumeration if _is_same(member.value, value)), None)
        return self.enumeration.__members__.get(value) if found is None and isinstance(value, str) else found


@dataclass(frozen=True)
class Written(Kind):
    """What JSON can only write as a text, such as a date; `sentence` asks for one."""

    type: type
    read: Callable[[str], Any]
    sentence: str | Promise

    @property
    def converts(self) -> bool:
        """It is."""
        return True

    def problem_of(self, value: Any) -> str:
        """A text fits that can be read as one."""
        try:
            if isinstance(value, str):
                self.read(value)
                return ""
        except (ArithmeticError, ValueError):
            pass
        return str(self.sentence)

    def convert(self, value: Any) -> Any:
        """Read it."""
        return self.read(value)


@dataclass(frozen=True)
class Either(Kind):
    """`Union`; of the kinds that a value fits, the first is meant."""

    kinds: tuple[Kind, ...]

    @property
    def converts(self) -> bool:
        """Whether any of them converts."""
        return any(kind.converts for kind in self.kinds)

    def problem_of(self, value: Any) -> str:
        """What fits any of them fits."""
        problems = {kind.problem_of(value): kind for kind in self.kinds}
        if "" in problems:
            return ""
        # That null would do too is not what somebody needs to hear who has sent something.
        return " ".join(problem for problem, kind in problems.items() if not isinstance(kind, Nothing))

    def convert(self, value: Any) -> Any:
        """Convert as the first that it fits."""
        return next(kind for kind in self.kinds if not kind.problem_of(value)).convert(value)


def _is_same(option: Any, value: Any) -> bool:
    """Compare as JSON does, where true is not 1. The value of an Enum may be of a type that extends JSON's."""
    return (
        isinstance(value, bool) == isinstance(option, bool) and type(value) in type(option).__mro__ and option == value
    )
