"""Times of the wall clock in bulk: a rule's, day by day, as stamps."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from scheduler.triggers.instants import DAY, MICROSECOND, stamp_of
from scheduler.triggers.wall import WallRule

_A_SECOND = 1_000_000


def stamps_of_walls(rule: WallRule, first: datetime, last: datetime, *, offset: timedelta) -> Iterator[int]:
    """Yield what a rule names from `first` to `last`, both inclusive, on a clock that has one offset all the while."""
    day = first.date()
    while day <= last.date():
        seconds = rule.seconds_on(day)
        if seconds is None:
            yield from _one_by_one(rule, first, last, offset)
            return
        if seconds:
            midnight = _midnight(day)
            begin = bisect_left(seconds, (first - midnight).total_seconds()) if first > midnight else 0
            end = bisect_right(seconds, (last - midnight).total_seconds())
            base = stamp_of(midnight.replace(tzinfo=UTC) - offset)
            yield from [base + second * _A_SECOND for second in seconds[begin:end]]
        day += DAY


def _one_by_one(rule: WallRule, first: datetime, last: datetime, offset: timedelta) -> Iterator[int]:
    wall = rule.next_wall(first - MICROSECOND)
    while wall is not None and wall <= last:
        yield stamp_of(wall.replace(tzinfo=UTC) - offset)
        wall = rule.next_wall(wall)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall has no zone
