"""Which days of a month a crontab expression names: numbers and weekdays, and those counted from the month's ends.

Sets of small numbers are the bits of an int, bit 5 for the 5th. Weekdays are cron's: 0 is Sunday.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

SUNDAY, SATURDAY = 0, 6


def bits_of(numbers: Iterable[int]) -> int:
    """Return the set of these numbers."""
    return sum(1 << number for number in set(numbers))


class Month(NamedTuple):
    """A month as a sheet of the calendar: the weekday of its 1st, and its length. There are 28 such sheets in all."""

    first: int
    length: int

    def weekday_of(self, day: int) -> int:
        """Return the weekday of a day of this month."""
        return (self.first + day - 1) % 7

    def days_on(self, weekday: int) -> range:
        """Return the days of this month that are such a weekday."""
        return range((weekday - self.first) % 7 + 1, self.length + 1, 7)


class DayRule(ABC):
    """A day that depends on the sheet of the month."""

    @abstractmethod
    def day_in(self, month: Month) -> int | None:
        """Return the day, or None where the month has no such day."""


@dataclass(frozen=True, kw_only=True)
class FromTheEnd(DayRule):
    """`L` is the last day of the month, `L-3` the third before it."""

    before: int

    def day_in(self, month: Month) -> int | None:
        """Count back from the last day."""
        return month.length - self.before if self.before < month.length else None


@dataclass(frozen=True, kw_only=True)
class NearestWorkday(DayRule):
    """`15W` is the day from Monday to Friday that is nearest to the 15th, `LW` (None) the one nearest to the last day.

    It never leaves the month: where the 1st is a Saturday, `1W` is the 3rd.
    """

    to: int | None

    def day_in(self, month: Month) -> int | None:
        """Step from Saturday to Friday and from Sunday to Monday, or the other way at the month's end."""
        day = self.to or month.length
        if day > month.length:
            return None
        if month.weekday_of(day) == SATURDAY:
            return day - 1 if day > 1 else day + 2
        if month.weekday_of(day) == SUNDAY:
            return day + 1 if day < month.length else day - 2
        return day


@dataclass(frozen=True, kw_only=True)
class NthWeekday(DayRule):
    """`fri#2` is the second Friday of the month, `friL` (None) the last one."""

    weekday: int
    nth: int | None

    def day_in(self, month: Month) -> int | None:
        """Find it among the four or five days with that weekday."""
        days = month.days_on(self.weekday)
        if self.nth is None:
            return days[-1]
        return days[self.nth - 1] if self.nth <= len(days) else None


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days that both day fields together name.

    Vixie cron's rule: a day must satisfy both fields if one of them begins with `*`, and else either of them.
    """

    numbers: int
    number_rules: frozenset[DayRule]
    weekdays: int
    weekday_rules: frozenset[DayRule]
    match_both: bool

    def bits_in(self, month: Month) -> int:
        """Return the days of such a month that are named."""
        by_number = self.numbers & bits_of(range(1, month.length + 1)) | _rule_bits(self.number_rules, month)
        by_weekday = _rule_bits(self.weekday_rules, month)
        for weekday in range(7):
            if self.weekdays >> weekday & 1:
                by_weekday |= bits_of(month.days_on(weekday))
        return by_number & by_weekday if self.match_both else by_number | by_weekday


def _rule_bits(rules: Iterable[DayRule], month: Month) -> int:
    return bits_of(day for rule in rules if (day := rule.day_in(month)) is not None)
