"""What descriptions begin with: times of the clock on the wall, steps of elapsed time, one instant, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scheduler.triggers import Calendar
from scheduler.triggers.instants import utc
from scheduler.words.claims import Rule
from scheduler.words.days import Days
from scheduler.words.lengths import Length, say_every, say_moment
from scheduler.words.phrases import fill
from scheduler.words.times import Times


@dataclass(frozen=True)
class AtTimesOnDays(Rule):
    """Times of day on certain days."""

    times: Times
    days: Days

    @property
    def comes_again(self) -> bool:
        """Whether the times say how often, or the days do and name a single time each."""
        return self.times.comes_again or (self.days.come_again and self.times.is_single)

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Ask both."""
        return self.times.holds(moment, calendars) and self.days.holds(moment, calendars)

    def say(self) -> str:
        """Say the times, and the days where there is more to say than that it is every day."""
        times, days = self.times.say(), self.days.say_beside(spans_the_day=self.times.spans_the_day)
        return fill(pgettext("when", "%(times)s %(days)s"), times=times, days=days) if days else times


@dataclass(frozen=True)
class Once(Rule):
    """One instant."""

    at: datetime
    zone: tzinfo

    @property
    def comes_again(self) -> bool:
        """Chinese says "once" as it says "once every 10 seconds"."""
        return True

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Compare the instants."""
        return utc(moment) == utc(self.at)

    def say(self) -> str:
        """Say when."""
        return fill(pgettext("when", "once, at %(moment)s"), moment=say_moment(self.at, self.zone))


@dataclass(frozen=True)
class ElapsedTime(Rule):
    """Every so much elapsed time from a start on."""

    length: Length
    start: datetime
    zone: tzinfo

    @property
    def comes_again(self) -> bool:
        """It says how often."""
        return True

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Divide the time since the start."""
        elapsed = utc(moment) - utc(self.start)
        return elapsed >= timedelta(0) and not elapsed % timedelta(**dict(self.length))

    def say(self) -> str:
        """Say how often, and since when; a day of elapsed time is 24 hours, which not every day on the wall is."""
        template = pgettext("when", "%(every)s from %(start)s on")
        if {"weeks", "days"} & dict(self.length).keys():
            template = pgettext("when", "%(every)s (days of 24 hours) from %(start)s on")
        return fill(template, every=say_every(self.length), start=say_moment(self.start, self.zone))


@dataclass(frozen=True)
class ByHand(Rule):
    """Nothing: runs come about by hand."""

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """There is no such time."""
        return False

    def say(self) -> str:
        """Say that somebody has to."""
        return _("Runs only when somebody, or another program, tells it to.")

    def say_sentence(self, zone: str, *, begins: bool = False) -> str:
        """A zone would mean nothing."""
        return self.say()
