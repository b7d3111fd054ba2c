"""The rrule trigger: a recurrence rule of RFC 5545 on the wall clock, such as FREQ=MONTHLY;BYDAY=-1FR."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from scheduler.triggers.base import Bounds, Context, InvalidField, InvalidSpec, Spec, bounds_of, gettext_noop
from scheduler.triggers.fields import Reader, read_datetime, read_fields, read_instant, read_jitter
from scheduler.triggers.recurring import WallKind
from scheduler.triggers.rruleparts import read_parts
from scheduler.triggers.rrulewalk import RecurrenceRule


class RRuleKind(WallKind):
    """`rrule`: the rule; `start_date`: its DTSTART, from which it counts and takes what it does not say itself."""

    name = "rrule"
    own_fields = ("rrule", "start_date", "end_date", "jitter")

    def read(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Read the rule; it starts now by default, at a whole second."""
        readers: dict[str, Reader] = {
            "rrule": _read_rule,
            "start_date": read_instant,
            "end_date": read_datetime,
            "jitter": read_jitter,
        }
        spec = read_fields(fields, readers, context)
        if "rrule" not in spec:
            raise InvalidSpec({"rrule": gettext_noop("Enter a rule, such as FREQ=WEEKLY;BYDAY=MO,TH.")})
        start = spec.get("start_date") or context.now.astimezone(context.zone)
        spec["start_date"] = start.replace(microsecond=0).isoformat()
        if "end_date" in spec:
            spec["end_date"] = spec["end_date"].isoformat()
        if not spec.get("jitter"):
            spec.pop("jitter", None)
        return {name: spec[name] for name in self.own_fields if name in spec}

    def rule(self, spec: Spec, context: Context) -> RecurrenceRule:
        """Return the rule, counted from its start as the wall shows it."""
        start = datetime.fromisoformat(spec["start_date"]).astimezone(context.zone).replace(tzinfo=None, fold=0)
        return RecurrenceRule(read_parts(spec["rrule"]), start, context.zone)

    def bounds(self, spec: Spec, zone: tzinfo) -> Bounds:
        """Return both dates: a calendar may roll an occurrence back before the rule's start."""
        return bounds_of(spec, "start_date", "end_date")

    def can_ever_fire(self, spec: Spec, context: Context) -> bool:
        """Search as far as a search may go."""
        return self.rule(spec, context).can_ever_fire()


def _read_rule(value: Any, context: Context) -> str:
    if not isinstance(value, str):
        raise InvalidField(gettext_noop("Enter a rule, such as FREQ=WEEKLY;BYDAY=MO,TH."))
    return read_parts(value).text
