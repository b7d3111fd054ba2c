"""Claims about the days of a calendar, and what becomes of an occurrence on another day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scheduler.triggers import Calendar
from scheduler.words.claims import Condition
from scheduler.words.days import Days
from scheduler.words.names import say_ordinal
from scheduler.words.phrases import fill


@dataclass(frozen=True)
class OnCalendar(Days):
    """The working days of a calendar, or all its other days."""

    calendar: str
    are_working: bool

    def names(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        """Ask the calendar."""
        return calendars[self.calendar].is_working(day) == self.are_working

    def say(self) -> str:
        """Say which days."""
        template = (
            pgettext("days", "on working days of the calendar %(calendar)s")
            if self.are_working
            else pgettext("days", "on days that are no working days of the calendar %(calendar)s")
        )
        return fill(template, calendar=self.calendar)

    def say_noun(self) -> str:
        """Say it of a day."""
        template = (
            pgettext("kind of day", "a working day of the calendar %(calendar)s")
            if self.are_working
            else pgettext("kind of day", "no working day of the calendar %(calendar)s")
        )
        return fill(template, calendar=self.calendar)


@dataclass(frozen=True)
class NthWorkingDay(Days):
    """The n-th working day of each month, from the end if `nth` is below zero."""

    calendar: str
    nth: int

    def names(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        """Count the working days from the month's end that it is counted from."""
        calendar, step = calendars[self.calendar], timedelta(days=-1 if self.nth > 0 else 1)
        count, other = 0, day
        while other.month == day.month:
            count, other = count + calendar.is_working(other), other + step
        return calendar.is_working(day) and count == abs(self.nth)

    def say(self) -> str:
        """Say which of them."""
        if self.nth > 0:
            template = pgettext("days", "on the %(ordinal)s working day of the month in the calendar %(calendar)s")
        elif self.nth == -1:
            template = pgettext("days", "on the last working day of the month in the calendar %(calendar)s")
        else:
            template = pgettext(
                "days", "on the %(ordinal)s-to-last working day of the month in the calendar %(calendar)s"
            )
        return fill(template, calendar=self.calendar, ordinal=say_ordinal(abs(self.nth)))

    def say_noun(self) -> str:
        """Say it as a condition does; nothing combines it with other days."""
        return self.say()


@dataclass(frozen=True)
class OnlyOn(Condition):
    """What a claim about days does not name is dropped."""

    days: Days

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Ask the claim."""
        return self.days.holds(moment, calendars)

    def say(self) -> str:
        """Say the days."""
        return fill(_("It runs only %(days)s."), days=self.days.say())


@dataclass(frozen=True)
class Moves(Condition):
    """What falls on a day that does not count moves to the same time of one that does."""

    days: OnCalendar
    forward: bool

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """What has moved is on a day that counts, and so is what has not."""
        return self.days.holds(moment, calendars)

    def say(self) -> str:
        """Say where it moves."""
        return fill(_MOVES[self.days.are_working, self.forward](), calendar=self.days.calendar)


_MOVES: dict[tuple[bool, bool], Callable[[], str]] = {
    (True, True): lambda: _(
        "What falls on a day that is no working day of the calendar %(calendar)s moves to the same time "
        "of the next working day."
    ),
    (True, False): lambda: _(
        "What falls on a day that is no working day of the calendar %(calendar)s moves to the same time "
        "of the previous working day."
    ),
    (False, True): lambda: _(
        "What falls on a working day of the calendar %(calendar)s moves to the same time of the next day that is none."
    ),
    (False, False): lambda: _(
        "What falls on a working day of the calendar %(calendar)s moves to the same time of the previous day "
        "that is none."
    ),
}
