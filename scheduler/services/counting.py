"""Counts what became of the executions, hour by hour: from any node, a little at a time, and never from memory.

An hour is counted from the ledger itself, and may be counted again at any time with the same result; a node that dies
between two hours, or within one, leaves nothing half done. What retention has deleted meanwhile stays counted.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Count

from scheduler.models import (
    A_BIN,
    ACTIVE,
    AN_HOUR,
    BINS_PER_HOUR,
    Execution,
    HourlyStatistics,
    first_id_of,
    moment_of_id,
)
from scheduler.models.hours import NOT_STARTED, bucket_of_lateness, start_of_hour
from scheduler.services.chores import claim_chore
from scheduler.services.transactions import write_transaction

COUNT_EVERY = timedelta(minutes=1)
# An id is made a little before its row is committed; an hour that was counted so soon is counted once more.
GRACE, SETTLED_AFTER = timedelta(minutes=1), timedelta(minutes=10)
# What runs for longer stays counted as running.
OPEN_FOR = timedelta(days=2)
LOOKED_BACK = timedelta(days=15)
KEPT = timedelta(days=400)
MOST_AT_ONCE = 24


def claim_counting(*, now: datetime) -> bool:
    """Tell one caller among all nodes, every minute, that it is the one who shall count."""
    return claim_chore("counted_at", every=COUNT_EVERY, now=now)


def count_hours(*, now: datetime, pause_seconds: float = 0) -> int:
    """Count the hours that have ended, the latest first, and no more than a day of them; return how many.

    Rests after each five minutes of the ledger, for others' sake.
    """
    hours = list(islice(_uncounted(now=now), MOST_AT_ONCE))
    for hour in hours:
        _store(_count(hour, rest=lambda: time.sleep(pause_seconds)), now=now)
    if hours:
        HourlyStatistics.objects.filter(hour__lt=now - KEPT).delete()
    return len(hours)


@dataclass(frozen=True, kw_only=True)
class _Counted:
    hour: datetime
    counts: Counter[str] = field(default_factory=Counter)
    starts: list[int] = field(default_factory=lambda: [0] * BINS_PER_HOUR)
    lateness: Counter[str] = field(default_factory=Counter)

    def add(self, number: int, status: str, bucket: int, count: int) -> None:
        """Add so many executions of one of the twelve bins."""
        self.counts[status] += count
        if bucket != NOT_STARTED:
            self.starts[number] += count
        if bucket >= 0:
            self.lateness[str(bucket)] += count


def _uncounted(*, now: datetime) -> Iterator[datetime]:
    """Yield the hours to count, back to the first that has any execution."""
    first_id = Execution.objects.order_by("pk").values_list("pk", flat=True).first()
    if first_id is None:
        return
    first = max(start_of_hour(moment_of_id(first_id)), start_of_hour(now - LOOKED_BACK))
    rows = HourlyStatistics.objects.filter(hour__gte=first).values_list("hour", "counted_at", "counts")
    known = {hour: (counted_at, counts) for hour, counted_at, counts in rows}
    hour = start_of_hour(now - GRACE) - AN_HOUR
    while hour >= first:
        if hour not in known or _is_to_be_counted_again(hour, *known[hour], now=now):
            yield hour
        hour -= AN_HOUR


def _is_to_be_counted_again(hour: datetime, counted_at: datetime, counts: Any, *, now: datetime) -> bool:
    settled_at = hour + AN_HOUR + SETTLED_AFTER
    if counted_at < settled_at <= now:
        return True
    has_open = any(counts.get(status) for status in ACTIVE)
    return has_open and now - hour < OPEN_FOR and now - counted_at >= SETTLED_AFTER


def _count(hour: datetime, *, rest: Callable[[], None]) -> _Counted:
    counted = _Counted(hour=hour)
    for number in range(BINS_PER_HOUR):
        start = hour + number * A_BIN
        made = Execution.objects.filter(pk__gte=first_id_of(start), pk__lt=first_id_of(start + A_BIN)).order_by()
        for status, found, count in made.values_list("status", bucket_of_lateness()).annotate(count=Count("pk")):
            counted.add(number, status, int(found), count)
        rest()
    return counted


def _store(counted: _Counted, *, now: datetime) -> None:
    """Write what was counted; what was counted before and is less now has been deleted from the ledger meanwhile."""
    with write_transaction():
        row, _created = HourlyStatistics.objects.select_for_update().get_or_create(
            pk=counted.hour, defaults={"counted_at": now}
        )
        ended = {status: count for status, count in row.counts.items() if status not in ACTIVE}
        row.counts = _greatest(ended, counted.counts)
        row.lateness = _greatest(row.lateness, counted.lateness)
        row.starts = [max(pair) for pair in zip(row.starts or counted.starts, counted.starts, strict=True)]
        row.counted_at = now
        row.save(update_fields=["counts", "lateness", "starts", "counted_at"])


def _greatest(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    return {key: max(before.get(key, 0), now.get(key, 0)) for key in sorted(before.keys() | now.keys())}
