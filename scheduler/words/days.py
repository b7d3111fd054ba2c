"""Claims about the day: every day, weekdays, days of a month or of a year."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.utils.translation import pgettext

from scheduler.triggers import Calendar
from scheduler.words.claims import Claim
from scheduler.words.dayitems import DayItem
from scheduler.words.names import say_month, say_weekday
from scheduler.words.phrases import fill, say_list, say_runs

ALL_MONTHS = frozenset(range(1, 13))


class Days(Claim):
    """A claim about the day, which is said after the time of day: "on Monday".

    `come_again`: it says how often rather than which days.
    """

    come_again: ClassVar[bool] = False

    @abstractmethod
    def names(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether it names a day."""

    @abstractmethod
    def say_noun(self) -> str:
        """Name the days as what another day may be: "Monday or Friday"."""

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether it names the moment's day."""
        return self.names(moment.date(), calendars)

    def say_beside(self, *, spans_the_day: bool) -> str:
        """Say it beside a time of day, which may go on through the whole day."""
        return self.say()


@dataclass(frozen=True)
class EveryDay(Days):
    """Every day, or every day of certain months."""

    months: frozenset[int] = ALL_MONTHS

    def names(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether the month counts."""
        return day.month in self.months

    def say(self) -> str:
        """Say it in full."""
        if self.months == ALL_MONTHS:
            return pgettext("days", "every day")
        return fill(pgettext("days", "every day in %(months)s"), months=_say_months(self.months))

    def say_noun(self) -> str:
        """Say it of a day."""
        return fill(pgettext("kind of day", "a day in %(months)s"), months=_say_months(self.months, last="or"))

    def say_beside(self, *, spans_the_day: bool) -> str:
        """Leave "every day" out where it says nothing."""
        if not spans_the_day:
            return self.say()
        if self.months == ALL_MONTHS:
            return ""
        return fill(pgettext("days", "in %(months)s"), months=_say_months(self.months))


@dataclass(frozen=True)
class Weekdays(Days):
    """Certain weekdays, 0 for Monday, perhaps in certain months only."""

    numbers: frozenset[int]
    months: frozenset[int] = ALL_MONTHS

    def names(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether the weekday and the month count."""
        return day.weekday() in self.numbers and day.month in self.months

    def say(self) -> str:
        """Name the weekdays, and the months."""
        days = self._say_days("and")
        if self.months != ALL_MONTHS:
            return fill(pgettext("days", "on %(days)s in %(months)s"), days=days, months=_say_months(self.months))
        if len(self.numbers) == 1:
            return fill(pgettext("one weekday", "on %(days)s"), days=days)
        return fill(pgettext("weekdays", "on %(days)s"), days=days)

    def say_noun(self) -> str:
        """Name the weekdays."""
        return self._say_days("or")

    def _say_days(self, last: str) -> str:
        return say_list(say_runs(self.numbers, say_weekday, around=7), last=last)


@dataclass(frozen=True)
class OfMonth(Days):
    """Days by their place in the month, perhaps in certain months only."""

    items: tuple[DayItem, ...]
    months: frozenset[int] = ALL_MONTHS

    def names(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether an item names the day."""
        return day.month in self.months and any(item.names(day) for item in self.items)

    def say(self) -> str:
        """List the days."""
        days = say_list([item.say() for item in self.items])
        if self.months == ALL_MONTHS:
            return fill(pgettext("days", "on the %(days)s of the month"), days=days)
        months = _say_months(self.months)
        if len(self.months) == 1:
            return fill(pgettext("days of one month", "on the %(days)s of %(months)s"), days=days, months=months)
        return fill(pgettext("days of months", "on the %(days)s of %(months)s"), days=days, months=months)

    def say_noun(self) -> str:
        """List the days."""
        days = say_list([item.say() for item in self.items], last="or")
        return fill(pgettext("kind of day", "the %(days)s of the month"), days=days)


@dataclass(frozen=True)
class OfYear(Days):
    """Days by their place in the year."""

    items: tuple[DayItem, ...]

    def names(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether an item names the day."""
        return any(item.names(day) for item in self.items)

    def say(self) -> str:
        """List the days."""
        days = say_list([item.say() for item in self.items])
        return fill(pgettext("days", "on the %(days)s of the year"), days=days)

    def say_noun(self) -> str:
        """List the days."""
        days = say_list([item.say() for item in self.items], last="or")
        return fill(pgettext("kind of day", "the %(days)s of the year"), days=days)


def _say_months(months: frozenset[int], last: str = "and") -> str:
    return say_list(say_runs(months, say_month, around=12), last=last)
