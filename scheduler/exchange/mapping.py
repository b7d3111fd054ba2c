"""Mappings: what a command, or another scheduler's name of a function, is called here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.exchange.documents import Mistake, Unreadable
from scheduler.exchange.located import Located
from scheduler.exchange.reading import read_located
from scheduler.triggers.sentences import gettext_noop

_NO_OBJECT = gettext_noop("Enter names, each with the task that it becomes.")
_NO_CALL = gettext_noop("Enter a task, or an object with func, and args, kwargs, id or name.")
_FIELDS = ("func", "args", "kwargs", "id", "name")


@dataclass(frozen=True, kw_only=True)
class Call:
    """A task, and what is said about its arguments; None where the source's own are kept."""

    func: str
    args: Any = None
    kwargs: Any = None
    id: str | None = None
    name: str | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """What it says of a job."""
        named = {name: getattr(self, name) for name in ("func", "args", "kwargs", "name")}
        return {name: value for name, value in named.items() if value is not None}


def read_mapping(text: str) -> dict[str, Call]:
    """Read `old: module:function`, or `old: {func: ..., args: ..., kwargs: ..., id: ..., name: ...}`, in YAML or JSON.

    Raises Unreadable.
    """
    if not text.strip():
        return {}
    root = read_located(text)
    if not isinstance(root.value, dict):
        raise Unreadable([Mistake(message=_NO_OBJECT, line=root.line)])
    calls, mistakes = {}, []
    for old, new in root.value.items():
        call = _read_call(new)
        if call is None:
            mistakes.append(Mistake(message=_NO_CALL, line=new.line, item=old))
        else:
            calls[old] = call
    if mistakes:
        raise Unreadable(mistakes)
    return calls


def _read_call(located: Located) -> Call | None:
    value = located.plain
    if isinstance(value, str):
        return Call(func=value)
    is_call = isinstance(value, Mapping) and isinstance(value.get("func"), str) and not set(value) - set(_FIELDS)
    return Call(**value) if is_call else None
