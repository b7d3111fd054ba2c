"""The calendarinterval trigger: every so many years, months, weeks and days, at one time of day on the wall."""

from collections.abc import Mapping
from datetime import MAXYEAR, date, datetime, timedelta, tzinfo
from typing import Any

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.calendarinterval import CalendarIntervalTrigger

from scheduler.triggers.base import Context, InvalidField, InvalidSpec, Spec, TriggerKind, gettext_noop, utc
from scheduler.triggers.fields import Reader, read_count, read_day, read_fields, read_jitter

UNITS = ("years", "months", "weeks", "days")
CLOCK = {"hour": 23, "minute": 59, "second": 59}


class CalendarTrigger(CalendarIntervalTrigger):
    """APScheduler's calendar trigger, walked from its start: its own answers the start for ever when asked afresh."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the first date of the chain at or after `now`.

        As in the parent, a date on which the clocks skip the time of day is passed over.
        """
        day = self._near(now)
        while self._instant(day) < now or not self._is_on_the_wall(day):
            day = self._following(day)
        return None if self.end_date and day > self.end_date else self._instant(day)

    def _near(self, now: datetime) -> date:
        """Return a date of the chain not after `now` to walk from: months differ in length, days can be divided."""
        if self.years or self.months:
            return self.start_date  # type: ignore[no-any-return]
        length = timedelta(weeks=self.weeks, days=self.days)
        elapsed = now.astimezone(self.timezone).date() - self.start_date
        steps = max(elapsed // length - 1, 0)
        return self.start_date + length * steps  # type: ignore[no-any-return]

    def _instant(self, day: date) -> datetime:
        return utc(datetime.combine(day, self._time))

    def _is_on_the_wall(self, day: date) -> bool:
        return bool(self._instant(day).astimezone(self.timezone).time() == self._time.replace(tzinfo=None))

    def _following(self, day: date) -> date:
        """Step over months to the next that has such a day, then by days. Raises OverflowError past the year 9999."""
        month = day.year * 12 + day.month - 1
        while True:
            month += self.years * 12 + self.months
            if month // 12 > MAXYEAR:
                raise OverflowError("The calendar ends with the year 9999.")
            try:
                return date(month // 12, month % 12 + 1, day.day) + timedelta(weeks=self.weeks, days=self.days)
            except ValueError:
                continue


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
