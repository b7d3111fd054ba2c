"""Holds what is said against what happens."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.triggers import Spec, occurrences, timetable
from scheduler.words import Description, description_of
from tests.triggers.occurrences import CALENDARS, NOW, walk

SEED = "backup"
MOST = 60
# What the words say of a time of the rule is not true of the time to which something moves it.
MOVING = {"moved", "rolled"}
_AROUND = (
    *({"seconds": count} for count in (1, 7, 15, 30)),
    *({"minutes": count} for count in (1, 5, 7, 15, 30)),
    *({"hours": count} for count in (1, 2, 3, 6, 12)),
    *({"days": count} for count in (1, 2, 3, 7, 14, 28, 29, 30, 31, 90, 365)),
)


def due_of(spec: Spec, zone: str) -> list[datetime]:
    """Return the instants at which the trigger is due next, from the trigger itself."""
    return walk(timetable(spec, ZoneInfo(zone), seed=SEED, calendars=CALENDARS), NOW, MOST)


def is_moved(spec: Spec, zone: str, moment: datetime) -> bool:
    """Tell whether what is due at an instant is there only because something has moved it."""
    found = occurrences(spec, CALENDARS, moment, moment, zone=ZoneInfo(zone), seed=SEED)
    return all(MOVING & {mark.code for mark in each.marks} for each in found if each.at)


def denied(spec: Spec, zone: str) -> list[str]:
    """Return the times at which the trigger is due although the words deny it."""
    description = description_of(spec, zone, seed=SEED)
    wrong = [moment for moment in due_of(spec, zone) if not _holds(description, moment, zone)]
    return [str(moment) for moment in wrong if not is_moved(spec, zone, moment)]


def promised_in_vain(spec: Spec) -> list[str]:
    """Return the times in UTC at which all claims hold although the trigger is not due, around where it is."""
    description = description_of(spec, "UTC", seed=SEED)
    due = due_of(spec, "UTC")
    if not due or not description.is_complete:
        return []
    moments = {moment for moment in _candidates(due) if NOW < moment <= due[-1]} - set(due)
    return [str(moment) for moment in sorted(moments) if _holds(description, moment, "UTC")]


def _holds(description: Description, moment: datetime, zone: str) -> bool:
    return description.holds(moment.astimezone(ZoneInfo(zone)), CALENDARS)


def _candidates(due: Sequence[datetime]) -> Iterator[datetime]:
    for moment in due[:: max(len(due) // 12, 1)]:
        for length in _AROUND:
            yield moment - timedelta(**length)
            yield moment + timedelta(**length)
    for minute in range(24 * 60):
        yield due[0].replace(hour=0, minute=0) + timedelta(minutes=minute)
