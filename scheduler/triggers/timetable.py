"""Timetables: the occurrences of a trigger as instants, one after the other, and what became of each of them."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from scheduler.triggers.instants import EARLIEST, LATEST, MICROSECOND, clamped, stamp_of, utc

COUNT_LIMIT = 1000
# How many single answers of rules one search may ask for. Only layers and combinations ask for more than one.
MOST_STEPS = 10_000
# How many steps and occurrences there may be where many are sought one by one: these take seconds.
MOST_ONE_BY_ONE = 2_000_000
# Where a rule has occurrences, but a layer leaves none of them in so long a time, there is none left.
HORIZON = timedelta(days=366 * 50)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What became of an occurrence on its way from the rule to the clock: a code for programs, a reason for people."""

    code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One occurrence, as the rule names it and as it comes about.

    `planned` is the time on the wall clock that the rule names (naive); `at` the instant, in UTC, at which the job is
    due, or None where something has dropped it; `marks` say what moved, repeated or dropped it, in that order.
    """

    planned: datetime
    at: datetime | None
    marks: tuple[Mark, ...] = ()

    def marked(self, code: str, reason: str, *, at: datetime | None) -> "Occurrence":
        """Return what a layer makes of it: due at `at`, or dropped."""
        return replace(self, at=at, marks=(*self.marks, Mark(code=code, reason=reason)))


class Traced(NamedTuple):
    """An occurrence and the instant that it is sorted by: when it is due, or would have been."""

    when: datetime
    occurrence: Occurrence


@dataclass(frozen=True, kw_only=True)
class Fold:
    """Several due occurrences seen as one: the latest of them, and how many there were (None: too many to count)."""

    latest: datetime
    count: int | None


class Exhausted(Exception):
    """The search has asked the rules as often as it may."""


class Crowded(Exception):
    """There are more occurrences than were asked for."""


class Steps:
    """How many more answers a search may ask of rules: what is never found must not be sought for ever."""

    def __init__(self, left: int = MOST_STEPS) -> None:
        self._most = left
        self._left = left

    @property
    def taken(self) -> int:
        """How many were taken."""
        return self._most - self._left

    def take(self) -> None:
        """Take one step. Raises Exhausted after the last."""
        self._left -= 1
        if self._left < 0:
            raise Exhausted


def horizon_of(found: datetime) -> datetime:
    """Return until when a search goes on that has `found` what a layer leaves out."""
    return found + HORIZON if found < LATEST - HORIZON else LATEST


class Timetable:
    """The occurrences of one trigger, as instants; this one has none. Stateless but for a memo of the last answer.

    Answers are in UTC: where the clocks go back, two instants of one zone compare and add up as if they were one hour.
    """

    def __init__(self) -> None:
        self._memo: tuple[datetime | None, datetime | None] = (None, None)

    def find(self, moment: datetime, steps: Steps) -> datetime | None:
        """Return the first occurrence later than `moment`, both in UTC, or None when there is none left.

        Raises Exhausted where that takes too many steps.
        """
        return None

    def first(self, now: datetime) -> datetime | None:
        """Return the occurrence with which a schedule made `now` begins."""
        return self.next_after(now - MICROSECOND)

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the first occurrence later than `moment`, or None when there is none left.

        Many jobs share one trigger and are due at one instant; the memo answers all but the first of them.
        """
        moment = utc(moment)
        asked, answer = self._memo
        if asked != moment:
            answer = self._search(moment, Steps())
            self._memo = (moment, answer)
        return answer

    def fold(self, first: datetime, until: datetime) -> Fold:
        """Fold the occurrences from `first` to `until`, both inclusive.

        They are counted one by one up to COUNT_LIMIT; then the latest is found by bisection, so that a year away costs
        little more than a day.
        """
        latest, until, count = utc(first), utc(until), 1
        while (following := self.next_after(latest)) is not None and following <= until:
            if count == COUNT_LIMIT:
                return Fold(latest=self._latest(following, until), count=None)
            latest, count = following, count + 1
        return Fold(latest=latest, count=count)

    def stamps(self, start: datetime, end: datetime, *, most: int) -> Sequence[int]:
        """Return the occurrences from `start` to `end`, both inclusive, as stamps: those of `next_after`, in bulk.

        Raises Crowded where there are more than `most`, or where it takes too long to find them one by one.
        """
        found, moment, left = array("q"), utc(start) - MICROSECOND, MOST_ONE_BY_ONE
        while left > 0 and len(found) <= most:
            steps = Steps()
            following = self._search(moment, steps)
            if following is None or following > end:
                return found
            found.append(stamp_of(following))
            moment, left = following, left - 1 - steps.taken
        raise Crowded

    def explain(self, start: datetime, end: datetime, *, zone: tzinfo) -> Iterator[Occurrence]:
        """Yield what the rule names from `start` to `end`, both inclusive, also what does not come about.

        Those with an instant are exactly what `next_after` answers. What is dropped has its place where it would have
        been due.
        """
        for traced in self.explain_in_order(start, end, zone=zone):
            yield traced.occurrence

    def explain_in_order(self, start: datetime, end: datetime, *, zone: tzinfo) -> Iterator[Traced]:
        """Yield the same, with the instants by which they are in order.

        Where so many are dropped or moved that to tell of each would take too long, only what comes about is told. And
        where `next_after` gives up, as nothing comes about for decades, all ends.
        """
        last, end = clamped(start) - MICROSECOND, clamped(end)
        came_about, has_dropped = last, False
        try:
            for traced in self.trace(last + MICROSECOND, end, zone):
                if traced.occurrence.at is None:
                    has_dropped = True
                elif has_dropped and self.next_after(came_about) is None:
                    return
                else:
                    came_about, has_dropped = traced.occurrence.at, False
                last = traced.when
                yield traced
        except Exhausted:
            yield from Timetable.trace(self, last + MICROSECOND, end, zone)
        except OverflowError:
            # As in a search, what lies past the year 9999 is not there.
            return

    def trace(self, start: datetime, end: datetime, zone: tzinfo) -> Iterator[Traced]:
        """Yield what `explain` tells, in order, with the instants that it is sorted by; both ends are in UTC."""
        moment = self.next_after(start - MICROSECOND)
        while moment is not None and moment <= end:
            yield Traced(moment, Occurrence(planned=moment.astimezone(zone).replace(tzinfo=None), at=moment))
            moment = self.next_after(moment)

    def _search(self, moment: datetime, steps: Steps) -> datetime | None:
        try:
            found = self.find(max(moment, EARLIEST - MICROSECOND), steps)
        except (Exhausted, OverflowError):
            # Past the year 9999 there is no occurrence that a datetime can say.
            return None
        return found if found is None or found <= LATEST else None

    def _latest(self, latest: datetime, until: datetime) -> datetime:
        """Return the last occurrence up to `until`, `latest` being one of them."""
        upper = until
        while upper - latest > timedelta(seconds=1):
            middle = latest + (upper - latest) / 2
            found = self.next_after(middle)
            if found is not None and found <= until:
                latest = found
            else:
                upper = middle
        while (following := self.next_after(latest)) is not None and following <= until:
            latest = following
        return latest


# The occurrences of a trigger that is never due by itself; its schedule is not over, either.
NEVER = Timetable()
