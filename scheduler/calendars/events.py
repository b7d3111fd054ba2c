"""Reads events that last whole days: iCalendar (RFC 5545), as calendars export them.

An event is of days off, unless it says otherwise: by a category "working", or, as the public calendars of Apple do, by
X-APPLE-SPECIAL-DAY, which is WORK-HOLIDAY or ALTERNATE-WORKDAY. In a file that has such marks, events without one are
mere notes, and are passed over.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from scheduler.calendars.reading import LONGEST_NAME, InvalidFile, decode
from scheduler.triggers import SpecialDay
from scheduler.triggers.base import gettext_noop

WORKING_CATEGORIES = frozenset({"working", "workday", "working day"})
_MARK = "X-APPLE-SPECIAL-DAY"
_WORKING_MARK = "ALTERNATE-WORKDAY"
_LONGEST_EVENT = timedelta(days=366)
# The library's messages may quote the whole file.
_LONGEST_MESSAGE = 100


def read_events(content: bytes, *, working: bool) -> dict[date, SpecialDay]:
    """Return the days of all events, of which those that do not say it are days off, or `working` days.

    Raises InvalidFile, which names the events that cannot be read.
    """
    # Its library knows no line that ends in a mere carriage return.
    events = _read_file("\n".join(decode(content).replace("\r\n", "\n").split("\r")))
    has_marks = any(_MARK in event for event in events)
    days: dict[date, SpecialDay] = {}
    mistakes: list[str] = []
    for event in events:
        if (has_marks and _MARK not in event) or event.get("STATUS") == "CANCELLED":
            continue
        try:
            _enter(event, days, working=working)
        except InvalidFile as error:
            mistakes += error.sentences
    if mistakes:
        raise InvalidFile(mistakes)
    return days


def _read_file(text: str) -> list[Event]:
    try:
        return [event for event in Calendar.from_ical(text).walk("VEVENT") if isinstance(event, Event)]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise InvalidFile([gettext_noop("This is no iCalendar file: %s.") % str(error)[:_LONGEST_MESSAGE]]) from error


def _enter(event: Event, days: dict[date, SpecialDay], *, working: bool) -> None:
    """Add an event's days; several of a kind on one day become one of all their names."""
    name = " ".join(str(event.get("SUMMARY", "")).split())
    is_working = _is_working(event, otherwise=working)
    for day in _days_of(event, name):
        known = days.get(day)
        if known is not None and known.is_working != is_working:
            message = gettext_noop("%s is a working day by one event, and a day off by another.")
            raise InvalidFile([message % day.isoformat()])
        names = [*(known.name.split(", ") if known else []), name]
        both = ", ".join(dict.fromkeys(filter(None, names)))
        days[day] = SpecialDay(is_working=is_working, name=both[:LONGEST_NAME])


def _is_working(event: Event, *, otherwise: bool) -> bool:
    if _MARK in event:
        return str(event.get(_MARK)) == _WORKING_MARK
    return otherwise or any(str(category).strip().lower() in WORKING_CATEGORIES for category in event.categories)


def _days_of(event: Event, name: str) -> Iterator[date]:
    """Yield the days of an event, whose end is not one of them."""
    if "RRULE" in event or "RDATE" in event:
        raise InvalidFile([gettext_noop('The event "%s" repeats; write each of its days.') % name])
    first, end = _bounds_of(event, name)
    if isinstance(first, datetime) or isinstance(end, datetime):
        raise InvalidFile([gettext_noop('The event "%s" does not last whole days.') % name])
    if end - first > _LONGEST_EVENT:
        raise InvalidFile([gettext_noop('The event "%s" lasts longer than a year.') % name])
    for number in range(max((end - first).days, 1)):
        yield first + timedelta(days=number)


def _bounds_of(event: Event, name: str) -> tuple[date, date]:
    try:
        return event.start, event.end
    except (ValueError, OverflowError) as error:
        values = {"event": name, "error": error}
        raise InvalidFile([gettext_noop('The event "%(event)s": %(error)s') % values]) from error
