"""When: parses a trigger's spec, validates it, and computes its occurrences. Pure, and of use without Carnation.

    spec = parse({"trigger": "cron", "hour": 3}, Context(zone=ZoneInfo("Asia/Shanghai"), now=now))
    timetable(spec, zone, seed="job1").next_after(now)

A new kind is one file with a TriggerKind, and its line in KINDS.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from scheduler.triggers.base import (
    Context,
    InvalidField,
    InvalidSpec,
    Sentence,
    Spec,
    TriggerKind,
    gettext_noop,
)
from scheduler.triggers.calendarinterval import CalendarIntervalKind
from scheduler.triggers.combined import AndKind, OrKind, name_inner
from scheduler.triggers.cron import CronKind
from scheduler.triggers.date import DateKind
from scheduler.triggers.fields import read_zone
from scheduler.triggers.instants import EARLIEST, LATEST
from scheduler.triggers.interval import IntervalKind
from scheduler.triggers.jitter import MOST_WITHIN, JitteredTimetable, is_crowded
from scheduler.triggers.layers import check_layers, compose
from scheduler.triggers.manual import ManualKind
from scheduler.triggers.rrule import RRuleKind
from scheduler.triggers.timetable import MOST_STEPS, NEVER, Fold, Mark, Occurrence, Steps, Timetable
from scheduler.triggers.workdays import Calendar, SpecialDay

# A canonical spec means the same at every moment.
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_NO_CALENDARS: Mapping[str, Calendar] = {}

__all__ = [
    "EARLIEST",
    "KINDS",
    "LATEST",
    "NEVER",
    "Calendar",
    "Context",
    "Fold",
    "InvalidField",
    "InvalidSpec",
    "Mark",
    "Occurrence",
    "Sentence",
    "Spec",
    "SpecialDay",
    "Timetable",
    "kind_of",
    "occurrences",
    "parse",
    "read_zone",
    "timetable",
]


def kind_of(name: Any) -> TriggerKind:
    """Return the kind called `name` (None: date); raise InvalidSpec if there is none."""
    if name is None:
        return KINDS["date"]
    if not isinstance(name, str) or name not in KINDS:
        raise InvalidSpec({"trigger": gettext_noop('No trigger by the name "%s" was found.') % (name,)})
    return KINDS[name]


def parse(fields: Mapping[str, Any], context: Context) -> Spec:
    """Return the canonical spec of `{"trigger": kind, ...its fields}`; raise InvalidSpec naming the wrong fields."""
    spec = _read(fields, context)
    _check_layers(spec, context, Steps(3 * MOST_STEPS))
    _check_jitter(spec, context, most=MOST_WITHIN)
    return spec


def occurrences(
    spec: Spec, calendars: Mapping[str, Calendar], start: datetime, end: datetime, *, zone: tzinfo, seed: str
) -> Iterator[Occurrence]:
    """Yield what a canonical spec names from `start` to `end`, both inclusive: the one source of all that is promised.

    Raises InvalidSpec, as `timetable` does.
    """
    return timetable(spec, zone, seed=seed, calendars=calendars).explain(start, end, zone=zone)


def timetable(spec: Spec, zone: tzinfo, *, seed: str, calendars: Mapping[str, Calendar] = _NO_CALENDARS) -> Timetable:
    """Return the occurrences of a canonical spec; `seed`, the job's id, spreads what is to be spread.

    Raises InvalidSpec for what is none, as somebody may have written it past `parse`. That its calendar leaves
    something is not asked again: a calendar may change, and then the schedule is over, but not wrong.
    """
    if not isinstance(spec, Mapping) or "trigger" not in spec:
        raise InvalidSpec({"trigger": gettext_noop("The stored trigger is no object with a trigger: %r.") % (spec,)})
    context = Context(zone=zone, now=_ANY_MOMENT, calendars=calendars, seed=seed)
    canonical = _read(spec, context)
    if canonical != spec:
        raise InvalidSpec({"trigger": gettext_noop("The stored trigger must be written as %s.") % (canonical,)})
    # Another moment may be more crowded than that at which it was parsed; what is refused is what would take for ever.
    _check_jitter(spec, context, most=10 * MOST_WITHIN)
    composed = _compose(spec, context)
    return JitteredTimetable(composed, jitter=spec["jitter"], seed=seed) if spec.get("jitter") else composed


def _read(fields: Mapping[str, Any], context: Context) -> Spec:
    kind = kind_of(fields.get("trigger"))
    if unknown := sorted(set(fields) - set(kind.fields) - {"trigger"}):
        message = gettext_noop('The trigger "%s" has no such field.') % kind.name
        raise InvalidSpec(dict.fromkeys(unknown, message))
    spec: Spec = {"trigger": kind.name} | kind.parse(fields, context)
    if not kind.can_ever_fire(spec, context):
        # By the one field that says it all, where there is one.
        field = next((name for name in ("crontab", "rrule") if name in spec), "trigger")
        raise InvalidSpec({field: gettext_noop("This schedule can never fire: no such date exists.")})
    return spec


def _compose(spec: Spec, context: Context) -> Timetable:
    return compose(kind_of(spec["trigger"]), spec, context)


def _check_layers(spec: Spec, context: Context, steps: Steps) -> None:
    """Check the inner triggers first, so that the message is about the one that is wrong; all share the steps."""
    for number, inner in enumerate(spec.get("triggers", ()), 1):
        try:
            _check_layers(inner, context, steps)
        except InvalidSpec as error:
            raise InvalidSpec({"triggers": name_inner(number, error)}) from error
    check_layers(kind_of(spec["trigger"]), spec, context, steps)


def _check_jitter(spec: Spec, context: Context, *, most: int) -> None:
    jitter = spec.get("jitter", 0)
    if jitter and is_crowded(_compose(spec, context), jitter=jitter, now=context.now, most=most):
        message = gettext_noop("At most %d occurrences may lie within the jitter.") % MOST_WITHIN
        raise InvalidSpec({"jitter": message})


KINDS: dict[str, TriggerKind] = {
    kind.name: kind
    for kind in (
        DateKind(),
        IntervalKind(),
        CronKind(),
        CalendarIntervalKind(),
        RRuleKind(),
        AndKind(_read, _compose),
        OrKind(_read, _compose),
        ManualKind(),
    )
}
