"""What the tests of the commands that import share."""

import io
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command


class Said(NamedTuple):
    """What a command has said, on both of its outputs."""

    out: str
    err: str


def run(name: str, *arguments: str, **options: Any) -> Said:
    """Run a command."""
    out, err = io.StringIO(), io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=err, **options)
    return Said(out.getvalue(), err.getvalue())


def refuse(name: str, *arguments: str) -> Said:
    """Run a command that must fail; return its message, and what it has said before."""
    err = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command(name, *arguments, stdout=io.StringIO(), stderr=err)
    return Said(str(error.value), err.getvalue())


def lines_with(text: str, *words: str) -> Sequence[str]:
    """Return the lines that hold all of these words."""
    return [line.strip() for line in text.splitlines() if all(word in line for word in words)]
