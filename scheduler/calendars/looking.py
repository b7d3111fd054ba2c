"""Looks ahead: the next days that are not what their weekday says."""

from collections.abc import Iterator
from datetime import date, timedelta

from scheduler.triggers import Calendar, SpecialDay


def next_exceptions(calendar: Calendar, *, start: date, days: int) -> Iterator[tuple[date, SpecialDay]]:
    """Yield the days off that fall on a working weekday, and the working days of a weekend, of so many days."""
    for number in range(days):
        day = start + timedelta(days=number)
        special = calendar.special_days.get(day)
        if special is not None and special.is_working == (day.weekday() in calendar.weekend):
            yield day, special
