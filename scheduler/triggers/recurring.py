"""What all kinds share that come again and again: hours, calendars and policies for clock changes beside their own."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from scheduler.triggers.base import Context, InvalidSpec, Spec, Timetable, TriggerKind
from scheduler.triggers.clockpolicies import GAP_POLICIES, OVERLAP_POLICIES, Policies
from scheduler.triggers.daylayer import DAY_FIELDS, read_days
from scheduler.triggers.fields import choice_reader, read_fields
from scheduler.triggers.hours import read_hours
from scheduler.triggers.wall import WallRule
from scheduler.triggers.walltimetable import WallTimetable


class RecurringKind(TriggerKind):
    """A kind whose occurrences may be restricted to hours and days. `own_fields` are those that only its rule has."""

    own_fields: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        """Add the fields that all have to the kind's own."""
        super().__init_subclass__()
        if hasattr(cls, "own_fields"):
            cls.fields = (*cls.own_fields, "allowed_hours", *cls.day_fields())

    @classmethod
    def day_fields(cls) -> tuple[str, ...]:
        """Return the names of the calendar's fields: where `days` is a length, the choice of days is another word."""
        return tuple("calendar_days" if name == "days" and name in cls.own_fields else name for name in DAY_FIELDS)

    @abstractmethod
    def read(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Return the part of the canonical spec that is the kind's own, or raise InvalidSpec."""

    def parse(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Read the kind's own fields, then those that all have."""
        return gather(
            [
                lambda: self.read(fields, context),
                lambda: read_fields(fields, {"allowed_hours": read_hours}, context),
                lambda: read_days(fields, self.day_fields(), context),
            ]
        )


class WallKind(RecurringKind):
    """A kind whose rule reads the clock on the wall."""

    def __init_subclass__(cls) -> None:
        """Add the policies for clock changes."""
        super().__init_subclass__()
        cls.fields = (*cls.fields, "dst_gap", "dst_overlap")

    @abstractmethod
    def rule(self, spec: Spec, context: Context) -> WallRule:
        """Return the rule that a canonical spec means."""

    def parse(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Read the policies for clock changes as well."""
        readers = {"dst_gap": choice_reader(*GAP_POLICIES), "dst_overlap": choice_reader(*OVERLAP_POLICIES)}
        return gather(
            [lambda: super(WallKind, self).parse(fields, context), lambda: read_fields(fields, readers, context)]
        )

    def timetable(self, spec: Spec, context: Context) -> Timetable:
        """Return the rule's occurrences in the zone."""
        rule = self.rule(spec, context)
        policies = Policies.of(rule, gap=spec.get("dst_gap"), overlap=spec.get("dst_overlap"))
        return WallTimetable(rule, context.zone, policies)


def gather(readers: Iterable[Callable[[], Spec]]) -> Spec:
    """Return what all readers return together; raise InvalidSpec with all that is wrong."""
    spec: Spec = {}
    errors: dict[str, str] = {}
    for read in readers:
        try:
            spec |= read()
        except InvalidSpec as error:
            errors |= error.errors
    if errors:
        raise InvalidSpec(errors)
    return spec
