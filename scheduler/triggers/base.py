"""What every kind of trigger shares: its spec, what may be wrong with one, and what its meaning depends on.

A spec is a flat JSON object, `{"trigger": "interval", "seconds": 10, "start_date": "..."}`: canonical, so that
two specs that mean the same are equal. Nothing here knows Django, a database or the time: `now` is an argument.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, ClassVar, TypeAlias

from scheduler.triggers.bounds import Bounds
from scheduler.triggers.instants import clamped
from scheduler.triggers.sentences import Sentence, gettext_noop
from scheduler.triggers.timetable import Timetable
from scheduler.triggers.workdays import Calendar

__all__ = [
    "LARGEST_COUNT",
    "Bounds",
    "Context",
    "InvalidField",
    "InvalidSpec",
    "Sentence",
    "Spec",
    "Timetable",
    "TriggerKind",
    "bounds_of",
    "gettext_noop",
]

Spec: TypeAlias = dict[str, Any]

# What 31 bits hold; a count that needs more is as good as none.
LARGEST_COUNT = 2**31 - 1


class InvalidSpec(Exception):
    """A spec that means nothing; `errors` maps the field to a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(errors)
        self.errors = dict(errors)


class InvalidField(Exception):
    """One field's value means nothing; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the meaning of a spec depends on beside itself: the zone of dates without offset, the moment, the calendars.

    `calendars` are those that a spec may name; `seed`, the job's id, spreads what is to be spread.
    """

    zone: tzinfo
    now: datetime
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    seed: str = ""


class TriggerKind(ABC):
    """One kind of trigger: which fields its spec has, what they may hold, and the timetable they mean."""

    name: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]

    @abstractmethod
    def parse(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Return the canonical spec (without "trigger"), or raise InvalidSpec. `fields` holds known names only."""

    @abstractmethod
    def timetable(self, spec: Spec, context: Context) -> Timetable:
        """Return the occurrences that a canonical spec's rule means, before the layers that all kinds share."""

    def bounds(self, spec: Spec, zone: tzinfo) -> Bounds:
        """Return the first and the last instant at which something may run."""
        return Bounds()

    def can_ever_fire(self, spec: Spec, context: Context) -> bool:
        """Tell whether the rule, its dates of start and end apart, has any occurrence at all."""
        return True


def bounds_of(spec: Spec, *names: str) -> Bounds:
    """Return the bounds that a canonical spec sets by those of its dates, such as start_date, that it has."""
    dates = {name.removesuffix("_date"): spec[name] for name in names if name in spec}
    return Bounds(**{name: clamped(datetime.fromisoformat(text)) for name, text in dates.items()})
