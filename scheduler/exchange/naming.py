"""Ids for what has none: readable, each once, and the same again when a file is read again."""

import re

# Hyphens, too: those of an option would else stand in a row with the one of the blank before it.
_NOT_IN_IDS = re.compile(r"[^\w.]+")
_LONGEST = 80


def id_of(text: str, taken: set[str]) -> str:
    """Return an id made of a text, and add it to those that are taken."""
    base = _NOT_IN_IDS.sub("-", text).strip("-.")[:_LONGEST].rstrip("-.") or "job"
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    taken.add(found)
    return found
