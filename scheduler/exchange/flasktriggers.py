"""Reads the triggers of Flask-APScheduler's jobs: as texts and fields, as an object, or as APScheduler's own."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from dateutil import parser as date_parser

UNITS = ("weeks", "days", "hours", "minutes", "seconds")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "cron": (*CronTrigger.FIELD_NAMES, "start_date", "end_date"),
    "interval": (*UNITS, "start_date", "end_date"),
    "date": ("run_date",),
}
DATES = ("start_date", "end_date", "run_date")


def read_trigger(data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the kind of an entry's trigger, and its fields; the kind is the text of what is none of the three."""
    trigger = data.get("trigger") or "date"
    if isinstance(trigger, Mapping):
        inner = dict(trigger)
        return read_trigger({**data, "trigger": inner.pop("type", "date"), **inner})
    if isinstance(trigger, str):
        names = FIELDS.get(trigger, ())
        return trigger, {name: _read(name, data[name]) for name in names if data.get(name) is not None}
    return _read_object(trigger)


def _read_object(trigger: Any) -> tuple[str, dict[str, Any]]:
    dates = {name: getattr(trigger, name, None) for name in DATES}
    known = {name: value for name, value in dates.items() if value is not None}
    if isinstance(trigger, CronTrigger):
        return "cron", {**{field.name: str(field) for field in trigger.fields if not field.is_default}, **known}
    if isinstance(trigger, IntervalTrigger):
        seconds = trigger.interval.seconds + trigger.interval.microseconds / 1_000_000
        return "interval", {"days": trigger.interval.days, "seconds": seconds, **known}
    if isinstance(trigger, DateTrigger):
        return "date", known
    return str(trigger), {}


def _read(name: str, value: Any) -> Any:
    """Read a text that is a date as Flask-APScheduler does: it shows dates as a header of HTTP does, or in ISO 8601."""
    return date_parser.parse(value) if name in DATES and isinstance(value, str) else value


def as_sent(value: Any) -> Any:
    """Return a value as a POST sends it."""
    return value.isoformat() if isinstance(value, datetime | date) else value
