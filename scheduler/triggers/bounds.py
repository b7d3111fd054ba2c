"""Bounds: the first and the last instant at which a trigger may be due, whatever its rule and its layers say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from scheduler.triggers.instants import EARLIEST, LATEST, MICROSECOND
from scheduler.triggers.timetable import Fold, Steps, Timetable, Traced


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The first and the last instant, both inclusive, both in UTC."""

    start: datetime = EARLIEST
    end: datetime = LATEST


class BoundedTimetable(Timetable):
    """The occurrences of another timetable that lie within bounds."""

    def __init__(self, base: Timetable, bounds: Bounds) -> None:
        super().__init__()
        self._base = base
        self._bounds = bounds

    def find(self, moment: datetime, steps: Steps) -> datetime | None:
        """Return the next occurrence, unless it is after the end."""
        found = self._base.find(max(moment, self._bounds.start - MICROSECOND), steps)
        return found if found is not None and found <= self._bounds.end else None

    def fold(self, first: datetime, until: datetime) -> Fold:
        """Fold as the other timetable does, which may know a short way."""
        if first < self._bounds.start:
            return super().fold(first, until)
        return self._base.fold(first, min(until, self._bounds.end))

    def stamps(self, start: datetime, end: datetime, *, most: int) -> Sequence[int]:
        """Ask the other timetable, which may know a short way."""
        return self._base.stamps(max(start, self._bounds.start), min(end, self._bounds.end), most=most)

    def trace(self, start: datetime, end: datetime, zone: tzinfo) -> Iterator[Traced]:
        """Yield what lies within the bounds; the rest is none of this trigger's."""
        return self._base.trace(max(start, self._bounds.start), min(end, self._bounds.end), zone)
