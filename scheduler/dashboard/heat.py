"""The heat map: how many runs start in each ten minutes of yesterday, today and the next days."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from scheduler.models import A_BIN, Forecast
from scheduler.overview.hours import Hours, bins_of

DAYS_BEFORE, DAYS_AFTER = 1, 3
MINUTES_PER_CELL = 10
CELLS_PER_DAY = 24 * 60 // MINUTES_PER_CELL
LEVELS = 5
# Beside one herd all else would be one colour: the last level begins where all but the greatest cells end.
CROWD = 0.98


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Ten minutes in which anything starts; `level` is from 1 to LEVELS."""

    number: int
    level: int
    is_coming: bool
    title: str

    @property
    def drawn(self) -> str:
        """Its rectangle: there are hundreds, for each of which a template would take ten times as long."""
        classes = f"dash-level-{self.level}{' dash-foretold' if self.is_coming else ''}"
        title = f"<title>{escape(self.title)}</title>"
        return f'<rect x="{self.number}" width=".86" height="10" class="{classes}">{title}</rect>'


@dataclass(frozen=True, kw_only=True)
class Day:
    """One line of the map. `now` is where it stands, if this is today; `busiest` names its greatest cell."""

    label: str
    cells: tuple[Cell, ...]
    now: float | None
    total: int
    busiest: str

    @property
    def drawn(self) -> SafeString:
        """The rectangles of its cells."""
        return mark_safe("".join(cell.drawn for cell in self.cells))  # noqa: S308 - each is escaped


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """The days; `most` has the last level, and `has_more` tells of cells with more still.

    `foretold_until` is None while no node has foretold anything.
    """

    days: tuple[Day, ...]
    most: int
    has_more: bool
    width: int
    foretold_until: datetime | None


@dataclass
class _Counted:
    total: int = 0
    coming: int = 0


def draw_heat(hours: Hours, forecast: Forecast | None, *, now: datetime) -> HeatMap:
    """Draw what started until now, and what is foretold from now on, on the reader's clock."""
    cells: dict[tuple[date, int], _Counted] = {}
    today, zone = timezone.localtime(now).date(), timezone.get_current_timezone()
    days = [today + timedelta(days=number) for number in range(-DAYS_BEFORE, DAYS_AFTER + 1)]
    for moment, count, is_coming in _bins(hours.starts, forecast, now=now):
        local = moment.astimezone(zone)
        cell = cells.setdefault((local.date(), (local.hour * 60 + local.minute) // MINUTES_PER_CELL), _Counted())
        cell.total += count
        cell.coming += count if is_coming else 0
    shown = {key: cell for key, cell in cells.items() if key[0] in days}
    totals = sorted(cell.total for cell in shown.values())
    most = totals[round(CROWD * (len(totals) - 1))] if totals else 0
    return HeatMap(
        days=tuple(_day(day, shown, most, now=now) for day in days),
        most=most,
        has_more=bool(totals) and totals[-1] > most,
        width=CELLS_PER_DAY,
        foretold_until=forecast.start + len(forecast.starts) * A_BIN if forecast and forecast.starts else None,
    )


def _bins(
    starts: Mapping[datetime, int], forecast: Forecast | None, *, now: datetime
) -> Iterator[tuple[datetime, int, bool]]:
    earliest = now - timedelta(days=DAYS_BEFORE + 1)
    for moment, count in starts.items():
        if moment >= earliest:
            yield moment, count, False
    for moment, count in bins_of(forecast).items() if forecast else ():
        # What was foretold, and is past, has been counted since.
        if count and moment + A_BIN > now:
            yield moment, count, True


def _day(day: date, cells: Mapping[tuple[date, int], _Counted], most: int, *, now: datetime) -> Day:
    own = {number: cell for (of, number), cell in sorted(cells.items()) if of == day}
    local = timezone.localtime(now)
    busiest = max(own, key=lambda number: own[number].total, default=None)
    return Day(
        label=date_format(day, _("D j")),
        cells=tuple(_cell(number, cell, most) for number, cell in own.items()),
        now=(local.hour * 60 + local.minute) / MINUTES_PER_CELL if local.date() == day else None,
        total=sum(cell.total for cell in own.values()),
        busiest="–" if busiest is None else _title(busiest, own[busiest].total),
    )


def _cell(number: int, cell: _Counted, most: int) -> Cell:
    # By the square root, so that what is little beside the most can be told from nothing.
    level = min(max(math.ceil(math.sqrt(cell.total / most) * LEVELS), 1), LEVELS)
    return Cell(number=number, level=level, is_coming=cell.coming > 0, title=_title(number, cell.total))


def _title(number: int, count: int) -> str:
    hour, minute = divmod(number * MINUTES_PER_CELL, 60)
    return f"{hour:02}:{minute:02}: {count}"
