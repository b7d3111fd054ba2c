"""What a recurrence rule claims: all of its parts, and what it takes from its start."""

from dateutil import rrule

from scheduler.triggers.rrulewalk import RecurrenceRule
from scheduler.words.chains import EveryFewDays, EveryFewHours
from scheduler.words.claims import Condition, Rule
from scheduler.words.clock import choose_times
from scheduler.words.days import EveryDay
from scheduler.words.limits import Begins, EndsOnWall, FirstTimes
from scheduler.words.periods import FirstOf, Positions
from scheduler.words.recurrencedays import claim_days, tuple_of
from scheduler.words.rules import AtTimesOnDays
from scheduler.words.times import AtTimes
from scheduler.words.weeks import InWeeks

_UNITS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
_CLOCK = {"byhour": 24, "byminute": 60, "bysecond": 60}
_NAMES, _LIMITS = tuple(_CLOCK), tuple(_CLOCK.values())


def claim_recurrence(rule: RecurrenceRule, begins: Begins) -> tuple[Rule, tuple[Condition, ...]]:
    """Return the claim about times and days, and those about what the rule counts, and from when on."""
    steps = _claim_steps(rule)
    main = steps or AtTimesOnDays(choose_times(*_clock_numbers(rule)), claim_days(rule))
    periods = () if steps or _steps_within(rule) else _claim_periods(rule)
    start = () if steps and _says_start(steps, rule) else (begins,)
    return main, (*periods, *_claim_choice(rule), *start, *_claim_ends(rule))


def _claim_steps(rule: RecurrenceRule) -> Rule | None:
    """Return the plain claim of a rule that counts days or less, and restricts nothing else."""
    frequency, interval = rule.parts.frequency, rule.parts.interval
    if interval == 1 or frequency < rrule.DAILY or claim_days(rule) != EveryDay() or _steps_within(rule):
        return None
    if frequency == rrule.DAILY:
        days = EveryFewDays((("days", interval),), rule.start.date())
        return AtTimesOnDays(choose_times(*_clock_numbers(rule)), days)
    coarse, fine = _NAMES[: frequency - rrule.HOURLY + 1], _NAMES[frequency - rrule.HOURLY + 1 :]
    starts = {f"by{name}": (getattr(rule.start, name),) for name in ("hour", "minute", "second")}
    if any(name in rule.by for name in coarse) or any(tuple_of(rule.by[name]) != starts[name] for name in fine):
        return None
    return EveryFewHours(_UNITS[frequency], interval, rule.start)


def _says_start(steps: Rule, rule: RecurrenceRule) -> bool:
    """Tell whether the steps are counted from the very start, and not from its day, on which times may be earlier."""
    return not isinstance(steps, AtTimesOnDays) or steps.times == AtTimes((rule.start.time(),))


def _clock_numbers(rule: RecurrenceRule) -> list[set[int]]:
    """Return the hours, minutes and seconds that the rule names, where it counts within a day or less, only those."""
    numbers = [set(tuple_of(rule.by.get(name, range(limit)))) for name, limit in _CLOCK.items()]
    if _steps_within(rule):
        position = rule.parts.frequency - rrule.HOURLY
        first = (rule.start.hour, rule.start.minute, rule.start.second)[position]
        numbers[position] &= set(range(first % rule.parts.interval, _LIMITS[position], rule.parts.interval))
    return numbers


def _steps_within(rule: RecurrenceRule) -> bool:
    """Tell whether steps of hours come at the same hours each day, or those of minutes at the same ones each hour."""
    position = rule.parts.frequency - rrule.HOURLY
    return position >= 0 and rule.parts.interval > 1 and _LIMITS[position] % rule.parts.interval == 0


def _claim_periods(rule: RecurrenceRule) -> list[Condition]:
    unit, interval = _UNITS[rule.parts.frequency], rule.parts.interval
    return [FirstOf(unit, interval, rule.start, rule.by["wkst"])] if interval > 1 else []


def _claim_choice(rule: RecurrenceRule) -> list[Condition]:
    weeks, positions = rule.by.get("byweekno"), rule.by.get("bysetpos")
    return [
        *([InWeeks(weeks, rule.by["wkst"])] if weeks else []),
        *([Positions(_UNITS[rule.parts.frequency], positions)] if positions else []),
    ]


def _claim_ends(rule: RecurrenceRule) -> list[Condition]:
    return [
        *([FirstTimes(rule.parts.count)] if rule.parts.count else []),
        *([EndsOnWall(rule.until)] if rule.until else []),
    ]
