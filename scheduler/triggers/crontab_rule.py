"""Walks the times of the wall clock that a crontab expression names, straight from each to the next."""

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, datetime
from functools import cached_property

from scheduler.triggers.crontab_days import Days, Month
from scheduler.triggers.wall import WallRule

_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# The longest wait that there is: for a 29 February on one weekday, past a year such as 2100 without a leap day.
_MOST_MONTHS = 40 * 12 + 1


@dataclass(frozen=True, kw_only=True)
class CrontabRule(WallRule):
    """The times that an expression names; its sets of numbers are the bits of an int."""

    seconds: int
    minutes: int
    hours: int
    months: int
    days: Days
    begins_with_star: bool
    # The days of a month depend on its sheet alone, so 28 answers are all that there are.
    _known_days: dict[tuple[int, int], int] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def follows_the_clock(self) -> bool:
        """Whether the minute or the hour begins with `*`."""
        return self.begins_with_star

    def next_wall(self, after: datetime) -> datetime | None:
        """Return the first time later than `after`: later on its day, or the earliest of a later day."""
        year, month, day = after.year, after.month, after.day
        first = (after.isoweekday() - day + 1) % 7
        if self.months >> month & 1 and self._days_of(year, month, first) >> day & 1:
            clock = self._later_clock(after.hour, after.minute, after.second)
            if clock:
                return after.replace(year, month, day, *clock, microsecond=0, fold=0)
        return self._on_a_later_day(after, first)

    def seconds_on(self, day: date) -> Sequence[int]:
        """Return the times of a day, which are the same on every day that is named."""
        first = (day.isoweekday() - day.day + 1) % 7
        is_named = self.months >> day.month & 1 and self._days_of(day.year, day.month, first) >> day.day & 1
        return self._clock if is_named else ()

    @cached_property
    def _clock(self) -> Sequence[int]:
        hours, minutes, seconds = (_numbers(bits) for bits in (self.hours, self.minutes, self.seconds))
        return [hour * 3600 + minute * 60 + second for hour in hours for minute in minutes for second in seconds]

    def can_ever_fire(self) -> bool:
        """Look at every sheet that a named month can have; in 400 years each of them comes."""
        return any(
            self.days.bits_in(Month(first, length))
            for month in range(1, 13)
            if self.months >> month & 1
            for length in ({28, 29} if month == 2 else {_LENGTHS[month]})
            for first in range(7)
        )

    def _later_clock(self, hour: int, minute: int, second: int) -> tuple[int, int, int] | None:
        if self.hours >> hour & 1:
            if self.minutes >> minute & 1 and (later := _above(second, self.seconds)):
                return hour, minute, later
            if later := _above(minute, self.minutes):
                return hour, later, _least(self.seconds)
        if later := _above(hour, self.hours):
            return later, _least(self.minutes), _least(self.seconds)
        return None

    def _on_a_later_day(self, after: datetime, first: int) -> datetime | None:
        year, month, day = after.year, after.month, after.day
        for _ in range(_MOST_MONTHS):
            if self.months >> month & 1 and (later := _above(day, self._days_of(year, month, first))):
                clock = _least(self.hours), _least(self.minutes), _least(self.seconds)
                return after.replace(year, month, later, *clock, microsecond=0, fold=0)
            first = (first + _length(year, month)) % 7
            year, month, day = (year, month + 1, 0) if month < 12 else (year + 1, 1, 0)
            if year > MAXYEAR:
                break
        return None

    def _days_of(self, year: int, month: int, first: int) -> int:
        sheet = Month(first, _length(year, month))
        if sheet not in self._known_days:
            self._known_days[sheet] = self.days.bits_in(sheet)
        return self._known_days[sheet]


def _numbers(bits: int) -> list[int]:
    return [number for number in range(bits.bit_length()) if bits >> number & 1]


def _above(number: int, bits: int) -> int:
    """Return the least of the bits above a number; 0, which is above none, where there is no such bit."""
    higher = bits >> number + 1
    return number + (higher & -higher).bit_length() if higher else 0


def _length(year: int, month: int) -> int:
    return 29 if month == 2 and isleap(year) else _LENGTHS[month]


def _least(bits: int) -> int:
    return (bits & -bits).bit_length() - 1
