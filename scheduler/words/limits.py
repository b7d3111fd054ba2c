"""Conditions that say where a trigger begins and ends, how often it counts, and how far its runs are delayed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from math import ceil
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from scheduler.triggers import Calendar
from scheduler.triggers.instants import utc
from scheduler.words.claims import Condition
from scheduler.words.lengths import say_day, say_length, say_moment, say_wall, split_seconds
from scheduler.words.phrases import fill


@dataclass(frozen=True)
class Begins(Condition):
    """Nothing is due before an instant."""

    at: datetime
    zone: tzinfo

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Compare the instants."""
        return utc(moment) >= utc(self.at)

    def say(self) -> str:
        """Say when."""
        return fill(_("It begins at %(moment)s."), moment=say_moment(self.at, self.zone))


@dataclass(frozen=True)
class Ends(Condition):
    """Nothing is due after an instant."""

    at: datetime
    zone: tzinfo

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Compare the instants."""
        return utc(moment) <= utc(self.at)

    def say(self) -> str:
        """Say when."""
        return fill(_("It ends at %(moment)s."), moment=say_moment(self.at, self.zone))


@dataclass(frozen=True)
class EndsWithDay(Condition):
    """Nothing is due after a day."""

    day: date

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Compare the days."""
        return moment.date() <= self.day

    def say(self) -> str:
        """Say which is the last."""
        return fill(_("Its last day is %(day)s."), day=say_day(self.day))


@dataclass(frozen=True)
class EndsOnWall(Condition):
    """The rule names nothing after a time on the wall."""

    wall: datetime

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Compare what the clock shows."""
        return moment.replace(tzinfo=None) <= self.wall

    def say(self) -> str:
        """Say when."""
        return fill(_("It ends at %(moment)s."), moment=say_wall(self.wall))


@dataclass(frozen=True)
class FirstTimes(Condition):
    """Only so many of the rule's times count."""

    count: int
    is_complete: ClassVar[bool] = False

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """One time alone does not show which it is."""
        return True

    def say(self) -> str:
        """Say how many."""
        template = ngettext("Only the first time counts.", "Only the first %(count)s times count.", self.count)
        return fill(template, count=str(self.count))


@dataclass(frozen=True)
class Delayed(Condition):
    """Each run is delayed by up to so many seconds; that comes after all else, and may lead beyond it."""

    seconds: float

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Of what is not yet delayed, it says nothing."""
        return True

    def say(self) -> str:
        """Say by how much at most."""
        return fill(_("Each run is then delayed by up to %(length)s."), length=_say_seconds(self.seconds))


def _say_seconds(seconds: float) -> str:
    if seconds != int(seconds):
        exact = f"{ceil(seconds * 1000) / 1000:.3f}".rstrip("0").rstrip(".")
        return fill(pgettext("length", "%(number)s seconds"), number=exact)
    return say_length(split_seconds(int(seconds)))
