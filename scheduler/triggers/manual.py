"""The manual trigger: never due by itself; runs come about by hand, by REST or by a command."""

from collections.abc import Mapping
from typing import Any

from scheduler.triggers.base import Context, Spec, Timetable, TriggerKind
from scheduler.triggers.timetable import NEVER


class ManualKind(TriggerKind):
    """No fields, and no occurrences."""

    name = "manual"
    fields = ()

    def parse(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """There is nothing to read."""
        return {}

    def timetable(self, spec: Spec, context: Context) -> Timetable:
        """Return the timetable without occurrences."""
        return NEVER
