"""What the fields of the cron trigger name: times of the wall clock, with APScheduler's meaning of each field.

APScheduler's own search knows neither a second answer in an hour that comes twice nor a quick way past a month; its
fields are asked once for each number, and once for each kind of month that a calendar can have.
"""

from bisect import bisect_left, bisect_right
from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import MAXYEAR, UTC, date, datetime
from functools import cached_property
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from scheduler.triggers.wall import WallRule

FIELDS: tuple[str, ...] = CronTrigger.FIELD_NAMES
FIRST_YEAR = 1970
# Leap days and weekdays repeat after 28 years, so these hold every month that there is.
_CYCLE = range(2000, 2028)
_NEW_YEAR = datetime(2000, 1, 1)  # noqa: DTZ001


class CronRule(WallRule):
    """The times that expressions name; fields finer than the finest that was given stand at their least value.

    `fields` are APScheduler's, by their names; `months`, `hours`, `minutes` and `seconds` the numbers that they match.
    """

    def __init__(self, expressions: Mapping[str, str]) -> None:
        fields = {field.name: field for field in CronTrigger(**expressions, timezone=UTC).fields}
        self.fields = fields
        self._year = fields["year"]
        self._is_yearly = str(self._year) == "*"
        self._day_fields = [fields[name] for name in ("day", "week", "day_of_week")]
        self.months = _numbers(fields["month"], range(1, 13))
        self.hours, self.minutes = _numbers(fields["hour"], range(24)), _numbers(fields["minute"], range(60))
        # Minutes of the day.
        self._minutes = [hour * 60 + minute for hour in self.hours for minute in self.minutes]
        self.seconds = _numbers(fields["second"], range(60))
        self._follows = any(str(fields[name]).startswith("*") for name in ("hour", "minute"))
        self._known_days: dict[tuple[int, int, bool, bool], list[int]] = {}

    @property
    def follows_the_clock(self) -> bool:
        """Whether the minute or the hour begins with `*`."""
        return self._follows

    def next_wall(self, after: datetime) -> datetime | None:
        """Return the first time later than `after`: later on its day, or the earliest of a later day."""
        if after.year < FIRST_YEAR:
            return self._on_a_day_from(FIRST_YEAR, 1, 1)
        if self._names(after.date()):
            later = self._later_clock(after)
            if later is not None:
                return later
        return self._on_a_day_from(after.year, after.month, after.day + 1)

    def seconds_on(self, day: date) -> Sequence[int]:
        """Return the times of a day, which are the same on every day that is named."""
        return self._clock if day.year >= FIRST_YEAR and self._names(day) else ()

    @cached_property
    def _clock(self) -> Sequence[int]:
        return [minute * 60 + second for minute in self._minutes for second in self.seconds]

    def can_ever_fire(self) -> bool:
        """Look at every kind of month first: what none of them holds would be sought up to the year 9999."""
        if not any(self._days_of(year, month) for year in _CYCLE for month in self.months):
            return False
        return self._on_a_day_from(FIRST_YEAR, 1, 1) is not None

    def _names(self, day: date) -> bool:
        is_named = day.month in self.months and day.day in self._days_of(day.year, day.month)
        return is_named and self._next_year(day.year) == day.year

    def _later_clock(self, after: datetime) -> datetime | None:
        minute = after.hour * 60 + after.minute
        position = bisect_left(self._minutes, minute)
        if position == len(self._minutes):
            return None
        second = bisect_right(self.seconds, after.second)
        if self._minutes[position] > minute:
            second = 0
        elif second == len(self.seconds):
            position, second = position + 1, 0
        return self._at(after, position, second) if position < len(self._minutes) else None

    def _at(self, day: datetime, position: int, second: int) -> datetime:
        hour, minute = divmod(self._minutes[position], 60)
        return day.replace(hour=hour, minute=minute, second=self.seconds[second], microsecond=0)

    def _on_a_day_from(self, year: int, month: int, day: int) -> datetime | None:
        """Return the earliest time on the first day that is named, from a day on that may be past its month's end."""
        for named_year, named_month in self._months_from(year, month):
            days = self._days_of(named_year, named_month)
            position = bisect_left(days, day) if (named_year, named_month) == (year, month) else 0
            if position < len(days):
                return self._at(datetime(named_year, named_month, days[position]), 0, 0)  # noqa: DTZ001
        return None

    def _months_from(self, year: int, month: int) -> Iterator[tuple[int, int]]:
        named: int | None = year
        while named is not None and named <= MAXYEAR and (named := self._next_year(named)) is not None:
            for each in self.months:
                if named > year or each >= month:
                    yield named, each
            named += 1

    def _next_year(self, year: int) -> int | None:
        if self._is_yearly:
            return year
        found: int | None = self._year.get_next_value(_NEW_YEAR.replace(year=year))
        return found

    def _days_of(self, year: int, month: int) -> list[int]:
        """Return the days that a month holds; all months with this sheet of the calendar hold the same.

        The weeks of January depend on how long the year before was.
        """
        sheet = (month, date(year, 1, 1).weekday(), isleap(year), isleap(year - 1))
        if sheet not in self._known_days:
            self._known_days[sheet] = self._count_days(year, month)
        return self._known_days[sheet]

    def _count_days(self, year: int, month: int) -> list[int]:
        days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
        return [day.day for day in days if all(_matches(field, day) for field in self._day_fields)]


def _numbers(field: Any, numbers: range) -> list[int]:
    """Return the numbers that a field of APScheduler's matches."""
    return [number for number in numbers if _matches(field, _set(field.name, number))]


def _matches(field: Any, moment: date) -> bool:
    return bool(field.get_next_value(moment) == field.get_value(moment))


def _set(name: str, number: int) -> datetime:
    values: dict[str, Any] = {name: number}
    return _NEW_YEAR.replace(**values)
