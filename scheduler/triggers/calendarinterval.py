"""The calendarinterval trigger: every so many years, months, weeks and days, at one time of day on the wall."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import MAXYEAR, date, datetime, time, timedelta, tzinfo
from typing import Any

from scheduler.triggers.base import Bounds, Context, InvalidField, InvalidSpec, Spec, gettext_noop
from scheduler.triggers.clock import instant_of
from scheduler.triggers.fields import Reader, read_count, read_day, read_fields, read_jitter
from scheduler.triggers.instants import DAY, EARLIEST, LATEST, MICROSECOND
from scheduler.triggers.recurring import WallKind
from scheduler.triggers.wall import WallRule

UNITS = ("years", "months", "weeks", "days")
CLOCK = {"hour": 23, "minute": 59, "second": 59}


class ChainRule(WallRule):
    """A chain of dates, each a length after the one before it, at one time of day."""

    follows_the_clock = False

    def __init__(self, start: date, clock: time, *, months: int, days: int) -> None:
        self._start = start
        self._clock = clock
        self._months = months
        self._days = days
        # The chain as far as it was walked: months differ in length, so that no date follows from its number.
        self._walked = [start]

    def next_wall(self, after: datetime) -> datetime | None:
        """Return the first date of the chain whose time is later than `after`."""
        try:
            day = after.date() if after.time() < self._clock else after.date() + DAY
            found = self._walk_to(day) if self._months else self._count_to(day)
        except OverflowError:
            return None
        return datetime.combine(found, self._clock)

    def _count_to(self, day: date) -> date:
        """Return the first date of the chain from `day` on; days can be divided."""
        steps = max(-(-(day - self._start).days // self._days), 0)
        return self._start + timedelta(days=self._days * steps)

    def _walk_to(self, day: date) -> date:
        while self._walked[-1] < day:
            self._walked.append(self._following(self._walked[-1]))
        return self._walked[bisect_left(self._walked, day)]

    def _following(self, day: date) -> date:
        """Step over months to the next that has such a day, then by days. Raises OverflowError past the year 9999."""
        month = day.year * 12 + day.month - 1
        while True:
            month += self._months
            if month // 12 > MAXYEAR:
                raise OverflowError("The calendar ends with the year 9999.")
            try:
                return date(month // 12, month % 12 + 1, day.day) + timedelta(days=self._days)
            except ValueError:
                continue


class CalendarIntervalKind(WallKind):
    """`years` to `days`: the length; `hour`, `minute`, `second`: the time of day; `start_date`, `end_date`: days."""

    name = "calendarinterval"
    own_fields = (*UNITS, *CLOCK, "start_date", "end_date", "jitter")

    def read(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Read the length and the time of day; the chain starts today by default."""
        readers: dict[str, Reader] = {
            **dict.fromkeys(UNITS, read_count),
            **{name: _clock_reader(limit) for name, limit in CLOCK.items()},
            "start_date": read_day,
            "end_date": read_day,
            "jitter": read_jitter,
        }
        values = read_fields(fields, readers, context)
        start = values.pop("start_date", None) or context.now.astimezone(context.zone).date()
        end = values.pop("end_date", None)
        _check_length(values)
        if end and end < start:
            raise InvalidSpec({"end_date": gettext_noop("The end must not be before the start.")})
        dates = {"start_date": start.isoformat()} | ({"end_date": end.isoformat()} if end else {})
        return {name: value for name, value in values.items() if value} | dates

    def rule(self, spec: Spec, context: Context) -> WallRule:
        """Return the chain of dates."""
        return ChainRule(
            date.fromisoformat(spec["start_date"]),
            time(*(spec.get(name, 0) for name in CLOCK)),
            months=spec.get("years", 0) * 12 + spec.get("months", 0),
            days=spec.get("weeks", 0) * 7 + spec.get("days", 0),
        )

    def bounds(self, spec: Spec, zone: tzinfo) -> Bounds:
        """Return the first instant of the first day, and the last of the last: a calendar may roll beyond them."""
        start = _midnight(date.fromisoformat(spec["start_date"]), zone)
        if "end_date" not in spec:
            return Bounds(start=start)
        end = date.fromisoformat(spec["end_date"])
        return Bounds(start=start, end=LATEST if end >= LATEST.date() else _midnight(end + DAY, zone) - MICROSECOND)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return EARLIEST if day <= EARLIEST.date() else instant_of(zone, datetime.combine(day, time.min))


def _check_length(values: Mapping[str, int]) -> None:
    if not any(values.get(unit) for unit in UNITS):
        raise InvalidSpec({"days": gettext_noop("Enter a length of at least one day.")})
    for unit in UNITS:
        if values.get(unit, 0) > 120_000:
            raise InvalidSpec({unit: gettext_noop("The interval is too long.")})


def _clock_reader(limit: int) -> Reader:
    def read_clock(value: Any, context: Context) -> int:
        if not isinstance(value, int) or not 0 <= value <= limit:
            raise InvalidField(gettext_noop("Enter a whole number from 0 to %d.") % limit)
        return int(value)

    return read_clock
