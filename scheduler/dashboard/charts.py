"""Two charts, of the last 24 hours or the last 14 days: how many runs succeeded, and how late they started."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduler.models import AN_HOUR
from scheduler.overview.hours import Hours, Tally, merge
from scheduler.words.elapsed import say_briefly

RANGES: Mapping[str, Any] = {"day": gettext_lazy("24 hours"), "fortnight": gettext_lazy("14 days")}
HOURS_SHOWN, DAYS_SHOWN = 24, 14
# The lateness has a logarithmic scale, from a millisecond to the next full power of ten.
LEAST_SECONDS = 0.001
# A bar must be seen, however few there are beside how many.
LEAST_PERCENT = 2.5


@dataclass(frozen=True, kw_only=True)
class Column:
    """One hour or day: heights and places in parts of a hundred; None where there was nothing."""

    label: str
    is_labelled: bool
    succeeded: int
    failed: int
    percent: str
    succeeded_height: float
    failed_height: float
    median: str
    high: str
    median_at: float | None
    high_at: float | None


@dataclass(frozen=True, kw_only=True)
class Charts:
    """The columns, the figures of all of them together, and the ends of the scales."""

    columns: tuple[Column, ...]
    rate: str
    runs: int
    median: str
    high: str
    most_runs: int
    grid: tuple[tuple[float, str], ...]
    is_cut: bool
    has_any: bool


def draw_charts(hours: Hours, chosen: str, *, now: datetime) -> Charts:
    """Draw what was counted, by hours or by days of the reader's clock."""
    edges = list(_hours(now)) if chosen == "day" else list(_days(now))
    tallies = [_between(hours.tallies, start, end) for start, end in pairwise(edges)]
    whole = merge(tallies, start=edges[0])
    most = max((tally.succeeded + tally.failed for tally in tallies), default=0)
    top = _top([tally.late(0.99) for tally in tallies])
    return Charts(
        columns=tuple(_column(tally, number, chosen, most, top) for number, tally in enumerate(tallies)),
        rate=_percent(whole.rate),
        runs=whole.succeeded + whole.failed,
        median=_late(whole.late(0.5)),
        high=_late(whole.late(0.99)),
        most_runs=most,
        grid=tuple(_grid(top)),
        is_cut=hours.is_cut,
        has_any=bool(whole.counts),
    )


def _hours(now: datetime) -> Iterator[datetime]:
    last = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + AN_HOUR
    for number in range(HOURS_SHOWN, -1, -1):
        yield last - number * AN_HOUR


def _days(now: datetime) -> Iterator[datetime]:
    """Yield the midnights of the reader's clock, which may be 23 or 25 hours apart."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(DAYS_SHOWN - 1, -2, -1):
        day = midnight.date() - timedelta(days=number)
        yield midnight.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)


def _between(tallies: Sequence[Tally], start: datetime, end: datetime) -> Tally:
    return merge((tally for tally in tallies if start <= tally.start < end), start=start)


def _column(tally: Tally, number: int, chosen: str, most: int, top: float) -> Column:
    median, high = tally.late(0.5), tally.late(0.99)
    moment = timezone.localtime(tally.start)
    label = moment.strftime("%H:%M") if chosen == "day" else moment.strftime("%m-%d")
    return Column(
        label=label,
        is_labelled=number % (4 if chosen == "day" else 3) == 0,
        succeeded=tally.succeeded,
        failed=tally.failed,
        percent=_percent(tally.rate),
        succeeded_height=_height(tally.succeeded, most),
        failed_height=_height(tally.failed, most),
        median=_late(median),
        high=_late(high),
        median_at=None if median is None else _place(median, top),
        high_at=None if high is None else _place(high, top),
    )


def _height(count: int, most: int) -> float:
    return round(max(100 * count / most, LEAST_PERCENT), 1) if count else 0.0


def _top(highs: Sequence[float | None]) -> float:
    """Return the end of the scale: a power of ten, and a second at least."""
    greatest = max((high for high in highs if high is not None), default=1.0)
    return float(10 ** max(math.ceil(math.log10(greatest)), 0))


def _grid(top: float) -> Iterator[tuple[float, str]]:
    """Yield every power of ten of the scale but its beginning."""
    for power in range(-2, round(math.log10(top)) + 1):
        yield _place(10.0**power, top), say_briefly(10.0**power)


def _place(seconds: float, top: float) -> float:
    whole = math.log10(top / LEAST_SECONDS)
    return round(min(max(math.log10(seconds / LEAST_SECONDS) / whole * 100, 0.0), 100.0), 1)


def _late(seconds: float | None) -> str:
    return "–" if seconds is None else say_briefly(seconds)


def _percent(rate: float | None) -> str:
    """Say a rate, cut off and not rounded: what is not all must not read as all."""
    return "–" if rate is None else _("%s %%") % f"{math.floor(rate * 1000) / 10:g}"
