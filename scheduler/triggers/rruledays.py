"""The days that a recurrence rule names by its parts about days, of which each must hold."""

from calendar import isleap, monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any


class NamedDays:
    """Days, by month, by day of the month or of the year, which may count from the end, and by plain weekday."""

    def __init__(self, by: Mapping[str, Any]) -> None:
        self._months = _numbers(by, "bymonth")
        self._days = _numbers(by, "bymonthday")
        self._year_days = _numbers(by, "byyearday")
        self._weekdays = frozenset(each.weekday for each in by.get("byweekday", ()))

    def holds(self, day: date) -> bool:
        """Tell whether a rule names the day."""
        return (
            (not self._months or day.month in self._months)
            and (not self._weekdays or day.weekday() in self._weekdays)
            and (not self._days or self._holds_day(day))
            and (not self._year_days or self._holds_year_day(day))
        )

    def _holds_day(self, day: date) -> bool:
        return day.day in self._days or day.day - monthrange(day.year, day.month)[1] - 1 in self._days

    def _holds_year_day(self, day: date) -> bool:
        number = day.timetuple().tm_yday
        return number in self._year_days or number - (367 if isleap(day.year) else 366) in self._year_days


def _numbers(by: Mapping[str, Any], name: str) -> frozenset[int]:
    return frozenset(by.get(name, ()))
