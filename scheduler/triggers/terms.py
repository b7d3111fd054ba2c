"""The terms on which a job comes due, and what they come to: the one function that previews and simulations ask.

    occurrences_of(Terms(timetable=timetable(spec, zone, seed="job1"), zone=zone), start, end)

Pure, like all of this package: whoever asks brings the timetable and the maintenance windows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import chain

from scheduler.triggers.instants import MICROSECOND, clamped
from scheduler.triggers.sentences import gettext_noop
from scheduler.triggers.timetable import Mark, Occurrence, Timetable, Traced
from scheduler.triggers.windows import ONCE, SKIP, Windows, with_windows

_SET = gettext_noop("Somebody has set the next run to this instant.")
_BEGINS_LATER = gettext_noop("Somebody has set the next run to %s.")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """All that decides when one job is due.

    `since` is when the job was made; `due` is the next run that its schedule holds (None: by the trigger alone), which
    somebody may have set by hand.
    `maintenance` is its policy for windows, and `tags` say which of them concern it.
    """

    timetable: Timetable
    zone: tzinfo
    windows: Windows = field(default_factory=Windows)
    maintenance: str = SKIP
    tags: frozenset[str] = frozenset()
    since: datetime | None = None
    due: datetime | None = None

    def first_after_dropped(self, moment: datetime) -> datetime | None:
        """Return from when on something may come about again, where what is due at `moment` does not; None for never.

        Nothing before that does, so that a search may go on there.
        """
        if self.due is not None and moment < self.due:
            return self.due
        span = self.windows.covering(moment, self.tags)
        return span.end if span is not None else self.timetable.next_after(moment)

    def waiting_since(self, moment: datetime) -> datetime | None:
        """Return the occurrence before `moment` that runs once after the window there, if there is one.

        For it all others of the window are dropped.
        """
        span = self.windows.covering(moment, self.tags) if self.maintenance == ONCE else None
        if span is None:
            return None
        since = max(span.start, self.since or span.start)
        candidates = (self.timetable.next_after(since - MICROSECOND), self.due)
        earlier = [each for each in candidates if each is not None and since <= each < moment]
        return min(earlier, default=None)


def occurrences_of(terms: Terms, start: datetime, end: datetime) -> Iterator[Occurrence]:
    """Yield what a job's trigger names from `start` to `end`, both inclusive, and what becomes of it.

    Those with an instant are exactly what the engine starts, at that instant: where a maintenance window postpones one,
    it is later than the one by which it has its place here.
    """
    for traced in trace_of(terms, start, end):
        yield traced.occurrence


def trace_of(terms: Terms, start: datetime, end: datetime) -> Iterator[Traced]:
    """Yield the same, in order, with the instants for which they are scheduled, or would have been."""
    start, end = clamped(start), clamped(end)
    traced = terms.timetable.explain_in_order(start, end, zone=terms.zone)
    if terms.due is not None:
        traced = _from_due(traced, terms, terms.due, start, end)
    return _in_windows(traced, terms, start) if terms.windows else traced


def _from_due(
    traced: Iterable[Traced], terms: Terms, due: datetime, start: datetime, end: datetime
) -> Iterator[Traced]:
    """Drop what comes before the next run of the schedule, and add that where the trigger does not name it."""
    waits = start <= due <= end and terms.timetable.next_after(due - MICROSECOND) != due
    wall = due.astimezone(terms.zone)
    for each in traced:
        if waits and each.when > due:
            waits = False
            yield _set_by_hand(due, wall)
        if each.when < due and each.occurrence.at is not None:
            reason = _BEGINS_LATER % wall.isoformat(" ", "seconds")
            yield Traced(each.when, each.occurrence.marked("begins_later", reason, at=None))
        else:
            yield each
    if waits:
        yield _set_by_hand(due, wall)


def _set_by_hand(due: datetime, wall: datetime) -> Traced:
    planned = wall.replace(tzinfo=None, fold=0)
    return Traced(due, Occurrence(planned=planned, at=due, marks=(Mark(code="set", reason=_SET),)))


def _in_windows(traced: Iterable[Traced], terms: Terms, start: datetime) -> Iterator[Traced]:
    """Lay the maintenance windows over a stream, which may begin in the midst of one."""
    whens: list[datetime] = []

    def noting_whens() -> Iterator[Occurrence]:
        for when, occurrence in chain(earlier, traced):
            whens.append(when)
            yield occurrence

    first = terms.waiting_since(start)
    earlier = [Traced(first, Occurrence(planned=first.replace(tzinfo=None), at=first))] if first else []
    laid = with_windows(noting_whens(), terms.windows, policy=terms.maintenance, tags=terms.tags)
    for number, occurrence in enumerate(laid):
        when = whens.pop()
        if number >= len(earlier):
            yield Traced(when, occurrence)
