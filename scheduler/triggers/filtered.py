"""Filters: timetables that leave out what falls outside of certain hours or days on the wall."""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import datetime, tzinfo

from scheduler.triggers.clock import Clock
from scheduler.triggers.instants import LATEST, MICROSECOND
from scheduler.triggers.timetable import Steps, Timetable, Traced, horizon_of


class FilteredTimetable(Timetable):
    """Those occurrences of another timetable that a filter of the wall clock allows."""

    code: str

    def __init__(self, base: Timetable, zone: tzinfo) -> None:
        super().__init__()
        self._base = base
        self._clock = Clock(zone)

    @abstractmethod
    def allows(self, wall: datetime) -> bool:
        """Tell whether an occurrence at this time on the wall stays."""

    @abstractmethod
    def reopens(self, wall: datetime) -> datetime | None:
        """Return the first time on the wall after one that is not allowed from which on one may be; None for never."""

    @abstractmethod
    def reason(self, wall: datetime) -> str:
        """Say in a sentence why an occurrence at this time does not stay."""

    def find(self, moment: datetime, steps: Steps) -> datetime | None:
        """Skip what is not allowed: from one occurrence to the next opening, not from each to the next."""
        found = self._base.find(moment, steps)
        last = horizon_of(found) if found else LATEST
        while found is not None and found <= last:
            span = self._clock.span_at(found)
            wall = span.wall(found)
            if self.allows(wall):
                return found
            reopening = self.reopens(wall)
            if reopening is None:
                return None
            # Beyond the span's end the clock shows other times, perhaps allowed ones, for a second time.
            resumed = min(span.instant(reopening), span.end)
            found = self._base.find(max(found, resumed - MICROSECOND), steps)
        return None

    def trace(self, start: datetime, end: datetime, zone: tzinfo) -> Iterator[Traced]:
        """Drop what is not allowed, and say why."""
        for when, occurrence in self._base.trace(start, end, zone):
            wall = self._clock.span_at(when).wall(when)
            if occurrence.at is None or self.allows(wall):
                yield Traced(when, occurrence)
            else:
                yield Traced(when, occurrence.marked(self.code, self.reason(wall), at=None))
