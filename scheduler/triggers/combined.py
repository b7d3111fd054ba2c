"""The triggers `and` and `or`: the instants that all of several triggers have in common, or those of any of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from heapq import merge
from itertools import cycle
from typing import Any, TypeAlias

from scheduler.triggers.base import (
    Bounds,
    Context,
    InvalidField,
    InvalidSpec,
    Sentence,
    Spec,
    Timetable,
    bounds_of,
    gettext_noop,
)
from scheduler.triggers.fields import Reader, read_datetime, read_fields, read_instant, read_jitter
from scheduler.triggers.instants import LATEST, MICROSECOND
from scheduler.triggers.recurring import RecurringKind
from scheduler.triggers.timetable import Crowded, Steps, Traced, horizon_of

MOST_TRIGGERS = 10
MOST_DEEP = 3
MOST_IN_ALL = 50

ParseSpec: TypeAlias = Callable[[Mapping[str, Any], Context], Spec]
Compose: TypeAlias = Callable[[Spec, Context], Timetable]


class CommonTimetable(Timetable):
    """The instants that all of several timetables have."""

    def __init__(self, parts: Sequence[Timetable]) -> None:
        super().__init__()
        self._parts = parts

    def find(self, moment: datetime, steps: Steps) -> datetime | None:
        """Let each in turn leap to its first occurrence not before the latest of the others', until all agree."""
        latest, agreed, last = moment + MICROSECOND, 0, LATEST
        for turn, part in enumerate(cycle(self._parts), 1):
            found = part.find(latest - MICROSECOND, steps)
            if found is None or found > last:
                break
            agreed = agreed + 1 if found == latest else 1
            if agreed == len(self._parts):
                return found
            latest = found
            if turn == len(self._parts):
                last = horizon_of(latest)
        return None

    def trace(self, start: datetime, end: datetime, zone: tzinfo) -> Iterator[Traced]:
        """Yield the common instants, with all that the parts say of them."""
        for when, occurrence in super().trace(start, end, zone):
            told = [each for part in self._parts for _, each in part.trace(when, when, zone) if each.at]
            marks = dict.fromkeys(mark for each in told for mark in each.marks)
            planned = next((each.planned for each in told if each.marks), occurrence.planned)
            yield Traced(when, replace(occurrence, planned=planned, marks=tuple(marks)))


class UnitedTimetable(Timetable):
    """The instants that any of several timetables has; what several have counts once."""

    def __init__(self, parts: Sequence[Timetable]) -> None:
        super().__init__()
        self._parts = parts

    def find(self, moment: datetime, steps: Steps) -> datetime | None:
        """Return the earliest of all."""
        found = [part.find(moment, steps) for part in self._parts]
        return min((each for each in found if each is not None), default=None)

    def stamps(self, start: datetime, end: datetime, *, most: int) -> Sequence[int]:
        """Return those of all, in order."""
        found = sorted({stamp for part in self._parts for stamp in part.stamps(start, end, most=most)})
        if len(found) > most:
            raise Crowded
        return found

    def trace(self, start: datetime, end: datetime, zone: tzinfo) -> Iterator[Traced]:
        """Yield what all of them name, in order."""
        last = None
        for when, occurrence in merge(*(part.trace(start, end, zone) for part in self._parts), key=_order):
            if occurrence.at is None or occurrence.at != last:
                yield Traced(when, occurrence)
                last = occurrence.at or last


class CombinedKind(RecurringKind):
    """`triggers`: specs of any kind but manual; none has a time zone of its own. They may be combined in turn."""

    own_fields = ("triggers", "start_date", "end_date", "jitter")

    def __init__(self, parse: ParseSpec, compose: Compose) -> None:
        self._parse = parse
        self._compose = compose

    def read(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Read each of the triggers; what is wrong with them is said of the field `triggers`."""
        readers: dict[str, Reader] = {
            "triggers": self._read_triggers,
            "start_date": read_instant,
            "end_date": read_datetime,
            "jitter": read_jitter,
        }
        spec = read_fields(fields, readers, context)
        if "triggers" not in spec:
            raise InvalidSpec({"triggers": _ENTER})
        spec |= {name: spec[name].isoformat() for name in ("start_date", "end_date") if name in spec}
        if not spec.get("jitter"):
            spec.pop("jitter", None)
        return spec

    def parts(self, spec: Spec, context: Context) -> list[Timetable]:
        """Return the timetables that are combined."""
        return [self._compose(each, context) for each in spec["triggers"]]

    def bounds(self, spec: Spec, zone: tzinfo) -> Bounds:
        """Return both dates."""
        return bounds_of(spec, "start_date", "end_date")

    def _read_triggers(self, value: Any, context: Context) -> list[Spec]:
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise InvalidField(_ENTER)
        if not 1 <= len(value) <= MOST_TRIGGERS:
            raise InvalidField(gettext_noop("Enter from 1 to %d triggers.") % MOST_TRIGGERS)
        # Their own triggers lie one deeper, below this one.
        if _depth(value, MOST_DEEP) >= MOST_DEEP:
            raise InvalidField(gettext_noop("Triggers may be combined %d deep.") % MOST_DEEP)
        if _count(value) > MOST_IN_ALL:
            raise InvalidField(gettext_noop("Combine at most %d triggers in all.") % MOST_IN_ALL)
        return [self._read_trigger(number, each, context) for number, each in enumerate(value, 1)]

    def _read_trigger(self, number: int, fields: Mapping[str, Any], context: Context) -> Spec:
        errors = {name: _NOT_INSIDE for name in ("jitter", "timezone") if fields.get(name) is not None}
        if fields.get("trigger") == "manual":
            errors["trigger"] = gettext_noop("A manual trigger has nothing to combine.")
        try:
            if errors:
                raise InvalidSpec(errors)
            return self._parse(fields, context)
        except InvalidSpec as error:
            raise InvalidField(name_inner(number, error)) from error


class AndKind(CombinedKind):
    """What all of the triggers have in common."""

    name = "and"

    def timetable(self, spec: Spec, context: Context) -> Timetable:
        """Return the common instants."""
        return CommonTimetable(self.parts(spec, context))


class OrKind(CombinedKind):
    """What any of the triggers has."""

    name = "or"

    def timetable(self, spec: Spec, context: Context) -> Timetable:
        """Return all instants."""
        return UnitedTimetable(self.parts(spec, context))


def name_inner(number: int, error: InvalidSpec) -> Sentence:
    """Return the first of the errors of one trigger in a list as an error of the list."""
    field, message = next(iter(error.errors.items()))
    values = {"number": number, "field": field, "message": message}
    return gettext_noop("Trigger %(number)d, %(field)s: %(message)s") % values


_ENTER = gettext_noop('Enter a list of triggers, such as [{"trigger": "cron", "hour": 9}].')
_NOT_INSIDE = gettext_noop("This belongs to the whole trigger, beside triggers.")


def _order(traced: Traced) -> tuple[datetime, bool]:
    return traced.when, traced.occurrence.at is None


def _inner(value: Any) -> list[Any]:
    inner = value.get("triggers") if isinstance(value, Mapping) else None
    return inner if isinstance(inner, list) else []


def _depth(triggers: list[Any], most: int) -> int:
    """Return how often more triggers are combined within these, looking no deeper than `most`."""
    if most == 0:
        return 0
    return max((1 + _depth(_inner(each), most - 1) for each in triggers if _inner(each)), default=0)


def _count(triggers: list[Any]) -> int:
    return sum(1 + _count(_inner(each)) for each in triggers)
