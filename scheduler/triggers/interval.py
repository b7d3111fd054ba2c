"""The interval trigger: every so much elapsed time, on a grid that starts at `start_date`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from scheduler.triggers.base import LARGEST_COUNT, Bounds, Context, InvalidSpec, Spec, bounds_of, gettext_noop
from scheduler.triggers.fields import read_datetime, read_fields, read_instant, read_jitter, read_number
from scheduler.triggers.instants import MICROSECOND, stamp_of, utc
from scheduler.triggers.recurring import RecurringKind
from scheduler.triggers.timetable import Crowded, Fold, Steps, Timetable

UNITS = ("weeks", "days", "hours", "minutes", "seconds", "microseconds")


class GridTimetable(Timetable):
    """The points of a grid, in whole microseconds: no drift, no float; folding is a division."""

    def __init__(self, start: datetime, interval: timedelta) -> None:
        super().__init__()
        self._start = utc(start)
        self._interval = interval

    def find(self, moment: datetime, steps: Steps) -> datetime | None:
        """Return the first point after `moment`."""
        steps.take()
        if moment < self._start:
            return self._start
        return self._start + self._interval * ((moment - self._start) // self._interval + 1)

    def fold(self, first: datetime, until: datetime) -> Fold:
        """Fold by arithmetic. `first` may lie off the grid, when somebody moved the next run by hand."""
        first, until = utc(first), utc(until)
        following = self.next_after(first)
        if following is None or following > until:
            return Fold(latest=first, count=1)
        steps = (until - following) // self._interval
        count = steps + 2 if steps + 2 <= LARGEST_COUNT else None
        return Fold(latest=following + self._interval * steps, count=count)

    def stamps(self, start: datetime, end: datetime, *, most: int) -> Sequence[int]:
        """Return the points by arithmetic."""
        first = self.next_after(start - MICROSECOND)
        if first is None:
            return ()
        points = range(stamp_of(first), stamp_of(end) + 1, self._interval // MICROSECOND)
        # A range that is very long has no length that Python can say.
        if points and points[-1] - points[0] >= most * points.step:
            raise Crowded
        return points


class IntervalKind(RecurringKind):
    """`weeks` to `seconds`: the length, every second if none is given; `start_date`, `end_date`, `jitter`."""

    name = "interval"
    own_fields = (*UNITS, "start_date", "end_date", "jitter")

    def read(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Read the length and break it down into units; anchor the grid at creation + one interval by default."""
        readers = {
            **dict.fromkeys(UNITS, read_number),
            "start_date": read_instant,
            "end_date": read_datetime,
            "jitter": read_jitter,
        }
        if nulls := [unit for unit in UNITS if fields.get(unit, 0) is None]:
            raise InvalidSpec(dict.fromkeys(nulls, gettext_noop("Enter a number.")))
        values = read_fields(fields, readers, context)
        interval = _length({unit: values[unit] for unit in UNITS if unit in values})
        start = values.get("start_date") or _first(interval, context)
        spec = {**_break_down(interval), "start_date": start.isoformat()}
        if "end_date" in values:
            spec["end_date"] = values["end_date"].isoformat()
        if values.get("jitter"):
            spec["jitter"] = values["jitter"]
        return spec

    def timetable(self, spec: Spec, context: Context) -> Timetable:
        """Return the grid."""
        interval = timedelta(**{unit: spec[unit] for unit in UNITS if unit in spec})
        return GridTimetable(datetime.fromisoformat(spec["start_date"]), interval)

    def bounds(self, spec: Spec, zone: tzinfo) -> Bounds:
        """Return the end. The grid has its start, but a calendar may roll an occurrence back before it."""
        return bounds_of(spec, *(["start_date"] if "calendar" in spec else []), "end_date")


def _length(units: dict[str, float]) -> timedelta:
    try:
        interval = timedelta(**units)
    except OverflowError:
        raise InvalidSpec(dict.fromkeys(units, gettext_noop("The interval is too long."))) from None
    if interval < timedelta(0):
        negative = next(unit for unit, value in units.items() if value < 0)
        raise InvalidSpec({negative: gettext_noop("The interval must not be negative.")})
    if interval < MICROSECOND:
        return timedelta(seconds=1)
    return interval


def _first(interval: timedelta, context: Context) -> datetime:
    try:
        return (utc(context.now) + interval).astimezone(context.zone)
    except OverflowError:
        longest = "weeks" if interval.days >= 7 else "days"
        raise InvalidSpec({longest: gettext_noop("The interval is too long.")}) from None


def _break_down(interval: timedelta) -> dict[str, int]:
    weeks, days = divmod(interval.days, 7)
    hours, rest = divmod(interval.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    units = dict(zip(UNITS, (weeks, days, hours, minutes, seconds, interval.microseconds), strict=True))
    return {unit: value for unit, value in units.items() if value}
