"""The times that a recurrence rule names, found by dateutil, from near the time that is asked for.

dateutil walks a rule from its very start, and where there is nothing to find it walks until the year 9999. So a rule
that counts is walked once, and any other from a period near the question, to which its start is moved by whole
intervals; and the walk is given up after a number of periods.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from itertools import islice
from typing import Any, SupportsIndex, cast

from dateutil import rrule

from scheduler.triggers.rruleparts import Parts
from scheduler.triggers.timetable import Exhausted, Steps
from scheduler.triggers.wall import WallRule

# How many times are found at once: the next questions are mostly about the next times.
_AT_ONCE = 20
# How many periods may pass without any time. The calendar repeats after 400 years, weekdays and leap days after 28; a
# year costs as much as 20 days, and among the seconds of a day there may be but one.
_MOST_PERIODS = {
    rrule.YEARLY: 400,
    rrule.MONTHLY: 2_400,
    rrule.WEEKLY: 15_000,
    rrule.DAILY: 15_000,
    rrule.HOURLY: 15_000,
    rrule.MINUTELY: 15_000,
    rrule.SECONDLY: 100_000,
}
_UNITS = {
    rrule.WEEKLY: timedelta(weeks=1),
    rrule.DAILY: timedelta(days=1),
    rrule.HOURLY: timedelta(hours=1),
    rrule.MINUTELY: timedelta(minutes=1),
    rrule.SECONDLY: timedelta(seconds=1),
}
_MONDAY = datetime(1, 1, 1)  # noqa: DTZ001


class RecurrenceRule(WallRule):
    """A recurrence rule that starts at a time on the wall. `zone` is that of the wall, to read an UNTIL in UTC.

    `by` has dateutil's names for the parts that begin with BY, filled in from the start; `until` is on the wall, too.
    """

    def __init__(self, parts: Parts, start: datetime, zone: tzinfo) -> None:
        self.parts = parts
        self.start = start
        self.by = _fill_in(parts, start)
        until = parts.until
        self.until = until.astimezone(zone).replace(tzinfo=None) if until and until.tzinfo else until
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

    def can_ever_fire(self) -> bool:
        """Tell whether a search that may be given up finds anything; where the rule ends does not matter."""
        return next(self._walk(self.start), None) is not None

    @cached_property
    def _counted(self) -> tuple[datetime, ...]:
        return tuple(islice(self._walk(self.start), self.parts.count))

    def _find(self, after: datetime) -> tuple[datetime, ...]:
        """Return the next few times, walking from near `after`."""
        if self.until is not None and after >= self.until:
            return ()
        later = (wall for wall in self._walk(self._anchor(after)) if wall > after)
        return tuple(wall for wall in islice(later, _AT_ONCE) if self.until is None or wall <= self.until)

    def _walk(self, anchor: datetime) -> Iterator[datetime]:
        """Yield the times from `anchor` on, until too many periods in a row have none."""
        interval = _Interval(self.parts.interval)
        interval.steps = Steps(_MOST_PERIODS[self.parts.frequency])
        try:
            for wall in rrule.rrule(cast(Any, self.parts.frequency), anchor, interval, **self.by):
                interval.steps = Steps(_MOST_PERIODS[self.parts.frequency])
                yield wall
        except (Exhausted, IndexError, OverflowError, ValueError):
            # Past the year 9999; and dateutil knows by itself that a rule is empty whose intervals meet no hour of it.
            return

    def _anchor(self, after: datetime) -> datetime:
        """Return the beginning of a period to walk from, whole intervals after the start's own."""
        frequency, interval, start = self.parts.frequency, self.parts.interval, self.start
        if after <= start:
            return start
        if frequency in (rrule.YEARLY, rrule.MONTHLY):
            return self._anchor_month(after, interval * (12 if frequency == rrule.YEARLY else 1))
        unit = _UNITS[frequency]
        period = start - (start - _MONDAY - timedelta(days=self.by["wkst"])) % unit
        length = unit * interval
        return max(start, period + length * ((after - period) // length))

    def _anchor_month(self, after: datetime, interval: int) -> datetime:
        first = self.start.year * 12 + (self.start.month - 1 if self.parts.frequency == rrule.MONTHLY else 0)
        month = first + (after.year * 12 + after.month - 1 - first) // interval * interval
        return max(self.start, datetime(month // 12, month % 12 + 1, 1))  # noqa: DTZ001


class _Interval(int):
    """An interval that counts how often dateutil steps over it, so that a walk that finds nothing can be given up."""

    steps: Steps

    def __radd__(self, other: int) -> int:
        self.steps.take()
        return other + int(self)

    def __mul__(self, other: SupportsIndex) -> int:
        self.steps.take()
        return int(self) * int(other)


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
            by.setdefault(f"by{name}", getattr(start, name))
    return by
