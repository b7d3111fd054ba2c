"""Claims about the time of day: certain times, every so many minutes, or certain minutes of certain hours."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.translation import ngettext, pgettext

from scheduler.triggers import Calendar
from scheduler.words.claims import Claim
from scheduler.words.lengths import say_every, split_seconds
from scheduler.words.phrases import fill, say_list, say_runs

_HOUR, _DAY = 3600, 24 * 3600


class Times(Claim):
    """A claim about the time of day.

    `spans_the_day`: it goes on through the day without an end, so that "every day" need not be said.
    `comes_again`: it says how often rather than when. `is_single`: it names one time only.
    """

    @property
    @abstractmethod
    def spans_the_day(self) -> bool:
        """Whether it goes on through the whole day."""

    @property
    def comes_again(self) -> bool:
        """Whether it says how often."""
        return False

    @property
    def is_single(self) -> bool:
        """Whether it names one time only."""
        return False

    @abstractmethod
    def names(self, clock: time) -> bool:
        """Tell whether it names a time of day."""

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether it names the moment's time of day, to the microsecond."""
        return not moment.microsecond and self.names(moment.time())


@dataclass(frozen=True)
class AtTimes(Times):
    """At a few times of day."""

    clocks: tuple[time, ...]

    @property
    def spans_the_day(self) -> bool:
        """They have a beginning and an end."""
        return False

    @property
    def is_single(self) -> bool:
        """Whether there is but one."""
        return len(self.clocks) == 1

    def names(self, clock: time) -> bool:
        """Tell whether it is one of the times."""
        return clock in self.clocks

    def say(self) -> str:
        """List the times."""
        exact = any(clock.second for clock in self.clocks)
        return fill(
            pgettext("times", "at %(times)s"), times=say_list([_say_clock(each, exact) for each in self.clocks])
        )


@dataclass(frozen=True)
class Every(Times):
    """Every so many seconds in stretches of the day, whose ends are seconds of the day, and count."""

    step: int
    stretches: tuple[tuple[int, int], ...]

    @property
    def spans_the_day(self) -> bool:
        """Whether it is in step with the hours, through all of them: "every 5 hours" would not say at which."""
        return _HOUR % self.step == 0 and self.stretches == ((0, _DAY - self.step),)

    @property
    def comes_again(self) -> bool:
        """It says how often."""
        return True

    def names(self, clock: time) -> bool:
        """Count whole steps from the beginning of each stretch."""
        second = clock.hour * 3600 + clock.minute * 60 + clock.second
        return any(first <= second <= last and (second - first) % self.step == 0 for first, last in self.stretches)

    def say(self) -> str:
        """Say how often, and from when to when."""
        every = say_every(split_seconds(self.step))
        if self.spans_the_day:
            return every
        exact = any(second % 60 for stretch in self.stretches for second in stretch)
        stretches = [
            fill(
                pgettext("times", "from %(first)s to %(last)s"),
                first=_say_second(first, exact),
                last=_say_second(last, exact),
            )
            for first, last in self.stretches
        ]
        return fill(pgettext("times", "%(every)s %(stretches)s"), every=every, stretches=say_list(stretches))


@dataclass(frozen=True)
class AtNumbers(Times):
    """At certain seconds of certain minutes of certain hours."""

    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    seconds: tuple[int, ...]

    @property
    def spans_the_day(self) -> bool:
        """Whether it does the same in every hour."""
        return len(self.hours) == 24

    @property
    def comes_again(self) -> bool:
        """Whether it is every minute of its hours."""
        return self.seconds == (0,) and len(self.minutes) == 60

    def names(self, clock: time) -> bool:
        """Tell whether the clock shows such numbers."""
        return clock.hour in self.hours and clock.minute in self.minutes and clock.second in self.seconds

    def say(self) -> str:
        """List the numbers; seconds only where they are not just 0."""
        hours, minutes, seconds = self._say_hours(), self._say_minutes(), self._say_seconds()
        if self.seconds == (0,):
            if len(self.minutes) == 60:
                return fill(pgettext("times", "every minute of the hours %(hours)s"), hours=self._list_hours())
            return fill(pgettext("times", "at %(minutes)s of %(hours)s"), minutes=minutes, hours=hours)
        if len(self.minutes) == 60 and self.spans_the_day:
            return fill(pgettext("times", "at %(seconds)s of every minute"), seconds=seconds)
        return fill(
            pgettext("times", "at %(seconds)s of %(minutes)s of %(hours)s"),
            seconds=seconds,
            minutes=minutes,
            hours=hours,
        )

    def _say_hours(self) -> str:
        if self.spans_the_day:
            return pgettext("times", "every hour")
        if len(self.hours) == 1:
            return fill(pgettext("times", "hour %(hour)s"), hour=self._list_hours())
        return fill(pgettext("times", "the hours %(hours)s"), hours=self._list_hours())

    def _list_hours(self) -> str:
        return say_list(say_runs(self.hours, str))

    def _say_minutes(self) -> str:
        if len(self.minutes) == 60:
            return pgettext("times", "every minute")
        listed = say_list(say_runs(self.minutes, str))
        return fill(ngettext("minute %(minutes)s", "minutes %(minutes)s", len(self.minutes)), minutes=listed)

    def _say_seconds(self) -> str:
        if len(self.seconds) == 60:
            return pgettext("times", "every second")
        listed = say_list(say_runs(self.seconds, str))
        return fill(ngettext("second %(seconds)s", "seconds %(seconds)s", len(self.seconds)), seconds=listed)


def _say_second(second: int, exact: bool) -> str:
    return _say_clock(time(second // 3600, second // 60 % 60, second % 60), exact)


def _say_clock(clock: time, exact: bool) -> str:
    return clock.isoformat("seconds" if exact else "minutes")
