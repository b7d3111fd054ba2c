"""The interval trigger: every so much elapsed time, on a grid that starts at `start_date`."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.triggers.base import (
    LARGEST_COUNT,
    MICROSECOND,
    Context,
    Fold,
    InvalidSpec,
    Spec,
    Timetable,
    TriggerKind,
    gettext_noop,
    utc,
)
from scheduler.triggers.fields import read_datetime, read_fields, read_instant, read_jitter, read_number

UNITS = ("weeks", "days", "hours", "minutes", "seconds", "microseconds")


class GridTrigger(IntervalTrigger):
    """APScheduler's interval trigger, computed in whole microseconds: no drift, no float, no accumulating jitter."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the first point of the grid at or after `now`."""
        start = utc(self.start_date)
        elapsed = max(utc(now) - start, timedelta(0))
        fire_time: datetime = start + self.interval * -(-elapsed // self.interval)
        if self.end_date and fire_time > self.end_date:
            return None
        return fire_time


class GridTimetable(Timetable):
    """The occurrences of a grid: folding is a division."""

    trigger: GridTrigger

    def fold(self, first: datetime, until: datetime) -> Fold:
        """Fold by arithmetic. `first` may lie off the grid, when somebody moved the next run by hand."""
        first, until = utc(first), utc(until)
        following = self.next_after(first)
        if following is None or following > until:
            return Fold(latest=first, count=1)
        end = min(until, self.trigger.end_date) if self.trigger.end_date else until
        steps = (utc(end) - following) // self.trigger.interval
        count = steps + 2 if steps + 2 <= LARGEST_COUNT else None
        return Fold(latest=following + self.trigger.interval * steps, count=count)


class IntervalKind(TriggerKind):
    """`weeks` to `seconds`: the length, every second if none is given; `start_date`, `end_date`, `jitter`."""

    name = "interval"
    fields = (*UNITS, "start_date", "end_date", "jitter")

    def parse(self, fields: Mapping[str, Any], context: Context) -> Spec:
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

    def build(self, spec: Spec, zone: tzinfo) -> BaseTrigger:
        """Return the grid."""
        end = spec.get("end_date")
        trigger = GridTrigger(
            start_date=datetime.fromisoformat(spec["start_date"]),
            end_date=end and datetime.fromisoformat(end),
            timezone=zone,
        )
        trigger.interval = timedelta(**{unit: spec[unit] for unit in UNITS if unit in spec})
        return trigger

    def timetable(self, spec: Spec, zone: tzinfo) -> Timetable:
        """Return the occurrences, folded by division."""
        return GridTimetable(self.build(spec, zone))


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
