"""Builds the description of a trigger from its canonical spec: one function for each kind."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from scheduler.triggers import KINDS, Context, Spec
from scheduler.triggers.calendarinterval import CLOCK, UNITS
from scheduler.triggers.cronrule import CronRule
from scheduler.triggers.crontab_rule import CrontabRule
from scheduler.triggers.interval import UNITS as ELAPSED_UNITS
from scheduler.triggers.recurring import WallKind
from scheduler.triggers.rrulewalk import RecurrenceRule
from scheduler.words.chains import EveryFewDays, PassesMonths
from scheduler.words.claims import Condition, Rule
from scheduler.words.cronfields import claim_fields
from scheduler.words.crontab import claim_crontab
from scheduler.words.descriptions import AllOf, AnyOf, Description
from scheduler.words.layers import claim_layers, merge_days
from scheduler.words.lengths import Length, elapsed_length
from scheduler.words.limits import Begins
from scheduler.words.recurrences import claim_recurrence
from scheduler.words.rules import AtTimesOnDays, ByHand, ElapsedTime, Once
from scheduler.words.times import AtTimes

Claimed: TypeAlias = tuple[Rule, tuple[Condition, ...]]


def build(spec: Spec, context: Context) -> Description:
    """Return the description of a canonical spec; what is none raises whatever reading it raises."""
    rule, conditions = _CLAIMS[spec["trigger"]](spec, context)
    return merge_days(rule, (*conditions, *claim_layers(spec, context)))


def _claim_date(spec: Spec, context: Context) -> Claimed:
    return Once(datetime.fromisoformat(spec["run_date"]), context.zone), ()


def _claim_interval(spec: Spec, context: Context) -> Claimed:
    length = elapsed_length(timedelta(**{unit: spec[unit] for unit in ELAPSED_UNITS if unit in spec}))
    return ElapsedTime(length, datetime.fromisoformat(spec["start_date"]), context.zone), ()


def _claim_calendarinterval(spec: Spec, context: Context) -> Claimed:
    days = EveryFewDays(_length(spec, UNITS), date.fromisoformat(spec["start_date"]))
    clock = time(*(spec.get(name, 0) for name in CLOCK))
    return AtTimesOnDays(AtTimes((clock,)), days), (PassesMonths(),) if days.passes_months else ()


def _claim_wall_rule(spec: Spec, context: Context) -> Claimed:
    """Let the kind read the rule, and look what it has become."""
    kind = KINDS[spec["trigger"]]
    rule = kind.rule(spec, context) if isinstance(kind, WallKind) else None
    if isinstance(rule, CrontabRule):
        return claim_crontab(rule), ()
    if isinstance(rule, CronRule):
        return claim_fields(rule)
    if isinstance(rule, RecurrenceRule):
        return claim_recurrence(rule, Begins(datetime.fromisoformat(spec["start_date"]), context.zone))
    raise TypeError(rule)


def _claim_and(spec: Spec, context: Context) -> Claimed:
    return AllOf(tuple(build(each, context) for each in spec["triggers"])), ()


def _claim_or(spec: Spec, context: Context) -> Claimed:
    return AnyOf(tuple(build(each, context) for each in spec["triggers"])), ()


def _claim_manual(spec: Spec, context: Context) -> Claimed:
    return ByHand(), ()


def _length(spec: Spec, units: tuple[str, ...]) -> Length:
    return tuple((unit, spec[unit]) for unit in units if unit in spec)


_CLAIMS: Mapping[str, Callable[[Spec, Context], Claimed]] = {
    "date": _claim_date,
    "interval": _claim_interval,
    "cron": _claim_wall_rule,
    "calendarinterval": _claim_calendarinterval,
    "rrule": _claim_wall_rule,
    "and": _claim_and,
    "or": _claim_or,
    "manual": _claim_manual,
}
