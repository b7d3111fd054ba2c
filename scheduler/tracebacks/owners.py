"""Whose code a frame is in, as far as its path tells: the node that wrote it may be another machine."""

import re
from enum import Enum


class Owner(Enum):
    """Whose code it is."""

    PROJECT = "project"
    LIBRARY = "library"
    CARNATION = "carnation"


# What pip has installed, the standard library, and what the interpreter brings along.
_LIBRARY = re.compile(
    r"[/\\](?:site|dist)-packages[/\\]|[/\\]lib(?:64)?[/\\]python3[.\d]*[/\\]|[/\\]python3\d+[/\\]lib[/\\]"
    r"|^<frozen |^<__array_function__ |^<string>$",
    re.IGNORECASE,
)
# By our own folders' names: an app of the reader's may be called scheduler, too.
_CARNATION = re.compile(
    r"[/\\]scheduler[/\\](?:engine|services|models|tasks|triggers|management)[/\\]"
    r"|[/\\]scheduler[/\\](?:registry|current|clock|conf|queries)\.py$"
)


def owner_of(path: str) -> Owner:
    """Tell whose code a file is, by its path."""
    if _CARNATION.search(path):
        return Owner.CARNATION
    return Owner.LIBRARY if _LIBRARY.search(path) else Owner.PROJECT
