"""Conditions that count periods: only in the first of every two weeks, or only the last time of each month."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scheduler.triggers import Calendar
from scheduler.words.claims import Condition
from scheduler.words.lengths import say_day, say_wall
from scheduler.words.names import from_beginning, say_ordinal, say_weekday
from scheduler.words.phrases import fill, say_list


@dataclass(frozen=True)
class FirstOf(Condition):
    """Only in the first of every few periods, counted from the start's; `begin_on`: when weeks do (0: Monday)."""

    unit: str
    number: int
    start: datetime
    begin_on: int = 0

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Count the periods."""
        return (self._count(moment.replace(tzinfo=None)) - self._count(self.start)) % self.number == 0

    def say(self) -> str:
        """Say which of them, and from when they are counted."""
        day, wall = say_day(self.start.date()), say_wall(self.start)
        start = {"years": day[:4], "months": day[:7]}.get(self.unit, wall if self.unit in ("hours", "minutes") else day)
        first_day = say_weekday(self.begin_on)
        return fill(_FIRST_OF[self.unit](), number=str(self.number), start=start, first_day=first_day)

    def _count(self, wall: datetime) -> int:
        if self.unit == "years":
            return wall.year
        if self.unit == "months":
            return wall.year * 12 + wall.month
        begin = datetime(1, 1, 1) + timedelta(days=self.begin_on if self.unit == "weeks" else 0)  # noqa: DTZ001
        return (wall - begin) // timedelta(**{self.unit: 1})


@dataclass(frozen=True)
class Positions(Condition):
    """Only certain ones of what the rule names in each period, from the end if below zero."""

    unit: str
    numbers: tuple[int, ...]
    is_complete: ClassVar[bool] = False

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """One time alone does not show which it is."""
        return True

    def say(self) -> str:
        """List which of them."""
        return fill(
            _POSITIONS[self.unit](), positions=say_list([_say_position(each) for each in from_beginning(self.numbers)])
        )


def _say_position(number: int) -> str:
    if number > 0:
        return fill(pgettext("position", "the %(ordinal)s"), ordinal=say_ordinal(number))
    if number == -1:
        return pgettext("position", "the last")
    return fill(pgettext("position", "the %(ordinal)s-to-last"), ordinal=say_ordinal(-number))


_FIRST_OF: dict[str, Callable[[], str]] = {
    "years": lambda: _("It runs only in the first of every %(number)s years, counted from %(start)s."),
    "months": lambda: _("It runs only in the first of every %(number)s months, counted from %(start)s."),
    "weeks": lambda: _(
        "It runs only in the first of every %(number)s weeks, counted from that of %(start)s; "
        "weeks begin on %(first_day)s."
    ),
    "days": lambda: _("It runs only on the first of every %(number)s days, counted from %(start)s."),
    "hours": lambda: _("It runs only in the first of every %(number)s hours, counted from that of %(start)s."),
    "minutes": lambda: _("It runs only in the first of every %(number)s minutes, counted from that of %(start)s."),
    "seconds": lambda: _("It runs only in the first of every %(number)s seconds, counted from %(start)s."),
}
_POSITIONS: dict[str, Callable[[], str]] = {
    "years": lambda: _("Of these times, each year keeps only %(positions)s."),
    "months": lambda: _("Of these times, each month keeps only %(positions)s."),
    "weeks": lambda: _("Of these times, each week keeps only %(positions)s."),
    "days": lambda: _("Of these times, each day keeps only %(positions)s."),
    "hours": lambda: _("Of these times, each hour keeps only %(positions)s."),
    "minutes": lambda: _("Of these times, each minute keeps only %(positions)s."),
    "seconds": lambda: _("Of these times, each second keeps only %(positions)s."),
}
