"""Calendars of working days, as values: which days are working days, why, and up to when that is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """A day that is not what its weekday says: a public holiday, a make-up day, a day of the company's own."""

    is_working: bool
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A named set of working days.

    `weekend` holds weekdays as `date.weekday()` counts them, 0 for Monday. `known_until` is the last day of which the
    data is known (None: for ever); later days are judged by their weekday alone.
    """

    name: str
    weekend: frozenset[int] = frozenset({5, 6})
    special_days: Mapping[date, SpecialDay] = field(default_factory=dict)
    known_until: date | None = None

    def is_working(self, day: date) -> bool:
        """Tell whether people work on this day."""
        special = self.special_days.get(day)
        return special.is_working if special else day.weekday() not in self.weekend
