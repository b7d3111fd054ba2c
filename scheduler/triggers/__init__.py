"""When: parses a trigger's spec, validates it, and computes its occurrences. Pure, and of use without Carnation.

    spec = parse({"trigger": "cron", "hour": 3}, Context(zone=ZoneInfo("Asia/Shanghai"), now=now))
    timetable(spec, zone, seed="job1").next_after(now)

A new kind is one file with a TriggerKind, and its line in KINDS.
"""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from scheduler.triggers.base import (
    Context,
    Fold,
    InvalidField,
    InvalidSpec,
    Spec,
    Timetable,
    TriggerKind,
    gettext_noop,
)
from scheduler.triggers.calendarinterval import CalendarIntervalKind
from scheduler.triggers.cron import CronKind
from scheduler.triggers.date import DateKind
from scheduler.triggers.fields import read_zone
from scheduler.triggers.interval import IntervalKind
from scheduler.triggers.jitter import JitteredTimetable

KINDS: dict[str, TriggerKind] = {
    kind.name: kind for kind in (DateKind(), IntervalKind(), CronKind(), CalendarIntervalKind())
}

__all__ = [
    "KINDS",
    "Context",
    "Fold",
    "InvalidField",
    "InvalidSpec",
    "Spec",
    "Timetable",
    "kind_of",
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
    kind = kind_of(fields.get("trigger"))
    if unknown := sorted(set(fields) - set(kind.fields) - {"trigger"}):
        message = gettext_noop('The trigger "%s" has no such field.') % kind.name
        raise InvalidSpec(dict.fromkeys(unknown, message))
    spec = {"trigger": kind.name} | kind.parse(fields, context)
    if not kind.can_ever_fire(spec, context.zone):
        raise InvalidSpec({"trigger": gettext_noop("This schedule can never fire: no such date exists.")})
    return spec


def timetable(spec: Spec, zone: tzinfo, *, seed: str) -> Timetable:
    """Return the occurrences of a canonical spec; `seed`, the job's id, spreads jitter."""
    base = KINDS[spec["trigger"]].timetable(spec, zone)
    if spec.get("jitter"):
        return JitteredTimetable(base, jitter=spec["jitter"], seed=seed)
    return base
