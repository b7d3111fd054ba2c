"""What is said of the layers that all kinds of triggers share, in the order in which they are laid."""

from collections.abc import Iterator
from datetime import date, datetime

from scheduler.triggers import KINDS, Context, Spec
from scheduler.triggers.clockpolicies import Policies
from scheduler.triggers.recurring import RecurringKind, WallKind
from scheduler.words.claims import Condition, Rule
from scheduler.words.clockchanges import InGap, InOverlap
from scheduler.words.days import EveryDay
from scheduler.words.descriptions import Description
from scheduler.words.hours import WithinHours
from scheduler.words.limits import Begins, Delayed, Ends, EndsWithDay
from scheduler.words.rules import AtTimesOnDays
from scheduler.words.workdays import Moves, NthWorkingDay, OnCalendar, OnlyOn


def claim_layers(spec: Spec, context: Context) -> Iterator[Condition]:
    """Yield what each layer claims."""
    kind = KINDS[spec["trigger"]]
    if isinstance(kind, WallKind) and {"dst_gap", "dst_overlap"} & spec.keys():
        yield from _claim_policies(kind, spec, context)
    if "allowed_hours" in spec:
        yield WithinHours(tuple(spec["allowed_hours"]))
    if isinstance(kind, RecurringKind) and "calendar" in spec:
        yield _claim_calendar(spec, *kind.day_fields())
    yield from _claim_bounds(spec, context)
    if "jitter" in spec:
        yield Delayed(spec["jitter"])


def merge_days(rule: Rule, conditions: tuple[Condition, ...]) -> Description:
    """Say "at 09:00 on working days", and not "at 09:00 every day", and then "only on working days"."""
    days = next((each.days for each in conditions if isinstance(each, OnlyOn)), None)
    if days is None or not isinstance(rule, AtTimesOnDays) or rule.days != EveryDay():
        return Description(rule, conditions)
    others = tuple(each for each in conditions if not isinstance(each, OnlyOn))
    return Description(AtTimesOnDays(rule.times, days), others)


def _claim_policies(kind: WallKind, spec: Spec, context: Context) -> Iterator[Condition]:
    """Yield the policies for clock changes that are not those which the rule would have anyway."""
    rule = kind.rule(spec, context)
    default, chosen = Policies.of(rule), Policies.of(rule, gap=spec.get("dst_gap"), overlap=spec.get("dst_overlap"))
    if chosen.gap != default.gap:
        yield InGap(chosen.gap)
    if chosen.overlap != default.overlap:
        yield InOverlap(chosen.overlap)


def _claim_calendar(spec: Spec, calendar: str, days: str, working_day: str, on_excluded: str) -> Condition:
    if working_day in spec:
        return OnlyOn(NthWorkingDay(spec[calendar], spec[working_day]))
    counting = OnCalendar(spec[calendar], are_working=spec.get(days) != "non_working")
    return Moves(counting, forward=spec[on_excluded] == "forward") if on_excluded in spec else OnlyOn(counting)


def _claim_bounds(spec: Spec, context: Context) -> Iterator[Condition]:
    """Yield the start and the end; the kinds that count from their start have said it already."""
    if "start_date" in spec and spec["trigger"] not in _SAY_THEIR_START:
        yield Begins(datetime.fromisoformat(spec["start_date"]), context.zone)
    if "end_date" not in spec:
        return
    if spec["trigger"] == "calendarinterval":
        yield EndsWithDay(date.fromisoformat(spec["end_date"]))
    else:
        yield Ends(datetime.fromisoformat(spec["end_date"]), context.zone)


_SAY_THEIR_START = ("interval", "calendarinterval", "rrule")
