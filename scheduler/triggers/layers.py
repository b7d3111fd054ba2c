"""The layers between a trigger's rule and the clock, in their order: hours, the days of a calendar, start and end.

The rule comes first, with its policies for clock changes; jitter comes last, and is laid over all of this.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scheduler.triggers.base import Bounds, Context, InvalidSpec, Spec, Timetable, TriggerKind, gettext_noop
from scheduler.triggers.bounds import BoundedTimetable
from scheduler.triggers.combined import CombinedKind
from scheduler.triggers.daylayer import DaysTimetable, day_rule
from scheduler.triggers.hours import HoursTimetable
from scheduler.triggers.instants import utc
from scheduler.triggers.recurring import RecurringKind
from scheduler.triggers.rolled import RolledTimetable
from scheduler.triggers.timetable import Exhausted, Steps

# Before any occurrence that is over: what has none from here on has none at all.
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def compose(kind: TriggerKind, spec: Spec, context: Context) -> Timetable:
    """Return the occurrences of a canonical spec, but for its jitter."""
    *_, (_, timetable) = _stages(kind, spec, context)
    bounds = kind.bounds(spec, context.zone)
    return timetable if bounds == Bounds() else BoundedTimetable(timetable, bounds)


def check_layers(kind: TriggerKind, spec: Spec, context: Context, steps: Steps) -> None:
    """Search each stage for an occurrence; raise InvalidSpec naming the field that leaves none."""
    for field, timetable in _stages(kind, spec, context):
        is_sought = field != "trigger" or isinstance(kind, CombinedKind)
        if is_sought and not _has_any(timetable, context.now, steps):
            raise InvalidSpec(_NOTHING_LEFT[field])


def _has_any(timetable: Timetable, now: datetime, steps: Steps) -> bool:
    """Tell whether there is an occurrence after now, or at least was one; not if it takes too long to find out."""
    try:
        return any(timetable.find(utc(moment), steps) is not None for moment in (now, _ANY_TIME))
    except (Exhausted, OverflowError):
        return False


def _stages(kind: TriggerKind, spec: Spec, context: Context) -> Iterator[tuple[str, Timetable]]:
    """Yield what there is after each layer, with the name of the field that has laid it."""
    timetable = kind.timetable(spec, context)
    yield "trigger", timetable
    if "allowed_hours" in spec:
        timetable = HoursTimetable(timetable, spec["allowed_hours"], context.zone)
        yield "allowed_hours", timetable
    if "calendar" in spec and isinstance(kind, RecurringKind):
        timetable = _lay_days(timetable, spec, kind, context)
        yield "calendar", timetable


def _lay_days(timetable: Timetable, spec: Spec, kind: RecurringKind, context: Context) -> Timetable:
    days = day_rule(spec, kind.day_fields(), context.calendars)
    if (on_excluded := spec.get("on_excluded")) is None:
        return DaysTimetable(timetable, days, context.zone)
    return RolledTimetable(timetable, days, context.zone, forward=on_excluded == "forward")


_NOTHING_LEFT: dict[str, dict[str, Any]] = {
    "trigger": {"triggers": gettext_noop("These triggers have nothing in common, or too little to be found.")},
    "allowed_hours": {"allowed_hours": gettext_noop("Nothing is left: this schedule has nothing within these hours.")},
    "calendar": {"calendar": gettext_noop("Nothing is left: this schedule has nothing on such days.")},
}
