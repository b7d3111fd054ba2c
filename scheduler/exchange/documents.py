"""What is in a file, wherever it comes from: entries with the lines on which they stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

from scheduler.triggers.sentences import gettext_noop

Kind: TypeAlias = Literal["calendar", "window", "job"]
# In the order in which they are written: jobs and windows name calendars.
SECTIONS: Mapping[str, Kind] = {"calendars": "calendar", "windows": "window", "jobs": "job"}
# Larger files are refused before anybody reads them.
MOST_BYTES = 10_000_000
TOO_LARGE = gettext_noop("The file is larger than %d bytes.")


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What is wrong, and where: a line, an entry, a field of it; each None or "" where it is not known."""

    message: str
    line: int | None = None
    item: str = ""
    field: str = ""


class Unreadable(Exception):
    """A file that cannot be read; `mistakes` are all that were found."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = tuple(mistakes)


class Rule(Protocol):
    """When another scheduler runs an entry, computed by its own rules."""

    @property
    def text(self) -> str:
        """The rule as the source writes it."""
        ...  # pragma: no cover

    def occurrences(self, start: datetime) -> Iterator[datetime]:
        """Yield the instants from `start` on, inclusive, in order."""
        ...  # pragma: no cover


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One job, calendar or window: its key, and its fields in the format of a POST.

    `lines` are those of single fields. `notes` say what is not taken over; `rule` is what the source itself does.
    """

    key: str
    fields: Mapping[str, Any]
    line: int | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    rule: Rule | None = None
    # What the task is given of its surroundings, if it takes them: `environment`, `user`.
    offered: Mapping[str, Any] = field(default_factory=dict)

    def line_of(self, name: str) -> int | None:
        """Return the line of a field, or that of the entry."""
        return self.lines.get(name, self.line)


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Something of the source that has no equivalent here, and why."""

    text: str
    reason: str
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """All entries of a file, by their kind; `sections` are the kinds that the file speaks of.

    With `is_complete`, an entry says all of its definition: what it leaves out has Carnation's own defaults, and not
    those of the settings, so that a file means the same everywhere.
    """

    jobs: tuple[Entry, ...] = ()
    calendars: tuple[Entry, ...] = ()
    windows: tuple[Entry, ...] = ()
    sections: frozenset[Kind] = frozenset({"job"})
    left_out: tuple[LeftOut, ...] = ()
    is_complete: bool = True

    def of_kind(self, kind: Kind) -> tuple[Entry, ...]:
        """Return the entries of a kind."""
        return {"job": self.jobs, "calendar": self.calendars, "window": self.windows}[kind]
