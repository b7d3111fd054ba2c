"""A task's parameters, read from its signature, its annotations and its docstring; and what fits them."""

import inspect
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from scheduler.signatures.annotations import kind_of
from scheduler.signatures.docstrings import read_docstring
from scheduler.signatures.kinds import Anything, Either, Kind, Nothing


class Place(Enum):
    """How a parameter is given its argument."""

    POSITION = "position"
    EITHER = "either"
    NAME = "name"
    # *args and **kwargs
    FURTHER_POSITIONS = "further positions"
    FURTHER_NAMES = "further names"


_PLACES = {
    inspect.Parameter.POSITIONAL_ONLY: Place.POSITION,
    inspect.Parameter.POSITIONAL_OR_KEYWORD: Place.EITHER,
    inspect.Parameter.KEYWORD_ONLY: Place.NAME,
    inspect.Parameter.VAR_POSITIONAL: Place.FURTHER_POSITIONS,
    inspect.Parameter.VAR_KEYWORD: Place.FURTHER_NAMES,
}
# The default of a parameter that has none.
REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter of a task, with what its docstring says of it."""

    name: str
    place: Place
    kind: Kind
    default: Any = REQUIRED
    help: str = ""

    @property
    def is_required(self) -> bool:
        """Whether no call can do without it."""
        return self.default is REQUIRED and not self.takes_further

    @property
    def takes_further(self) -> bool:
        """Whether it takes any number of arguments."""
        return self.place in (Place.FURTHER_POSITIONS, Place.FURTHER_NAMES)

    @property
    def takes_position(self) -> bool:
        """Whether it may be given by its position."""
        return self.place in (Place.POSITION, Place.EITHER)


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The parameters of a task in their order, and what it does, in the words of its docstring."""

    parameters: tuple[Parameter, ...]
    text: str = ""

    @cached_property
    def says_anything(self) -> bool:
        """Whether any argument has a kind that refuses something."""
        return any(not isinstance(parameter.kind, Anything) for parameter in self.parameters)

    @cached_property
    def converts(self) -> bool:
        """Whether bodies may be given something else than JSON."""
        return any(parameter.kind.converts for parameter in self.parameters)

    def problems(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, str]:
        """Say what does not fit, by `args.0` or `kwargs.name`. How many there are, and their names, are not asked."""
        if not self.says_anything:
            return {}
        by_position = {f"args.{number}": self._at(number).problem_of(value) for number, value in enumerate(args)}
        by_name = {f"kwargs.{name}": self._named(name).problem_of(value) for name, value in kwargs.items()}
        return {name: problem for name, problem in {**by_position, **by_name}.items() if problem}

    def convert(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return what the body is given for JSON; raise ValueError, with a sentence, where that does not fit."""
        if problems := self.problems(args, kwargs):
            raise ValueError(" ".join(f"{name}: {problem}" for name, problem in problems.items()))
        return (
            [self._at(number).convert(value) for number, value in enumerate(args)],
            {name: self._named(name).convert(value) for name, value in kwargs.items()},
        )

    def _at(self, position: int) -> Kind:
        kinds = self._positional
        return kinds[position] if position < len(kinds) else self._kind_of_further(Place.FURTHER_POSITIONS)

    def _named(self, name: str) -> Kind:
        return self._by_name.get(name) or self._kind_of_further(Place.FURTHER_NAMES)

    @cached_property
    def _positional(self) -> list[Kind]:
        return [parameter.kind for parameter in self.parameters if parameter.takes_position]

    @cached_property
    def _by_name(self) -> dict[str, Kind]:
        return {each.name: each.kind for each in self.parameters if each.place in (Place.EITHER, Place.NAME)}

    def _kind_of_further(self, place: Place) -> Kind:
        return next((parameter.kind for parameter in self.parameters if parameter.place is place), Anything())


def signature_of(function: Callable[..., Any]) -> Signature:
    """Return the signature by which a function is really called: that of a decorator's wrapper, not of what it wraps.

    Of a callable without one, as some in C are, nothing is known: it takes anything.
    """
    docs = read_docstring(function.__doc__)
    return Signature(parameters=tuple(_read_parameters(function, docs.arguments)), text=docs.text)


def _read_parameters(function: Callable[..., Any], helps: Mapping[str, str]) -> Iterator[Parameter]:
    try:
        found = list(inspect.signature(function, follow_wrapped=False).parameters.values())
    except (TypeError, ValueError):
        kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        found = [inspect.Parameter(name, kind) for name, kind in zip(("args", "kwargs"), kinds, strict=True)]
    annotations = _read_annotations(function)
    for each in found:
        kind = kind_of(annotations.get(each.name)) if each.name in annotations else Anything()
        if each.default is None and kind.problem_of(None):
            # `name: str = None` has always meant that None will do.
            kind = Either((kind, Nothing()))
        place = _PLACES[each.kind]
        yield Parameter(name=each.name, place=place, kind=kind, default=each.default, help=helps.get(each.name, ""))


def _read_annotations(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the annotations that can be read; those of a wrapper are of what it wraps, and not of its parameters."""
    if hasattr(function, "__wrapped__"):
        return {}
    # What calling a class or an object takes is said elsewhere than on itself.
    of: Any = function if inspect.isroutine(function) else getattr(function, _CALLED[inspect.isclass(function)], None)
    try:
        return typing.get_type_hints(of, include_extras=True)
    except (AttributeError, NameError, SyntaxError, TypeError):
        # A name that only type checkers see makes all of them unreadable at once; those that are no text remain.
        plain = getattr(of, "__annotations__", {})
        return {name: annotation for name, annotation in plain.items() if not isinstance(annotation, str)}


_CALLED = {True: "__init__", False: "__call__"}
