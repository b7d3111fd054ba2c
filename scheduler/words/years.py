"""The condition that it runs in certain years only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scheduler.triggers import Calendar
from scheduler.words.claims import Condition
from scheduler.words.phrases import fill, say_list, say_range


@dataclass(frozen=True)
class YearRange:
    """Years from `first` to `last`, both of which may count, in steps."""

    first: int
    last: int
    step: int = 1

    def names(self, year: int) -> bool:
        """Count the steps."""
        return self.first <= year <= self.last and (year - self.first) % self.step == 0

    def say(self) -> str:
        """Say the year, the range, or the steps."""
        first, last = (pgettext("year", "%d") % year for year in (self.first, self.last))
        if self.first == self.last:
            return first
        if self.step == 1 and self.last == MAXYEAR:
            return fill(pgettext("years", "%(first)s and later"), first=first)
        if self.step == 1:
            return say_range(first, last)
        values = {"number": str(self.step), "first": first, "last": last}
        if self.last == MAXYEAR:
            return fill(pgettext("years", "the first of every %(number)s years from %(first)s on"), **values)
        return fill(pgettext("years", "the first of every %(number)s years from %(first)s to %(last)s"), **values)


@dataclass(frozen=True)
class InYears(Condition):
    """Only in certain years."""

    ranges: tuple[YearRange, ...]

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether a range names the year."""
        return any(each.names(moment.year) for each in self.ranges)

    def say(self) -> str:
        """List the years."""
        return fill(_("It runs only in %(years)s."), years=say_list([each.say() for each in self.ranges]))
