"""What became of the runs by hours: of past ones as the nodes have counted them, of the latest from the ledger."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from scheduler.models import (
    A_BIN,
    AN_HOUR,
    UNSUCCESSFUL,
    Execution,
    Forecast,
    HourlyStatistics,
    Status,
    first_id_of,
)
from scheduler.models.hours import (
    NOT_STARTED,
    bin_of_number,
    bucket_of_lateness,
    number_of_bin,
    seconds_of_bucket,
    start_of_hour,
)

# So many of the latest executions stand for the hours that no node has counted yet.
MOST_READ = 10_000
UNCOUNTED_FOR = timedelta(hours=2)


class _Counted(NamedTuple):
    """So many executions of one status and one bucket, made within the five minutes from `start`."""

    start: datetime
    status: str
    bucket: int
    executions: int


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What became of the runs of one stretch of time."""

    start: datetime
    counts: Counter[str] = field(default_factory=Counter)
    lateness: Counter[int] = field(default_factory=Counter)

    @property
    def succeeded(self) -> int:
        """How many did what they should."""
        return self.counts[Status.SUCCEEDED]

    @property
    def failed(self) -> int:
        """How many did not, or were not even begun in time."""
        return sum(self.counts[status] for status in UNSUCCESSFUL)

    @property
    def rate(self) -> float | None:
        """Which part of them succeeded; None where there were none."""
        total = self.succeeded + self.failed
        return self.succeeded / total if total else None

    def late(self, part: float) -> float | None:
        """Return the seconds by which such a part of the scheduled runs started late at most, to a quarter."""
        total = sum(self.lateness.values())
        needed, found = math.ceil(part * total), 0
        for bucket in sorted(self.lateness):
            found += self.lateness[bucket]
            if found >= needed:
                return seconds_of_bucket(bucket)
        return None


@dataclass(frozen=True, kw_only=True)
class Hours:
    """The hours, in order, and how many runs started in each of their bins.

    `is_cut` tells that the latest hours had more executions than were read, and so are a part of themselves.
    """

    tallies: tuple[Tally, ...]
    starts: Mapping[datetime, int]
    is_cut: bool


def read_hours(*, since: datetime, now: datetime) -> Hours:
    """Return the hours from `since` on that had any execution; two statements."""
    rows = HourlyStatistics.objects.filter(hour__gte=start_of_hour(since), hour__lte=now).order_by("hour")
    tallies, starts = {}, {}
    for hour, counts, lateness, by_bin in rows.values_list("hour", "counts", "lateness", "starts"):
        tallies[hour] = _tally(hour, counts, lateness)
        starts.update({hour + number * A_BIN: count for number, count in enumerate(by_bin) if count})
    latest = _read_latest(max([*(hour + AN_HOUR for hour in tallies), start_of_hour(now - UNCOUNTED_FOR)]))
    for counted in latest:
        _add(counted, tallies, starts)
    ordered = tuple(tallies[hour] for hour in sorted(tallies))
    return Hours(tallies=ordered, starts=starts, is_cut=sum(counted.executions for counted in latest) == MOST_READ)


def merge(tallies: Iterable[Tally], *, start: datetime) -> Tally:
    """Return what became of the runs of several stretches of time."""
    whole = Tally(start=start)
    for tally in tallies:
        whole.counts.update(tally.counts)
        whole.lateness.update(tally.lateness)
    return whole


def read_forecast() -> Forecast | None:
    """Return what the nodes have foretold, if they have."""
    return Forecast.objects.filter(pk=Forecast.THE_ONE).first()


def _tally(hour: datetime, counts: Mapping[str, int], lateness: Mapping[str, int]) -> Tally:
    late = Counter({int(bucket): count for bucket, count in lateness.items()})
    return Tally(start=hour, counts=Counter(counts), lateness=late)


def _read_latest(start: datetime) -> Sequence[_Counted]:
    """Count the latest executions, as the nodes count those of an hour, in one statement.

    The ORM has no way to group what is limited.
    """
    made = Execution.objects.filter(pk__gte=first_id_of(start)).order_by("-pk")
    columns = made.values("status", bin=number_of_bin(), bucket=bucket_of_lateness())
    statement, parameters = columns[:MOST_READ].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT status, bin, bucket, COUNT(*) FROM ({statement}) AS latest GROUP BY status, bin, bucket",  # noqa: S608 - the ORM's own
            parameters,
        )
        return [_Counted(bin_of_number(int(row[1])), row[0], int(row[2]), row[3]) for row in cursor.fetchall()]


def _add(counted: _Counted, tallies: dict[datetime, Tally], starts: dict[datetime, int]) -> None:
    hour = start_of_hour(counted.start)
    tally = tallies.setdefault(hour, Tally(start=hour))
    tally.counts[counted.status] += counted.executions
    if counted.bucket != NOT_STARTED:
        starts[counted.start] = starts.get(counted.start, 0) + counted.executions
    if counted.bucket >= 0:
        tally.lateness[counted.bucket] += counted.executions


def bins_of(forecast: Forecast) -> dict[datetime, int]:
    """Return how many runs are foretold to start in each bin."""
    counts: Any = forecast.starts
    return {forecast.start + number * A_BIN: count for number, count in enumerate(counts)}
