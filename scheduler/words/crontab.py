"""What a crontab expression claims: cron's own meaning, in which either of two day fields is enough."""

from collections.abc import Iterable

from scheduler.triggers.crontab_days import DayRule, FromTheEnd, NearestWorkday, NthWeekday
from scheduler.triggers.crontab_rule import CrontabRule
from scheduler.words import dayitems
from scheduler.words.clock import choose_times
from scheduler.words.dayitems import DayItem, number_items
from scheduler.words.daypairs import Both, Either
from scheduler.words.days import Days, EveryDay, OfMonth, Weekdays
from scheduler.words.rules import AtTimesOnDays

_LAST = -1


def claim_crontab(rule: CrontabRule) -> AtTimesOnDays:
    """Return the claim about times and days; each H has become the number that it is for this job."""
    return AtTimesOnDays(choose_times(*map(_numbers, (rule.hours, rule.minutes, rule.seconds))), _claim_days(rule))


def _claim_days(rule: CrontabRule) -> Days:
    """Combine the day fields; one of them that holds every day adds nothing to both, and leaves nothing to either."""
    months = frozenset(_numbers(rule.months))
    numbers, weekdays = _numbers(rule.days.numbers), frozenset((day - 1) % 7 for day in _numbers(rule.days.weekdays))
    has_all = len(numbers) == 31, len(weekdays) == 7
    of_month = OfMonth((*number_items(numbers), *_items(rule.days.number_rules)), months)
    of_week = _claim_weekdays(weekdays, tuple(_items(rule.days.weekday_rules)), months)
    if all(has_all) or (any(has_all) and not rule.days.match_both):
        return EveryDay(months)
    if any(has_all):
        return of_week if has_all[0] else of_month
    return Both(of_month, of_week) if rule.days.match_both else Either(of_month, of_week)


def _claim_weekdays(weekdays: frozenset[int], items: tuple[DayItem, ...], months: frozenset[int]) -> Days:
    if not items:
        return Weekdays(weekdays, months)
    if not weekdays:
        return OfMonth(items, months)
    return Either(Weekdays(weekdays, months), OfMonth(items, months))


def _items(rules: Iterable[DayRule]) -> list[DayItem]:
    """Return the days that depend on the month, always in one order; "nearest to the 1st" could be read on."""
    return sorted(
        map(_item, rules), key=lambda item: (isinstance(item, dayitems.Nearest) and bool(item.to), repr(item))
    )


def _item(rule: DayRule) -> DayItem:
    if isinstance(rule, FromTheEnd):
        return dayitems.FromMonthEnd(rule.before + 1)
    if isinstance(rule, NearestWorkday):
        return dayitems.Nearest(rule.to)
    if isinstance(rule, NthWeekday):
        return dayitems.NthWeekday((rule.weekday - 1) % 7, rule.nth or _LAST)
    raise TypeError(rule)


def _numbers(bits: int) -> list[int]:
    return [number for number in range(bits.bit_length()) if bits >> number & 1]
