"""Lengths of time, such as "2 weeks 6 days", and moments, as the clock of a zone shows them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeAlias

from django.utils.translation import ngettext, pgettext

from scheduler.triggers.instants import clamped
from scheduler.words.phrases import fill

# Units and how many of them, longest first.
Length: TypeAlias = tuple[tuple[str, int], ...]


def say_every(length: Length) -> str:
    """Return "every day", "every 3 hours", "every 1 week 2 days", from numbers of units."""
    (unit, number), *more = length
    if number == 1 and not more:
        return _EVERY[unit]()
    return fill(pgettext("length", "every %(length)s"), length=say_length(length))


def say_length(length: Length) -> str:
    """Name numbers of units, longest first."""
    return " ".join(_UNITS[unit](number) for unit, number in length)


def elapsed_length(length: timedelta) -> Length:
    """Break elapsed time down into units; a single day is 24 hours, as a day on the wall may be longer or shorter."""
    if length == timedelta(days=1):
        return (("hours", 24),)
    weeks, days = divmod(length.days, 7)
    milliseconds, microseconds = divmod(length.microseconds, 1000)
    smaller = *split_seconds(length.seconds), ("milliseconds", milliseconds), ("microseconds", microseconds)
    return tuple((unit, number) for unit, number in (("weeks", weeks), ("days", days), *smaller) if number)


def split_seconds(seconds: int) -> Length:
    """Break seconds down into units, without those of which there is none."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = (("days", days), ("hours", hours), ("minutes", minute), ("seconds", second))
    return tuple((unit, number) for unit, number in units if number)


def say_moment(moment: datetime, zone: tzinfo) -> str:
    """Write an instant to the second as a zone's clock shows it, with the offset where the clock shows that twice."""
    shown = clamped(moment).astimezone(zone).replace(microsecond=0)
    is_ambiguous = shown.replace(fold=0).utcoffset() != shown.replace(fold=1).utcoffset()
    return say_wall(shown if is_ambiguous else shown.replace(tzinfo=None))


def say_wall(wall: datetime) -> str:
    """Write a time on the wall, with the seconds where there are any."""
    return wall.isoformat(" ", "seconds" if wall.second else "minutes")


def say_day(day: date) -> str:
    """Write a day."""
    return day.isoformat()


_EVERY: dict[str, Callable[[], str]] = {
    "years": lambda: pgettext("length", "every year"),
    "months": lambda: pgettext("length", "every month"),
    "weeks": lambda: pgettext("length", "every week"),
    "days": lambda: pgettext("length", "every day"),
    "hours": lambda: pgettext("length", "every hour"),
    "minutes": lambda: pgettext("length", "every minute"),
    "seconds": lambda: pgettext("length", "every second"),
    "milliseconds": lambda: pgettext("length", "every millisecond"),
    "microseconds": lambda: pgettext("length", "every microsecond"),
}
_UNITS: dict[str, Callable[[int], str]] = {
    "years": lambda n: ngettext("%d year", "%d years", n) % n,
    "months": lambda n: ngettext("%d month", "%d months", n) % n,
    "weeks": lambda n: ngettext("%d week", "%d weeks", n) % n,
    "days": lambda n: ngettext("%d day", "%d days", n) % n,
    "hours": lambda n: ngettext("%d hour", "%d hours", n) % n,
    "minutes": lambda n: ngettext("%d minute", "%d minutes", n) % n,
    "seconds": lambda n: ngettext("%d second", "%d seconds", n) % n,
    "milliseconds": lambda n: ngettext("%d millisecond", "%d milliseconds", n) % n,
    "microseconds": lambda n: ngettext("%d microsecond", "%d microseconds", n) % n,
}
