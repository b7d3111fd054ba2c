"""Reads the days that a file lists: a table (CSV) or events (iCalendar), told apart by the ending of its name."""

from collections.abc import Mapping
from datetime import date
from pathlib import PurePath

from scheduler.calendars.reading import InvalidFile
from scheduler.calendars.tables import read_table
from scheduler.triggers import SpecialDay
from scheduler.triggers.base import gettext_noop

LARGEST_FILE = 1_000_000

__all__ = ["InvalidFile", "read_file"]


def read_file(name: str, content: bytes, *, working: bool = False) -> Mapping[date, SpecialDay]:
    """Return the days that a file lists. Raises InvalidFile.

    `working` says what the events of an .ics file are that do not say it themselves; a table always does.
    """
    if len(content) > LARGEST_FILE:
        raise InvalidFile([gettext_noop("The file is larger than %d bytes.") % LARGEST_FILE])
    match PurePath(name).suffix.lower():
        case ".csv":
            return read_table(content)
        case ".ics":
            # Only now: its library takes longer to import than all of the calendars, and few processes need it.
            from scheduler.calendars.events import read_events  # noqa: PLC0415

            return read_events(content, working=working)
    raise InvalidFile([gettext_noop("Choose a file whose name ends in .csv or .ics.")])
