"""Jitter: each occurrence delayed by a share of `jitter` seconds that is random across jobs, yet always the same.

The delay is hashed from the job's id and the undelayed occurrence. So every node and every preview agree, and the
delays cannot accumulate, as APScheduler's do (60 s with jitter 30 drift by 15 s a run).
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from heapq import heappop, heappush

from scheduler.triggers.instants import EARLIEST, LATEST, MICROSECOND, moment_of, stamp_of, utc
from scheduler.triggers.sentences import gettext_noop
from scheduler.triggers.timetable import Exhausted, Occurrence, Steps, Timetable, Traced

# Each search looks at all occurrences within the jitter, so there must not be many of them.
MOST_WITHIN = 100
# How many answers of rules may be asked for on each of them.
_STEPS_EACH = 40


def is_crowded(base: Timetable, *, jitter: float, now: datetime, most: int = MOST_WITHIN) -> bool:
    """Tell whether the jitter spans too many occurrences to search them at each one."""
    moment, steps = base.next_after(now), Steps(most * _STEPS_EACH)
    if moment is None or LATEST - moment < timedelta(seconds=jitter):
        return False
    until = moment + timedelta(seconds=jitter)
    try:
        for _ in range(most):
            moment = base.find(moment, steps)
            if moment is None or moment > until:
                return False
    except Exhausted:
        pass
    return True


class JitteredTimetable(Timetable):
    """The occurrences of another timetable, each delayed by its own share of the jitter."""

    def __init__(self, base: Timetable, *, jitter: float, seed: str) -> None:
        super().__init__()
        self._base = base
        self._jitter = timedelta(seconds=jitter)
        self._seed = seed.encode()

    def find(self, moment: datetime, steps: Steps) -> datetime | None:
        """Return the earliest delayed occurrence after `moment`: a later base occurrence may overtake an earlier."""
        best: datetime | None = None
        for occurrence in self._bases_from(moment - self._jitter):
            if (best is not None and occurrence >= best) or LATEST - occurrence < self._jitter:
                break
            delayed = occurrence + self._delay(occurrence)
            if delayed > moment and (best is None or delayed < best):
                best = delayed
        return best

    def stamps(self, start: datetime, end: datetime, *, most: int) -> Sequence[int]:
        """Delay all of the others, and put them in order."""
        if start - EARLIEST < self._jitter or LATEST - end < self._jitter:
            return super().stamps(start, end, most=most)
        first, last = stamp_of(start), stamp_of(end)
        bases = self._base.stamps(start - self._jitter, end, most=most)
        delayed = {base + self._delay(moment_of(base)) // MICROSECOND for base in bases}
        return sorted(stamp for stamp in delayed if first <= stamp <= last)

    def trace(self, start: datetime, end: datetime, zone: tzinfo) -> Iterator[Traced]:
        """Yield all in the order in which their delays leave them."""
        delayed: list[tuple[datetime, int, Occurrence]] = []
        for number, (when, occurrence) in enumerate(
            self._base.trace(max(start, EARLIEST + self._jitter) - self._jitter, end, zone)
        ):
            yield from _leave_before(when, delayed, start, end)
            if occurrence.at is None:
                heappush(delayed, (when, number, occurrence))
            elif LATEST - occurrence.at >= self._jitter:
                at = occurrence.at + self._delay(occurrence.at)
                reason = _DELAYED % {"seconds": round((at - occurrence.at).total_seconds(), 1)}
                heappush(delayed, (at, number, occurrence.marked("jittered", reason, at=at)))
        yield from _leave_before(LATEST, delayed, start, end)

    def _bases_from(self, moment: datetime) -> Iterator[datetime]:
        occurrence = self._base.next_after(moment - MICROSECOND)
        while occurrence is not None:
            yield occurrence
            occurrence = self._base.next_after(occurrence)

    def _delay(self, occurrence: datetime) -> timedelta:
        digest = hashlib.blake2b(utc(occurrence).isoformat().encode(), key=self._seed[:64], digest_size=8).digest()
        return self._jitter * (int.from_bytes(digest) / 2**64)


_DELAYED = gettext_noop("The jitter delays it by %(seconds)s seconds.")


def _leave_before(
    until: datetime, delayed: list[tuple[datetime, int, Occurrence]], start: datetime, end: datetime
) -> Iterator[Traced]:
    """Yield those before `until` that lie from `start` to `end`; two that fall on one microsecond are one."""
    last = None
    while delayed and delayed[0][0] < until:
        when, _, occurrence = heappop(delayed)
        if start <= when <= end and (occurrence.at is None or occurrence.at != last):
            yield Traced(when, occurrence)
        last = occurrence.at or last
