"""Finds the names of the calendars that a trigger's spec depends on."""

from collections.abc import Mapping
from typing import Any


def names_in(spec: Any) -> set[str]:
    """Return the names in a spec, those within `and` and `or` included; none in what is no spec.

    Without recursion, as somebody may send a spec that is nested deeper than Python's stack.
    """
    names: set[str] = set()
    left = [spec]
    while left:
        each = left.pop()
        if not isinstance(each, Mapping):
            continue
        if isinstance(name := each.get("calendar"), str):
            names.add(name)
        if isinstance(inner := each.get("triggers"), list | tuple):
            left += inner
    return names
