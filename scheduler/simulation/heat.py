"""Starts per minute: counted in a flat row of minutes, shown as a map of days and their minutes."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.simulation.subjects import Question
from scheduler.simulation.zones import MINUTE, ShownIn
from scheduler.triggers.instants import stamp_of

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Peak:
    """The greatest number, and the stamp at which it is first reached; 0 and None where there is nothing."""

    count: int = 0
    at: int | None = None


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """For each day on which anything starts: how many starts each minute of the day has, and the most that one has."""

    days: Mapping[date, Mapping[int, int]]
    peaks: Mapping[date, int]


class Minutes:
    """How many runs start in each minute of the span."""

    def __init__(self, question: Question, counts: "array[int] | None" = None) -> None:
        self._question = question
        # A start in the midst of a minute belongs to the whole minute on the clock.
        self._first = stamp_of(question.start) // MINUTE
        self._counts = counts or array("l", bytes(array("l").itemsize * (question.length // A_MINUTE + 2)))

    def copy(self) -> "Minutes":
        """Return the same counts, to be changed apart."""
        return Minutes(self._question, self._counts[:])

    def add(self, starts: Iterable[int], times: int = 1) -> None:
        """Count starts so many times; what has been postponed beyond the end is left out."""
        counts, first, size = self._counts, self._first, len(self._counts)
        for stamp in starts:
            number = stamp // MINUTE - first
            if number < size:
                counts[number] += times

    def at(self, stamp: int) -> int:
        """Return how many start in the minute of a stamp."""
        number = stamp // MINUTE - self._first
        return self._counts[number] if 0 <= number < len(self._counts) else 0

    @property
    def total(self) -> int:
        """All starts."""
        return sum(self._counts)

    @property
    def peak(self) -> Peak:
        """The minute with the most starts."""
        count = max(self._counts)
        return Peak(count=count, at=self._stamp(self._counts.index(count))) if count else Peak()

    def above(self, cap: int) -> Sequence[int]:
        """Return the stamps of the minutes in which more start than may."""
        return [self._stamp(number) for number, count in enumerate(self._counts) if count > cap]

    def by_day(self, shown: ShownIn) -> HeatMap:
        """Return the counts by day and minute; a minute that the clock shows twice has the starts of both."""
        days: dict[date, dict[int, int]] = {}
        for number, count in enumerate(self._counts):
            if count:
                day, minute = shown.minute_of(self._stamp(number))
                of_day = days.setdefault(day, {})
                of_day[minute] = of_day.get(minute, 0) + count
        return HeatMap(days=days, peaks={day: max(minutes.values()) for day, minutes in days.items()})

    def _stamp(self, number: int) -> int:
        return (self._first + number) * MINUTE
