"""What the fields of the cron trigger claim, with APScheduler's meaning: a day must match all of its fields."""

from datetime import MAXYEAR, date, datetime
from typing import Any

from apscheduler.triggers.cron.expressions import LastDayOfMonthExpression, WeekdayPositionExpression

from scheduler.triggers.cronrule import FIRST_YEAR, CronRule
from scheduler.words.claims import Condition
from scheduler.words.clock import choose_times
from scheduler.words.dayitems import DayItem, FromMonthEnd, NthWeekday, number_items
from scheduler.words.daypairs import Both
from scheduler.words.days import Days, EveryDay, OfMonth, Weekdays
from scheduler.words.rules import AtTimesOnDays
from scheduler.words.weeks import InWeeks
from scheduler.words.years import InYears, YearRange

_LAST = -1
# A year that begins on a Monday, and one with 53 weeks.
_MONDAY = date(2001, 1, 1)
_LONG_YEAR = 2020


def claim_fields(rule: CronRule) -> tuple[AtTimesOnDays, tuple[Condition, ...]]:
    """Return the claim about times and days, and those about years and weeks."""
    times = choose_times(rule.hours, rule.minutes, rule.seconds)
    return AtTimesOnDays(times, _claim_days(rule)), (*_claim_weeks(rule), *_claim_years(rule))


def _claim_days(rule: CronRule) -> Days:
    months = frozenset(rule.months)
    weekdays = frozenset(
        number for number in range(7) if _matches(rule.fields["day_of_week"], _MONDAY.replace(day=number + 1))
    )
    items = _day_items(rule.fields["day"])
    if items is None:
        return EveryDay(months) if len(weekdays) == 7 else Weekdays(weekdays, months)
    of_month = OfMonth(tuple(items), months)
    return of_month if len(weekdays) == 7 else Both(of_month, Weekdays(weekdays))


def _day_items(field: Any) -> list[DayItem] | None:
    """Return the days of the month; None where all of them match."""
    special = [each for each in field.expressions if isinstance(each, _SPECIAL)]
    numeric = [each for each in field.expressions if not isinstance(each, _SPECIAL)]
    numbers = {
        number
        for number in range(1, 32)
        for each in numeric
        if each.get_next_value(_MONDAY.replace(day=number), field) == number
    }
    if len(numbers) == 31:
        return None
    return [*number_items(numbers), *map(_special_item, special)]


def _special_item(expression: Any) -> DayItem:
    if isinstance(expression, LastDayOfMonthExpression):
        return FromMonthEnd(1)
    nth = expression.option_num + 1
    return NthWeekday(expression.weekday, nth if nth <= 5 else _LAST)


def _claim_weeks(rule: CronRule) -> list[Condition]:
    field = rule.fields["week"]
    weeks = tuple(number for number in range(1, 54) if _matches(field, date.fromisocalendar(_LONG_YEAR, number, 1)))
    return [] if len(weeks) == 53 else [InWeeks(weeks)]


def _claim_years(rule: CronRule) -> list[Condition]:
    field = rule.fields["year"]
    if any(str(expression) == "*" for expression in field.expressions):
        return []
    return [InYears(tuple(map(_year_range, field.expressions)))]


def _year_range(expression: Any) -> YearRange:
    """Return the years of a range, or of all years in steps."""
    first = getattr(expression, "first", FIRST_YEAR)
    last = getattr(expression, "last", None)
    return YearRange(first, MAXYEAR if last is None else last, expression.step or 1)


def _matches(field: Any, day: date) -> bool:
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    return bool(field.get_next_value(moment) == field.get_value(moment))


_SPECIAL = (LastDayOfMonthExpression, WeekdayPositionExpression)
