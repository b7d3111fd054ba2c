"""The calendarinterval trigger: every so many years, months, weeks and days, at one time of day on the wall."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.calendarinterval import CalendarIntervalTrigger

from scheduler.triggers.base import Context, InvalidField, InvalidSpec, Spec, TriggerKind, gettext_noop
from scheduler.triggers.fields import Reader, read_count, read_day, read_fields, read_jitter

UNITS = ("years", "months", "weeks", "days")
CLOCK = {"hour": 23, "minute": 59, "second": 59}


class CalendarTrigger(CalendarIntervalTrigger):
    """APScheduler's calendar trigger, walked from its start: its own answers the start for ever when asked afresh."""

    _reached: datetime | None = None

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the first date of the chain at or after `now`; the walk resumes where the last one ended."""
        fire_time = self._reached if self._reached and self._reached <= now else None
        fire_time = fire_time or super().get_next_fire_time(None, now)
        while fire_time is not None and fire_time < now:
            self._reached = fire_time
            fire_time = super().get_next_fire_time(fire_time, now)
        return fire_time


class CalendarIntervalKind(TriggerKind):
    """`years` to `days`: the length; `hour`, `minute`, `second`: the time of day; `start_date`, `end_date`: days."""

    name = "calendarinterval"
    fields = (*UNITS, *CLOCK, "start_date", "end_date", "jitter")

    def parse(self, fields: Mapping[str, Any], context: Context) -> Spec:
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

    def build(self, spec: Spec, zone: tzinfo) -> BaseTrigger:
        """Return the chain of dates."""
        numbers = {name: spec[name] for name in (*UNITS, *CLOCK) if name in spec}
        end = spec.get("end_date")
        return CalendarTrigger(
            **numbers,
            start_date=date.fromisoformat(spec["start_date"]),
            end_date=end and date.fromisoformat(end),
            timezone=zone,
        )

    def can_ever_fire(self, spec: Spec, zone: tzinfo) -> bool:
        """Every chain holds its own start."""
        return True


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
