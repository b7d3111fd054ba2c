"""A row of the tables."""

from typing import Any, NamedTuple


class Said(NamedTuple):
    """What is said of a spec in Shanghai, of a job called "backup"."""

    fields: dict[str, Any]
    english: str
    chinese: str
