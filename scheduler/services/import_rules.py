"""Plans the calendars and the maintenance windows of an import."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from scheduler.calendars import WEEKDAYS, WEEKEND, Source, make_calendar, read_weekdays
from scheduler.exchange import Entry
from scheduler.models import MaintenanceWindow, WorkCalendar
from scheduler.revisions import is_same
from scheduler.services.calendar_definitions import CalendarDefinition, read_new_calendar
from scheduler.services.import_jobs import with_anchor
from scheduler.services.import_plans import Change, Verb
from scheduler.services.windows import read_window
from scheduler.triggers import Calendar, SpecialDay

CALENDAR_DEFAULTS: Mapping[str, Any] = {
    "description": "",
    "weekend": [WEEKDAYS[weekday] for weekday in sorted(WEEKEND)],
    "country": "",
    "subdivision": "",
    "days": [],
}
WINDOW_DEFAULTS: Mapping[str, Any] = {"tags": [], "note": ""}
_WINDOW_COLUMNS = ("duration_seconds", "tags", "note")


def plan_calendar(entry: Entry, present: WorkCalendar | None) -> tuple[Change, Calendar]:
    """Return what would become of a calendar, and the calendar as triggers would take it. Raises InvalidInput."""
    data = {**CALENDAR_DEFAULTS, **entry.fields, "name": entry.key}
    definition = read_new_calendar(data)
    after = _told_of_calendar(definition.columns, definition.days or {})
    before = _present_calendar(present) if present else {}
    change = _change(entry, "calendar", before, after, {**data, "makeup_days": definition.columns["makeup_days"]})
    return change, _as_value(definition)


def plan_window(
    entry: Entry, present: MaintenanceWindow | None, *, calendars: Mapping[str, Calendar], now: datetime
) -> Change:
    """Return what would become of a maintenance window. Raises InvalidInput."""
    fields = with_anchor(dict(entry.fields), present.trigger if present else None)
    data = {**WINDOW_DEFAULTS, **fields, "name": entry.key}
    window = read_window(data, now=now, calendars=calendars)
    after, before = _told_of_window(window), _told_of_window(present) if present else {}
    return _change(entry, "window", before, after, after)


def _change(
    entry: Entry, kind: Any, before: Mapping[str, Any], after: Mapping[str, Any], data: Mapping[str, Any]
) -> Change:
    names = [*before, *(name for name in after if name not in before)]
    both = {name: (before.get(name), after.get(name)) for name in names}
    differing = {name: pair for name, pair in both.items() if not is_same(*pair)}
    if not before:
        differing = {name: pair for name, pair in differing.items() if name in entry.fields or pair[1]}
    verb = Verb.ADDED if not before else Verb.CHANGED if differing else Verb.UNCHANGED
    return Change(kind=kind, key=entry.key, verb=verb, line=entry.line, fields=differing, data=data)


def _told_of_calendar(columns: Mapping[str, Any], days: Mapping[date, SpecialDay]) -> dict[str, Any]:
    """Return a calendar's fields, each of the own days as one of them."""
    own = {f"day {day.isoformat()}": [special.is_working, special.name] for day, special in sorted(days.items())}
    return {**{name: value for name, value in columns.items() if name != "name"}, **own}


def _present_calendar(calendar: WorkCalendar) -> dict[str, Any]:
    columns = ("description", "weekend", "country", "subdivision", "makeup_days")
    days = {each.day: each.as_value() for each in calendar.days.all()}
    return _told_of_calendar({name: getattr(calendar, name) for name in columns}, days)


def _as_value(definition: CalendarDefinition) -> Calendar:
    columns = definition.columns
    public = {name: columns[name] for name in ("country", "subdivision", "makeup_days")}
    source = Source(**public) if columns["country"] else None
    weekend = read_weekdays(columns["weekend"])
    return make_calendar(columns["name"], weekend=weekend, source=source, own_days=definition.days or {})


def _told_of_window(window: MaintenanceWindow) -> dict[str, Any]:
    spec = window.trigger if isinstance(window.trigger, Mapping) else {"trigger": None}
    return {**spec, "timezone": window.timezone, **{name: getattr(window, name) for name in _WINDOW_COLUMNS}}
