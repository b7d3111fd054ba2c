"""The times that a recurrence rule names: from its parts, its start, and where it ends.

A rule that counts is walked once, and any other from near the time that is asked for.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, Protocol

from dateutil import rrule

from scheduler.triggers.instants import clamped
from scheduler.triggers.rrulecalendar import CalendarWalk
from scheduler.triggers.rrulegrid import GridWalk
from scheduler.triggers.rruleparts import Parts
from scheduler.triggers.rruleweeks import WeeksWalk
from scheduler.triggers.wall import WallRule


class Walk(Protocol):
    """What yields a rule's times, without an end, until it gives up.

    Where it takes long to begin, several are found `at_once`: the next questions are mostly about the next times.
    """

    at_once: ClassVar[int]

    def walk(self, begin: datetime) -> Iterator[datetime]:
        """Yield the times in order, from `begin` or a little earlier."""


class RecurrenceRule(WallRule):
    """A recurrence rule that starts at a time on the wall. `zone` is that of the wall, to read an UNTIL in UTC.

    `by` has dateutil's names for the parts that begin with BY, filled in from the start; `until` is on the wall, too.
    """

    def __init__(self, parts: Parts, start: datetime, zone: tzinfo) -> None:
        self.parts = parts
        self.start = start
        self.by = _fill_in(parts, start)
        until = parts.until
        self.until = clamped(until).astimezone(zone).replace(tzinfo=None) if until and until.tzinfo else until
        # Times that follow each other, and the time after which they are all.
        self._chunk: tuple[datetime, tuple[datetime, ...]] = (start, ())

    @property
    def follows_the_clock(self) -> bool:
        """Whether its frequency is hours or less."""
        return self.parts.frequency >= rrule.HOURLY

    def next_wall(self, after: datetime) -> datetime | None:
        """Return the first time later than `after`, from the times that were found last where they hold it."""
        if self.parts.count is not None:
            walls = self._counted
        else:
            since, walls = self._chunk
            if not since <= after or not walls or after >= walls[-1]:
                walls = self._find(after)
                self._chunk = after, walls
        position = bisect_right(walls, after)
        return walls[position] if position < len(walls) else None

    def seconds_on(self, day: date) -> Sequence[int] | None:
        """Return the times of a day where the rule is of hours or less, and counts none; dateutil would search them."""
        if self.parts.count is not None or not isinstance(self._walk, GridWalk):
            return None
        seconds, midnight = self._walk.seconds_on(day), datetime.combine(day, time.min)
        if self.start < midnight and (self.until is None or day < self.until.date()):
            return seconds
        walls = ((second, midnight + timedelta(seconds=second)) for second in seconds)
        return [second for second, wall in walls if wall >= self.start and (not self.until or wall <= self.until)]

    def can_ever_fire(self) -> bool:
        """Tell whether a search that may be given up finds anything; where the rule ends does not matter."""
        return next(self._from(self.start), None) is not None

    @cached_property
    def _counted(self) -> tuple[datetime, ...]:
        return tuple(islice(self._from(self.start), self.parts.count))

    @cached_property
    def _walk(self) -> Walk:
        return _walk_of(self.parts, self.by)(self.parts, self.by, self.start)

    def _find(self, after: datetime) -> tuple[datetime, ...]:
        """Return the next few times."""
        if self.until is not None and after >= self.until:
            return ()
        later = (wall for wall in self._from(after) if wall > after)
        return tuple(wall for wall in islice(later, self._walk.at_once) if self.until is None or wall <= self.until)

    def _from(self, begin: datetime) -> Iterator[datetime]:
        return (wall for wall in self._walk.walk(max(begin, self.start)) if wall >= self.start)


def _walk_of(parts: Parts, by: Mapping[str, Any]) -> Callable[[Parts, Mapping[str, Any], datetime], Walk]:
    if parts.frequency >= rrule.HOURLY:
        return GridWalk
    return WeeksWalk if "byweekno" in by else CalendarWalk


def _fill_in(parts: Parts, start: datetime) -> dict[str, Any]:
    """Take from the start what the rule does not say, as dateutil does; a walk may begin at another time."""
    by, frequency = dict(parts.by), parts.frequency
    if not by.keys() & {"byweekno", "byyearday", "bymonthday", "byweekday"}:
        if frequency == rrule.YEARLY:
            by |= {"bymonth": by.get("bymonth", start.month), "bymonthday": start.day}
        elif frequency == rrule.MONTHLY:
            by["bymonthday"] = start.day
        elif frequency == rrule.WEEKLY:
            by["byweekday"] = start.weekday()
    for name, limit in (("hour", rrule.HOURLY), ("minute", rrule.MINUTELY), ("second", rrule.SECONDLY)):
        if frequency < limit:
            by.setdefault(f"by{name}", (getattr(start, name),))
    return by
