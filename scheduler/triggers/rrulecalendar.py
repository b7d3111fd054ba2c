"""Recurrence rules of days or longer, walked by dateutil, from near the time that is asked for.

dateutil walks a rule from its very start, and where there is nothing to find it walks until the year 9999. So a walk
begins at a period near the question, to which the start is moved by whole intervals; and it is given up after a number
of periods.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, SupportsIndex, cast

from dateutil import rrule

from scheduler.triggers.rruleparts import Parts
from scheduler.triggers.timetable import Exhausted, Steps

# How many periods may pass without any time. The calendar repeats after 400 years, weekdays and leap days after 28; a
# year costs as much as 20 days.
_MOST_PERIODS = {rrule.YEARLY: 400, rrule.MONTHLY: 2_400, rrule.WEEKLY: 15_000, rrule.DAILY: 15_000}
_UNITS = {rrule.WEEKLY: timedelta(weeks=1), rrule.DAILY: timedelta(days=1)}
_MONDAY = datetime(1, 1, 1)  # noqa: DTZ001


class CalendarWalk:
    """Every so many years, months, weeks or days, counted from that of the start."""

    at_once: ClassVar[int] = 20

    def __init__(self, parts: Parts, by: Mapping[str, Any], start: datetime) -> None:
        self._parts = parts
        self._by = by
        self._start = start

    def walk(self, begin: datetime) -> Iterator[datetime]:
        """Yield the times from near `begin` on, until too many periods in a row have none."""
        interval, most = _Interval(self._parts.interval), _MOST_PERIODS[self._parts.frequency]
        interval.steps = Steps(most)
        try:
            for wall in rrule.rrule(cast(Any, self._parts.frequency), self._anchor(begin), interval, **self._by):
                interval.steps = Steps(most)
                yield wall
        except (Exhausted, IndexError, OverflowError, ValueError):
            # Past the year 9999; and dateutil knows by itself that a rule is empty whose intervals meet no hour of it.
            return

    def _anchor(self, begin: datetime) -> datetime:
        """Return the beginning of a period to walk from, whole intervals after the start's own."""
        frequency, interval, start = self._parts.frequency, self._parts.interval, self._start
        if begin <= start:
            return start
        if frequency in (rrule.YEARLY, rrule.MONTHLY):
            return self._anchor_month(begin, interval * (12 if frequency == rrule.YEARLY else 1))
        unit = _UNITS[frequency]
        period = start - (start - _MONDAY - timedelta(days=self._by["wkst"])) % unit
        length = unit * interval
        return max(start, period + length * ((begin - period) // length))

    def _anchor_month(self, begin: datetime, interval: int) -> datetime:
        first = self._start.year * 12 + (self._start.month - 1 if self._parts.frequency == rrule.MONTHLY else 0)
        month = first + (begin.year * 12 + begin.month - 1 - first) // interval * interval
        return max(self._start, datetime(month // 12, month % 12 + 1, 1))  # noqa: DTZ001


class _Interval(int):
    """An interval that counts how often dateutil steps over it, so that a walk that finds nothing can be given up."""

    steps: Steps

    def __radd__(self, other: int) -> int:
        self.steps.take()
        return other + int(self)

    def __mul__(self, other: SupportsIndex) -> int:
        self.steps.take()
        return int(self) * int(other)
