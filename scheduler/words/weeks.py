"""The condition that it runs in certain weeks of the year only, as ISO 8601 numbers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scheduler.triggers import Calendar
from scheduler.words.claims import Condition
from scheduler.words.names import say_ordinal, say_weekday
from scheduler.words.phrases import fill, say_list, say_runs


@dataclass(frozen=True)
class InWeeks(Condition):
    """Only in certain weeks of the year, from its end if below zero; weeks begin on a weekday (0 is Monday)."""

    numbers: tuple[int, ...]
    begin_on: int = 0

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether the week's number, from either end, is among them."""
        return any(number in self.numbers for number in _place_of(moment.date(), self.begin_on))

    def say(self) -> str:
        """List the weeks."""
        positive, negative = ([each for each in self.numbers if (each > 0) is sign] for sign in (True, False))
        weeks = say_list([*say_runs(positive, _say_week), *map(_say_week, negative)])
        if self.begin_on == 0:
            return fill(_("It runs only in %(weeks)s of the year, as ISO 8601 counts weeks."), weeks=weeks)
        template = _(
            "It runs only in %(weeks)s of the year; weeks begin on %(day)s, "
            "and the first has four days or more in its year."
        )
        return fill(template, weeks=weeks, day=say_weekday(self.begin_on))


def _place_of(day: date, begin_on: int) -> tuple[int, int]:
    """Return the number of a day's week from the beginning of its year, and from the end.

    A week belongs to the year in which most of its days lie, and so the middle one.
    """
    middle = day + timedelta(days=3 - (day.weekday() - begin_on) % 7)
    number = middle.timetuple().tm_yday
    length = date(middle.year, 12, 31).timetuple().tm_yday
    return (number - 1) // 7 + 1, -((length - number) // 7) - 1


def _say_week(number: int) -> str:
    if number > 0:
        return pgettext("week of the year", "week %d") % number
    if number == -1:
        return pgettext("week of the year", "the last week")
    return fill(pgettext("week of the year", "the %(ordinal)s-to-last week"), ordinal=say_ordinal(-number))
