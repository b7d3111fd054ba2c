"""Claims about rules that count steps on the wall from their start: days, months, or hours of the clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, timedelta
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scheduler.triggers import Calendar
from scheduler.words.claims import Condition, Rule
from scheduler.words.days import Days
from scheduler.words.lengths import Length, say_day, say_every, say_wall
from scheduler.words.phrases import fill

# The shortest month has so many days.
_LAST_DAY_OF_ALL_MONTHS = 28


@dataclass(frozen=True)
class EveryFewDays(Days):
    """Days that are equally far apart, from a first one on; the length is in units of days and more."""

    come_again: ClassVar[bool] = True

    length: Length
    start: date

    def names(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        """Count from the start, in days or along the months."""
        months, days = self._months_and_days()
        if months and days:
            return self._walks_to(day, months, days)
        if day < self.start:
            return False
        if days:
            return (day - self.start).days % days == 0
        passed = (day.year - self.start.year) * 12 + day.month - self.start.month
        return day.day == self.start.day and passed % months == 0

    def say(self) -> str:
        """Say how far apart they are, and which is the first."""
        template = pgettext("days", "%(every)s from %(start)s on")
        return fill(template, every=say_every(self.length), start=say_day(self.start))

    def say_noun(self) -> str:
        """Say it of a day; nothing combines such days with others."""
        return self.say()

    @property
    def passes_months(self) -> bool:
        """Whether a month may have no such day."""
        months, days = self._months_and_days()
        return bool(months) and (bool(days) or self.start.day > _LAST_DAY_OF_ALL_MONTHS)

    def _months_and_days(self) -> tuple[int, int]:
        length = dict(self.length)
        months = length.get("years", 0) * 12 + length.get("months", 0)
        return months, length.get("weeks", 0) * 7 + length.get("days", 0)

    def _walks_to(self, day: date, months: int, days: int) -> bool:
        found = self.start
        while found < day:
            month = found.year * 12 + found.month - 1 + months
            while not (stepped := _date(month, found.day)):
                month += months
            found = stepped + timedelta(days=days)
        return found == day


@dataclass(frozen=True)
class PassesMonths(Condition):
    """Steps of months pass over those that have no such day."""

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """The claim about the days has it in it."""
        return True

    def say(self) -> str:
        """Say what becomes of the 31st."""
        return _("A month that has no such day is passed over.")


@dataclass(frozen=True)
class EveryFewHours(Rule):
    """Steps of less than a day on the wall clock, from a first time on, also over midnight."""

    unit: str
    number: int
    start: datetime

    @property
    def comes_again(self) -> bool:
        """It says how often."""
        return True

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Count from the start, on the wall."""
        passed = moment.replace(tzinfo=None) - self.start
        return passed >= timedelta(0) and not passed % timedelta(**{self.unit: self.number})

    def say(self) -> str:
        """Say how often, and since when."""
        template = pgettext("when", "%(every)s on the clock from %(start)s on")
        return fill(template, every=say_every(((self.unit, self.number),)), start=say_wall(self.start))


def _date(month: int, day: int) -> date | None:
    if month // 12 > MAXYEAR:
        return date.max
    try:
        return date(month // 12, month % 12 + 1, day)
    except ValueError:
        return None
