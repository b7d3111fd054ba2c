"""Claims about the day that are two in one: either of them, or both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext

from scheduler.triggers import Calendar
from scheduler.words.days import Days
from scheduler.words.phrases import fill, say_list


@dataclass(frozen=True)
class Either(Days):
    """What one of two claims names, or the other."""

    first: Days
    second: Days

    def names(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        """Ask both."""
        return self.first.names(day, calendars) or self.second.names(day, calendars)

    def say(self) -> str:
        """Say both."""
        return fill(pgettext("days", "%(first)s or %(second)s"), first=self.first.say(), second=self.second.say())

    def say_noun(self) -> str:
        """Name both."""
        return say_list([self.first.say_noun(), self.second.say_noun()], last="or")


@dataclass(frozen=True)
class Both(Days):
    """What both of two claims name."""

    first: Days
    second: Days

    def names(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        """Ask both."""
        return self.first.names(day, calendars) and self.second.names(day, calendars)

    def say(self) -> str:
        """Say the first, and restrict it by the second."""
        template = pgettext("days", "%(first)s, if that is %(second)s")
        return fill(template, first=self.first.say(), second=self.second.say_noun())

    def say_noun(self) -> str:
        """Name both."""
        return say_list([self.first.say_noun(), self.second.say_noun()])
