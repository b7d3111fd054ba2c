"""Clocks on the wall: between two changes of a zone's clocks, the wall and elapsed time go side by side.

So a zone is a row of spans, each with one offset. Within a span an instant is a time on the wall and back, by adding
the offset; what happens at a change is decided by whoever walks from one span to the next.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

from scheduler.triggers.instants import DAY, EARLIEST, LATEST, SECOND

# No zone has ever changed its clocks twice within six days; to look that often is enough to see every change.
_STRIDE = timedelta(days=6)
# A change reaches this far: the offsets of two sides differ by a day at most (Samoa, 2011).
_REACH = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of the clocks: at `at` the offset `before` gives way to `after`."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def old_wall(self) -> datetime:
        """What the clocks would have shown had they not been changed."""
        return (self.at + self.before).replace(tzinfo=None)

    @property
    def new_wall(self) -> datetime:
        """What the clocks show when they are changed."""
        return (self.at + self.after).replace(tzinfo=None)

    @property
    def is_gap(self) -> bool:
        """Whether the clocks go forward, so that the times from the old wall to the new do not exist."""
        return self.after > self.before


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of time, `end` excluded, in which the offset stays; `last` and `next`: the changes near either end."""

    start: datetime
    end: datetime
    offset: timedelta
    last: Change | None
    next: Change | None

    def wall(self, moment: datetime) -> datetime:
        """Return what the clock shows at an instant of this span."""
        return (moment + self.offset).replace(tzinfo=None)

    def instant(self, wall: datetime) -> datetime:
        """Return when a clock with this offset shows `wall`."""
        return wall.replace(tzinfo=UTC) - self.offset


class Clock:
    """The clock of one zone; remembers the span that it was last asked for, as the next question is about the same."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._span = span_at(zone, datetime(2000, 1, 1, tzinfo=UTC))

    def span_at(self, moment: datetime) -> Span:
        """Return the span that holds an instant."""
        span = self._span
        if not span.start <= moment < span.end:
            span = self._span = span_at(self.zone, moment)
        return span


def span_at(zone: tzinfo, moment: datetime) -> Span:
    """Return the span that holds an instant. Raises OverflowError past the end of time."""
    if moment > LATEST:
        raise OverflowError("Past the year 9999 no clock shows a time.")
    spans = _spans(zone, moment.year)
    return spans[bisect_right(spans, moment, key=lambda span: span.end)]


def instant_of(zone: tzinfo, wall: datetime) -> datetime:
    """Return when the clock first shows `wall`, or, where a change skips it, the first instant after the change."""
    for span in _spans_near(zone, wall):
        if wall < span.wall(span.end):
            return max(span.instant(wall), span.start)
    return LATEST


def pieces_of(zone: tzinfo, day: date) -> Iterator[tuple[Span, datetime, datetime]]:
    """Yield the stretches, ends excluded, of which a day on the wall consists: mostly one, two around a change."""
    midnight = datetime.combine(day, time.min)
    for span in _spans_near(zone, midnight):
        start, end = max(span.start, span.instant(midnight)), min(span.end, span.instant(midnight + DAY))
        if start < end:
            yield span, start, end


def _spans_near(zone: tzinfo, wall: datetime) -> Iterator[Span]:
    around = wall.replace(tzinfo=UTC)
    moment = max(around, EARLIEST + DAY) - DAY
    while moment - _REACH <= around and moment < LATEST:
        span = span_at(zone, moment)
        yield span
        moment = span.end


@lru_cache(maxsize=4096)
def _spans(zone: tzinfo, year: int) -> tuple[Span, ...]:
    """Return the spans of a year in UTC; the changes near its ends are known to its first and its last."""
    start = max(datetime(year, 1, 1, tzinfo=UTC), EARLIEST)
    end = datetime(year + 1, 1, 1, tzinfo=UTC) if year < LATEST.year else LATEST + SECOND
    changes = list(_changes(zone, max(start, EARLIEST + _REACH) - _REACH, min(end, LATEST - _REACH) + _REACH))
    cuts = [start, *(change.at for change in changes if start < change.at < end), end]
    return tuple(_span(zone, changes, *cut) for cut in pairwise(cuts))


def _span(zone: tzinfo, changes: list[Change], start: datetime, end: datetime) -> Span:
    return Span(
        start=start,
        end=end,
        offset=_offset(zone, start),
        last=next((change for change in reversed(changes) if change.at <= start), None),
        next=next((change for change in changes if change.at >= end), None),
    )


def _changes(zone: tzinfo, start: datetime, end: datetime) -> Iterator[Change]:
    while start < end:
        upper = min(start + _STRIDE, end)
        before, after = _offset(zone, start), _offset(zone, upper)
        if before != after:
            yield Change(at=_bisect(zone, start, upper), before=before, after=after)
        start = upper


def _bisect(zone: tzinfo, lower: datetime, upper: datetime) -> datetime:
    """Return the second at which the offset at `lower` gives way to another."""
    before, seconds = _offset(zone, lower), (upper - lower) // SECOND
    changed = bisect_right(range(seconds), False, key=lambda count: _offset(zone, lower + SECOND * count) != before)
    return lower + SECOND * changed


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
