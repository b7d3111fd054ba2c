"""Which days a recurrence rule claims: those that all of its parts about days name."""

from functools import reduce
from typing import Any

from dateutil import rrule

from scheduler.triggers.rrulewalk import RecurrenceRule
from scheduler.words.dayitems import FromMonthEnd, NthDayOfYear, NthWeekday, NthWeekdayOfYear, number_items
from scheduler.words.daypairs import Both, Either
from scheduler.words.days import ALL_MONTHS, Days, EveryDay, OfMonth, OfYear, Weekdays
from scheduler.words.names import from_beginning


def claim_days(rule: RecurrenceRule) -> Days:
    """Return the claim; the months are said with whatever names days within them."""
    months = frozenset(tuple_of(rule.by.get("bymonth", ALL_MONTHS)))
    found = [*_days_of_month(rule, months), *_weekdays(rule, months), *_days_of_year(rule)]
    if not any(isinstance(each, OfMonth | Weekdays | Either) for each in found) and (months != ALL_MONTHS or not found):
        found.append(EveryDay(months))
    return reduce(lambda second, first: Both(first, second), reversed(found))


def tuple_of(value: Any) -> tuple[Any, ...]:
    """Return a value, or several, as several."""
    return (value,) if isinstance(value, int) else tuple(value)


def _days_of_month(rule: RecurrenceRule, months: frozenset[int]) -> list[Days]:
    numbers = tuple_of(rule.by.get("bymonthday", ()))
    from_end = (FromMonthEnd(-number) for number in numbers if number < 0)
    items = (*number_items(number for number in numbers if number > 0), *from_end)
    return [OfMonth(items, months)] if items else []


def _weekdays(rule: RecurrenceRule, months: frozenset[int]) -> list[Days]:
    """Return what all of the weekdays claim that are not counted, and what those do that are."""
    weekdays = [_weekday(each) for each in tuple_of(rule.by.get("byweekday", ()))]
    plain = frozenset(weekday for weekday, nth in weekdays if not nth)
    counted = [(weekday, nth) for weekday, nth in weekdays if nth]
    return [*_counted(rule, counted, months), *([Weekdays(plain, months)] if plain else [])]


def _counted(rule: RecurrenceRule, weekdays: list[tuple[int, int]], months: frozenset[int]) -> list[Days]:
    """Return the n-th weekdays: of the month, or of the year where the rule has a year's frequency and no months.

    Beside such, a weekday that is not counted is written as each of its numbers.
    """
    if not weekdays:
        return []
    is_of_year = rule.parts.frequency == rrule.YEARLY and "bymonth" not in rule.by
    all_of_them = range(1, (53 if is_of_year else 5) + 1)
    plain = frozenset(weekday for weekday, _ in weekdays if all((weekday, nth) in weekdays for nth in all_of_them))
    counted = [(weekday, nth) for weekday, nth in weekdays if weekday not in plain]
    if not counted:
        return [Weekdays(plain, months)]
    days = _of_year(counted) if is_of_year else OfMonth(tuple(NthWeekday(*each) for each in counted), months)
    return [Either(Weekdays(plain, months), days)] if plain else [days]


def _of_year(weekdays: list[tuple[int, int]]) -> OfYear:
    return OfYear(tuple(NthWeekdayOfYear(*each) for each in weekdays))


def _days_of_year(rule: RecurrenceRule) -> list[Days]:
    numbers = rule.by.get("byyearday")
    return [OfYear(tuple(map(NthDayOfYear, from_beginning(numbers))))] if numbers else []


def _weekday(value: Any) -> tuple[int, int]:
    return (value, 0) if isinstance(value, int) else (value.weekday, value.n or 0)
