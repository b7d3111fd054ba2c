"""Days by their place in a month or a year, such as "13th", "last day" and "2nd Friday"."""

from abc import ABC, abstractmethod
from calendar import isleap, monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import pgettext

from scheduler.words.names import say_day_number, say_ordinal, say_weekday
from scheduler.words.phrases import fill, runs_of, say_range

_FRIDAY = 4


class DayItem(ABC):
    """A day, or a few, that every month, or every year, may have."""

    @abstractmethod
    def names(self, day: date) -> bool:
        """Tell whether it is that day."""

    @abstractmethod
    def say(self) -> str:
        """Name it, without an article."""


@dataclass(frozen=True)
class Numbered(DayItem):
    """From the `first` to the `last` of a month."""

    first: int
    last: int

    def names(self, day: date) -> bool:
        """Compare the numbers."""
        return self.first <= day.day <= self.last

    def say(self) -> str:
        """Say the number, or both ends."""
        first = say_day_number(self.first)
        return first if self.first == self.last else say_range(first, say_day_number(self.last))


@dataclass(frozen=True)
class FromMonthEnd(DayItem):
    """The last day of a month (1), or the one before it (2), and so on."""

    nth: int

    def names(self, day: date) -> bool:
        """Count from the end."""
        return monthrange(day.year, day.month)[1] - day.day + 1 == self.nth

    def say(self) -> str:
        """Say how far from the end."""
        return say_nth_day(-self.nth)


@dataclass(frozen=True)
class Nearest(DayItem):
    """The day from Monday to Friday, of the same month, that is nearest to a day; to the last one if that is None."""

    to: int | None

    def names(self, day: date) -> bool:
        """Compare with all others of the month."""
        length = monthrange(day.year, day.month)[1]
        to = self.to or length
        days = [number for number in range(1, length + 1) if day.replace(day=number).weekday() <= _FRIDAY]
        return to <= length and day.day == min(days, key=lambda number: abs(number - to))

    def say(self) -> str:
        """Say which days are meant, as a working day is something else."""
        if self.to is None:
            return pgettext("day of the month", "last weekday (Monday to Friday)")
        template = pgettext("day of the month", "weekday (Monday to Friday) nearest to the %(day)s")
        return fill(template, day=say_day_number(self.to))


@dataclass(frozen=True)
class NthWeekday(DayItem):
    """The n-th of a weekday (0 is Monday) in a month, from the end if `nth` is below zero."""

    weekday: int
    nth: int

    def names(self, day: date) -> bool:
        """Count those before it, or after it."""
        before, after = (day.day - 1) // 7, (monthrange(day.year, day.month)[1] - day.day) // 7
        return day.weekday() == self.weekday and self.nth in (before + 1, -after - 1)

    def say(self) -> str:
        """Say which of them."""
        return say_nth(self.nth, say_weekday(self.weekday))


@dataclass(frozen=True)
class NthWeekdayOfYear(DayItem):
    """The n-th of a weekday (0 is Monday) in a year, from the end if `nth` is below zero."""

    weekday: int
    nth: int

    def names(self, day: date) -> bool:
        """Count those before it, or after it."""
        before, after = (_number(day) - 1) // 7, (_length(day) - _number(day)) // 7
        return day.weekday() == self.weekday and self.nth in (before + 1, -after - 1)

    def say(self) -> str:
        """Say which of them."""
        return say_nth(self.nth, say_weekday(self.weekday))


@dataclass(frozen=True)
class NthDayOfYear(DayItem):
    """The n-th day of a year, from the end if `nth` is below zero."""

    nth: int

    def names(self, day: date) -> bool:
        """Count from either end."""
        return self.nth in (_number(day), _number(day) - _length(day) - 1)

    def say(self) -> str:
        """Say which of them."""
        return say_nth_day(self.nth)


def number_items(numbers: Iterable[int]) -> list[DayItem]:
    """Return days of the month as items, three or more in a row as one."""
    items: list[DayItem] = []
    for run in runs_of(sorted(numbers)):
        pairs = [(run[0], run[-1])] if len(run) > 2 else [(number, number) for number in run]
        items.extend(Numbered(*pair) for pair in pairs)
    return items


def say_nth(nth: int, weekday: str) -> str:
    """Return "2nd Friday", "last Friday", "2nd-to-last Friday"."""
    if nth > 0:
        return fill(pgettext("n-th", "%(ordinal)s %(weekday)s"), ordinal=say_ordinal(nth), weekday=weekday)
    if nth == -1:
        return fill(pgettext("n-th", "last %(weekday)s"), weekday=weekday)
    return fill(pgettext("n-th", "%(ordinal)s-to-last %(weekday)s"), ordinal=say_ordinal(-nth), weekday=weekday)


def say_nth_day(nth: int) -> str:
    """Return "2nd day", "last day", "2nd-to-last day"."""
    if nth > 0:
        return fill(pgettext("n-th", "%(ordinal)s day"), ordinal=say_ordinal(nth))
    if nth == -1:
        return pgettext("n-th", "last day")
    return fill(pgettext("n-th", "%(ordinal)s-to-last day"), ordinal=say_ordinal(-nth))


def _number(day: date) -> int:
    return (day - date(day.year, 1, 1)) // timedelta(days=1) + 1


def _length(day: date) -> int:
    return 366 if isleap(day.year) else 365
