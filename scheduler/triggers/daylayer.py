"""The days of a calendar on which a trigger runs, and what becomes of an occurrence on another day."""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime, time, tzinfo
from typing import Any

from scheduler.triggers.base import Context, InvalidField, InvalidSpec, Spec, Timetable, gettext_noop
from scheduler.triggers.fields import Reader, choice_reader, read_fields
from scheduler.triggers.filtered import FilteredTimetable
from scheduler.triggers.workdays import Calendar

DAY_FIELDS = ("calendar", "days", "working_day", "on_excluded")
# The most working days that a month can have.
MOST_WORKING_DAYS = 23
# A calendar that has no such day for so long is taken to have none any more.
MOST_MONTHS = 5 * 12
NO_CALENDAR = gettext_noop("No calendar called %(name)s.")


@dataclass(frozen=True, kw_only=True)
class DayRule:
    """Which days of a calendar count: working days, the others, or only the n-th working day of each month."""

    calendar: Calendar
    are_working: bool = True
    working_day: int | None = None
    _known: dict[tuple[int, int], list[int]] = field(default_factory=dict, compare=False, repr=False)

    def holds(self, day: date) -> bool:
        """Tell whether the day counts."""
        return day.day in self._days_of(day.year, day.month)

    def first_from(self, day: date) -> date | None:
        """Return the first day that counts, from `day` on; None when there is none for years."""
        year, month, days = day.year, day.month, self._days_of(day.year, day.month)
        position = bisect_left(days, day.day)
        for _ in range(MOST_MONTHS):
            if position < len(days):
                return date(year, month, days[position])
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
            if year > MAXYEAR:
                break
            days, position = self._days_of(year, month), 0
        return None

    def last_until(self, day: date) -> date | None:
        """Return the last day that counts, up to `day`; None when there was none for years."""
        year, month, days = day.year, day.month, self._days_of(day.year, day.month)
        position = bisect_right(days, day.day)
        for _ in range(MOST_MONTHS):
            if position:
                return date(year, month, days[position - 1])
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
            if year < MINYEAR:
                break
            days = self._days_of(year, month)
            position = len(days)
        return None

    def reason(self, day: date) -> str:
        """Say why a day does not count."""
        values = {"day": day.isoformat(), "calendar": self.calendar.name, "number": self.working_day}
        if self.calendar.is_working(day) != self.are_working:
            special = self.calendar.special_days.get(day)
            values["name"] = special.name if special else ""
            return _REASONS[self.are_working, bool(values["name"])] % values
        return gettext_noop("%(day)s is not working day %(number)d of its month in the calendar %(calendar)s.") % values

    def _days_of(self, year: int, month: int) -> list[int]:
        if (year, month) not in self._known:
            self._known[year, month] = self._count_days(year, month)
        return self._known[year, month]

    def _count_days(self, year: int, month: int) -> list[int]:
        numbers = range(1, monthrange(year, month)[1] + 1)
        days = [day for day in numbers if self.calendar.is_working(date(year, month, day)) == self.are_working]
        if self.working_day is None:
            return days
        position = self.working_day - 1 if self.working_day > 0 else self.working_day
        return days[position:][:1] if -len(days) <= position else []


class DaysTimetable(FilteredTimetable):
    """What another timetable has on the days that count."""

    code = "calendar"

    def __init__(self, base: Timetable, days: DayRule, zone: tzinfo) -> None:
        super().__init__(base, zone)
        self._days = days

    def allows(self, wall: datetime) -> bool:
        """Tell whether the day counts."""
        return self._days.holds(wall.date())

    def reopens(self, wall: datetime) -> datetime | None:
        """Return the midnight with which the next day that counts begins."""
        following = self._days.first_from(wall.date())
        return datetime.combine(following, time.min) if following else None

    def reason(self, wall: datetime) -> str:
        """Say what day it is."""
        return self._days.reason(wall.date())


def read_days(fields: Mapping[str, Any], names: tuple[str, ...], context: Context) -> Spec:
    """Read the calendar's fields under the kind's names for them, in the order of DAY_FIELDS; leave defaults out."""
    calendar, days, working_day, on_excluded = names
    readers: dict[str, Reader] = {
        calendar: _read_calendar,
        days: choice_reader("working", "non_working"),
        working_day: _read_working_day,
        on_excluded: choice_reader("skip", "forward", "back"),
    }
    spec = read_fields(fields, readers, context)
    if beside := [name for name in (days, working_day, on_excluded) if name in spec and calendar not in spec]:
        raise InvalidSpec(dict.fromkeys(beside, gettext_noop("Name the calendar as well.")))
    spec = {name: value for name, value in spec.items() if value not in ("working", "skip") or name == calendar}
    if working_day in spec and (others := [name for name in (days, on_excluded) if name in spec]):
        raise InvalidSpec(dict.fromkeys(others, gettext_noop("This does not go together with the n-th working day.")))
    return spec


def day_rule(spec: Spec, names: tuple[str, ...], calendars: Mapping[str, Calendar]) -> DayRule:
    """Return the days that a canonical spec with a calendar means."""
    calendar, days, working_day, _ = names
    return DayRule(
        calendar=calendars[spec[calendar]],
        are_working=spec.get(days) != "non_working",
        working_day=spec.get(working_day),
    )


_REASONS = {
    (True, False): gettext_noop("%(day)s is no working day in the calendar %(calendar)s."),
    (True, True): gettext_noop("%(day)s is no working day in the calendar %(calendar)s: %(name)s."),
    (False, False): gettext_noop("%(day)s is a working day in the calendar %(calendar)s."),
    (False, True): gettext_noop("%(day)s is a working day in the calendar %(calendar)s: %(name)s."),
}


def _read_calendar(value: Any, context: Context) -> str:
    if not isinstance(value, str) or value not in context.calendars:
        raise InvalidField(NO_CALENDAR % {"name": value})
    return value


def _read_working_day(value: Any, context: Context) -> int:
    if not isinstance(value, int) or not 1 <= abs(value) <= MOST_WORKING_DAYS:
        message = gettext_noop(
            "Enter a whole number from 1 to %(most)d, or from -1 to -%(most)d, which is from the end."
        )
        raise InvalidField(message % {"most": MOST_WORKING_DAYS})
    return int(value)
