"""What readers of both kinds of files share."""

import re
from collections.abc import Sequence
from datetime import date

from scheduler.triggers.base import gettext_noop

LONGEST_NAME = 255
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)


class InvalidFile(Exception):
    """A file that cannot be read; `sentences` say what is wrong, each with its place."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(*sentences)
        self.sentences = list(sentences)


def read_day(text: str) -> date | None:
    """Return the day of a text such as 2026-10-01, or 2026/10/1 as spreadsheets write it; None for all else."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, with or without the mark that spreadsheets put first."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InvalidFile([gettext_noop("The file is no text in UTF-8.")])
    return text
