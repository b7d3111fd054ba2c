"""Compares when a source runs an entry with when Carnation will, occurrence by occurrence, up to a difference."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import islice, zip_longest

from scheduler.triggers.sentences import gettext_noop

MOST_COMPARED = 1_000
_A_DAY = timedelta(days=1)
_CLOCK = gettext_noop("The clocks of %(zone)s change then, and the source treats that in another way.")
_ENDS_HERE = gettext_noop("The source goes on, and Carnation does not.")
_ENDS_THERE = gettext_noop("Carnation goes on, and the source does not.")
_OTHERWISE = gettext_noop("The source's rule names other times than Carnation's trigger.")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The first occurrence that differs; None where one side has no more."""

    number: int
    theirs: datetime | None
    ours: datetime | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How many occurrences were compared and found equal, and what differs first.

    `ran_out_of_time` says that more would have been compared.
    """

    equal: int
    difference: Difference | None = None
    ran_out_of_time: bool = False


def compare(
    theirs: Iterator[datetime],
    ours: Iterator[datetime],
    *,
    zone: tzinfo,
    is_over: Callable[[], bool],
    most: int = MOST_COMPARED,
) -> Comparison:
    """Compare up to `most` occurrences, and stop as soon as `is_over` says so."""
    equal = 0
    for their, our in zip_longest(islice(theirs, most), islice(ours, most)):
        if their != our:
            reason = _reason(their, our, zone)
            difference = Difference(number=equal + 1, theirs=their, ours=our, reason=reason)
            return Comparison(equal=equal, difference=difference)
        equal += 1
        if equal < most and is_over():
            return Comparison(equal=equal, ran_out_of_time=True)
    return Comparison(equal=equal)


def _reason(their: datetime | None, our: datetime | None, zone: tzinfo) -> str:
    if our is None or their is None:
        return _ENDS_HERE if our is None else _ENDS_THERE
    first = min(their, our)
    offsets = {(first + shift).astimezone(zone).utcoffset() for shift in (-_A_DAY, timedelta(0), _A_DAY)}
    return _CLOCK % {"zone": zone} if len(offsets) > 1 else _OTHERWISE
