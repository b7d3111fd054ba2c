"""Recurrence rules of numbered weeks. dateutil takes days of January into week 52 or 53 that are in the other one.

It counts the weeks of the year before by the length of the present one, and of the numbers from the end it knows -1
alone in days that belong to another year's weeks.
"""

from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, date, datetime, time
from typing import Any, ClassVar

from scheduler.triggers.rruledays import NamedDays
from scheduler.triggers.rruleparts import Parts, choose_places

# How many years may pass without any time; then the calendar repeats.
MOST_YEARS = 400


class WeeksWalk:
    """Every so many calendar years, the days that lie in certain weeks. Week 1 is the first with four days or more."""

    at_once: ClassVar[int] = 20

    def __init__(self, parts: Parts, by: Mapping[str, Any], start: datetime) -> None:
        self._interval = parts.interval
        self._start_year = start.year
        self._numbers: tuple[int, ...] = by["byweekno"]
        self._first_weekday: int = by["wkst"]
        self._days = NamedDays(by)
        self._positions: tuple[int, ...] = by.get("bysetpos", ())
        self._times = [
            time(hour, minute, second)
            for hour in by["byhour"]
            for minute in by["byminute"]
            for second in by["bysecond"]
        ]

    def walk(self, begin: datetime) -> Iterator[datetime]:
        """Yield the times from near `begin` on, until too many years have none."""
        year, looked = begin.year + (self._start_year - begin.year) % self._interval, 0
        while year <= MAXYEAR and looked < MOST_YEARS:
            days = self._days_of(year)
            places = choose_places(len(days) * len(self._times), self._positions)
            for place in places:
                number, of_day = divmod(place, len(self._times))
                if days[number] >= begin.date():
                    yield datetime.combine(days[number], self._times[of_day])
            looked = 0 if places else looked + 1
            year += self._interval

    def _days_of(self, year: int) -> list[date]:
        """Return the days of a calendar year that lie in one of the weeks, of this year or a neighbour's."""
        first, end = date(year, 1, 1).toordinal(), _fourth_of_january(year + 1) - 3
        ordinals = {
            ordinal
            for week_year in (year - 1, year, year + 1)
            for week in self._weeks_of(week_year)
            for ordinal in range(max(week, first), min(week + 7, end))
        }
        return [day for ordinal in sorted(ordinals) if self._days.holds(day := date.fromordinal(ordinal))]

    def _weeks_of(self, year: int) -> Iterator[int]:
        """Yield the first days of the weeks that are meant, as ordinals; numbers below zero count from the end."""
        first, following = self._first_week(year), self._first_week(year + 1)
        for number in self._numbers:
            week = first + 7 * (number - 1) if number > 0 else following + 7 * number
            if first <= week < following:
                yield week

    def _first_week(self, year: int) -> int:
        fourth = _fourth_of_january(year)
        # Day 1 of all days was a Monday.
        return fourth - (fourth - 1 - self._first_weekday) % 7


def _fourth_of_january(year: int) -> int:
    """Return an ordinal, also where the calendar of dates is over."""
    past = year - 1
    return 365 * past + past // 4 - past // 100 + past // 400 + 4
