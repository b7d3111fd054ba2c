"""Stamps as the clock of a zone shows them: which day it is, and which minute of that day."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo

from scheduler.triggers.clock import Span, span_at
from scheduler.triggers.instants import MICROSECOND, stamp_of

SECOND = 1_000_000
MINUTE, DAY = 60 * SECOND, 24 * 3600 * SECOND
_FIRST = date(1970, 1, 1)


class ShownIn:
    """The clock of a zone from one instant to another, in ints."""

    def __init__(self, zone: tzinfo, start: datetime, end: datetime) -> None:
        spans = list(_spans(zone, start, end))
        self._starts = [stamp_of(span.start) for span in spans]
        self._offsets = [span.offset // MICROSECOND for span in spans]

    def wall(self, stamp: int) -> int:
        """Return the stamp of what the clock shows."""
        return stamp + self._offsets[max(bisect_right(self._starts, stamp) - 1, 0)]

    def day_of(self, stamp: int) -> date:
        """Return the day."""
        return _FIRST + timedelta(days=self.wall(stamp) // DAY)

    def minute_of(self, stamp: int) -> tuple[date, int]:
        """Return the day, and the minute since its midnight."""
        day, rest = divmod(self.wall(stamp), DAY)
        return _FIRST + timedelta(days=day), rest // MINUTE


def _spans(zone: tzinfo, start: datetime, end: datetime) -> Iterator[Span]:
    moment = start
    while moment <= end:
        span = span_at(zone, moment)
        yield span
        moment = span.end
