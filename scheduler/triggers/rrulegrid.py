"""Recurrence rules of hours, minutes or seconds: a grid of periods, and of each day only the times that are on it.

dateutil walks from one period to the next: an answer about a rule of seconds, which runs in one hour of the day, would
take a day of seconds. Here a day is one look-up, as which periods of a day lie on the grid depends on one number.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby, product
from typing import Any, ClassVar

from dateutil import rrule

from scheduler.triggers.rruledays import NamedDays
from scheduler.triggers.rruleparts import Parts, choose_places

DAY_SECONDS = 86_400
# How many days with a period may pass without any time; weekdays and leap days repeat after 28 years.
MOST_DAYS = 15_000
_UNITS = {rrule.HOURLY: 3600, rrule.MINUTELY: 60, rrule.SECONDLY: 1}
_LIMITS = {"byhour": 24, "byminute": 60, "bysecond": 60}
_LAST_DAY = date.max.toordinal()


class GridWalk:
    """Every so many hours, minutes or seconds, counted from that of the start."""

    at_once: ClassVar[int] = 1

    def __init__(self, parts: Parts, by: Mapping[str, Any], start: datetime) -> None:
        unit = _UNITS[parts.frequency]
        self._interval = parts.interval
        self._per_day = DAY_SECONDS // unit
        self._first = start.toordinal() * self._per_day + _second_of(start) // unit
        self._days = NamedDays(by)
        clock = tuple(tuple(by.get(name, range(limit))) for name, limit in _LIMITS.items())
        self._times = _times_by_place(unit, parts.interval, clock, tuple(by.get("bysetpos", ())))

    def walk(self, begin: datetime) -> Iterator[datetime]:
        """Yield the times from `begin` on, until too many days have none."""
        first, day, looked = _second_of(begin) + (begin.microsecond > 0), begin.toordinal(), 0
        while (day := self._next_day(day)) <= _LAST_DAY and looked < MOST_DAYS:
            seconds = self.seconds_on(date.fromordinal(day))
            midnight = datetime.fromordinal(day)
            start = bisect_left(seconds, first) if day == begin.toordinal() else 0
            for place in range(start, len(seconds)):
                yield midnight + timedelta(seconds=seconds[place])
            looked = 0 if len(seconds) > start else looked + 1
            day += 1

    def seconds_on(self, day: date) -> Sequence[int]:
        """Return the times of a day, start and end apart, in seconds since midnight."""
        place = (self._first - day.toordinal() * self._per_day) % self._interval
        return self._times.get(place, ()) if self._days.holds(day) else ()

    def _next_day(self, day: int) -> int:
        """Return the first day, from this one on, in which a period of the grid begins."""
        period = day * self._per_day
        return (period + (self._first - period) % self._interval) // self._per_day


def _second_of(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


# A table of seconds takes a third of a megabyte.
@lru_cache(maxsize=32)
def _times_by_place(
    unit: int, interval: int, clock: tuple[tuple[int, ...], ...], positions: tuple[int, ...]
) -> Mapping[int, Sequence[int]]:
    """Return the times of a day, in seconds since midnight, by the place that their period has within an interval.

    `clock` has the hours, the minutes and the seconds.
    """
    times = (hour * 3600 + minute * 60 + second for hour, minute, second in product(*clock))
    found: dict[int, array[int]] = {}
    for period, in_period in groupby(times, key=lambda time: time // unit):
        named = list(in_period)
        chosen = (named[place] for place in choose_places(len(named), positions))
        found.setdefault(period % interval, array("i")).extend(chosen)
    return found
