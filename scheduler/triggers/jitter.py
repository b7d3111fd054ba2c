"""Jitter: each occurrence delayed by a share of `jitter` seconds that is random across jobs, yet always the same.

The delay is hashed from the job's id and the undelayed occurrence. So every node and every preview agree, and the
delays cannot accumulate, as APScheduler's do (60 s with jitter 30 drift by 15 s a run).
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from scheduler.triggers.base import LATEST, MICROSECOND, Timetable, utc

# Each search looks at all occurrences within the jitter, so there must not be many of them.
MOST_WITHIN = 100


def is_crowded(base: Timetable, *, jitter: float, now: datetime) -> bool:
    """Tell whether the jitter spans too many occurrences to search them at each one."""
    first = base.next_after(now)
    if first is None or LATEST - first < timedelta(seconds=jitter):
        return False
    count = base.fold(first, first + timedelta(seconds=jitter)).count
    return count is None or count > MOST_WITHIN


class JitteredTimetable(Timetable):
    """The occurrences of another timetable, each delayed by its own share of the jitter."""

    def __init__(self, base: Timetable, *, jitter: float, seed: str) -> None:
        super().__init__(base.trigger)
        self._base = base
        self._jitter = timedelta(seconds=jitter)
        self._seed = seed.encode()

    def _search(self, moment: datetime) -> datetime | None:
        """Return the earliest delayed occurrence after `moment`: a later base occurrence may overtake an earlier."""
        best: datetime | None = None
        for occurrence in self._bases_from(moment - self._jitter):
            if (best is not None and occurrence >= best) or LATEST - occurrence < self._jitter:
                break
            delayed = occurrence + self._delay(occurrence)
            if delayed > moment and (best is None or delayed < best):
                best = delayed
        return best

    def _bases_from(self, moment: datetime) -> Iterator[datetime]:
        occurrence = self._base.next_after(moment - MICROSECOND)
        while occurrence is not None:
            yield occurrence
            occurrence = self._base.next_after(occurrence)

    def _delay(self, occurrence: datetime) -> timedelta:
        digest = hashlib.blake2b(utc(occurrence).isoformat().encode(), key=self._seed[:64], digest_size=8).digest()
        return self._jitter * (int.from_bytes(digest) / 2**64)
