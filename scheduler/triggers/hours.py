"""Allowed hours: the times of day, on the job's wall clock, outside of which nothing runs."""

import re
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from typing import Any

from scheduler.triggers.base import Context, InvalidField, Timetable, gettext_noop
from scheduler.triggers.filtered import FilteredTimetable
from scheduler.triggers.instants import DAY

MOST_RANGES = 48
_RANGE = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)


@dataclass(frozen=True)
class HourRange:
    """From `start` until `end`, which is excluded and may lie on the next day (None: the end of the day)."""

    start: time
    end: time | None

    def holds(self, clock: time) -> bool:
        """Tell whether a time of day lies within the range."""
        if self.end is None:
            return clock >= self.start
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


class HoursTimetable(FilteredTimetable):
    """What another timetable has within the allowed hours."""

    code = "hours"

    def __init__(self, base: Timetable, texts: list[str], zone: tzinfo) -> None:
        super().__init__(base, zone)
        self._texts = texts
        self._ranges = [_range(text) for text in texts]
        self._openings = sorted(
            {each.start for each in self._ranges} | {time.min for each in self._ranges if _wraps(each)}
        )

    def allows(self, wall: datetime) -> bool:
        """Tell whether one of the ranges holds the time of day."""
        clock = wall.time()
        return any(each.holds(clock) for each in self._ranges)

    def reopens(self, wall: datetime) -> datetime:
        """Return when the next range begins, today or tomorrow."""
        clock = wall.time()
        today = next((opening for opening in self._openings if opening > clock), None)
        if today is not None:
            return datetime.combine(wall.date(), today)
        return datetime.combine(wall.date(), self._openings[0]) + DAY

    def reason(self, wall: datetime) -> str:
        """Name the time and the hours."""
        clock = wall.strftime("%H:%M:%S" if wall.second else "%H:%M")
        values = {"clock": clock, "hours": ", ".join(self._texts)}
        return gettext_noop("%(clock)s is outside of the allowed hours %(hours)s.") % values


def read_hours(value: Any, context: Context) -> list[str]:
    """Read ranges such as 09:00-17:30, a list of them or a text with commas between; return them sorted."""
    texts = value.split(",") if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InvalidField(gettext_noop("Enter a list of hours, such as 09:00-17:30."))
    texts = sorted({text.strip() for text in texts})
    if not 0 < len(texts) <= MOST_RANGES:
        raise InvalidField(gettext_noop("Enter from 1 to %d ranges of hours.") % MOST_RANGES)
    for text in texts:
        if not _RANGE.fullmatch(text):
            raise InvalidField(gettext_noop("%s is no range of hours such as 09:00-17:30 or 22:00-06:00.") % text)
        if (hours := _range(text)).start == hours.end:
            raise InvalidField(
                gettext_noop("%s begins and ends at the same time; for the whole day, leave the hours out.") % text
            )
    return texts


def _range(text: str) -> HourRange:
    start, end = text.split("-")
    return HourRange(time.fromisoformat(start), None if end == "24:00" else time.fromisoformat(end))


def _wraps(hours: HourRange) -> bool:
    return hours.end is not None and hours.end < hours.start
