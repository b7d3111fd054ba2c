"""Reads when a periodic task of django-celery-beat runs: our trigger for it, and the rule that it has there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.exchange.celeryfields import WRONG
from scheduler.exchange.celerysource import (
    CeleryClocked,
    CeleryCrontab,
    CeleryInterval,
    read_numbers,
    write_fields,
)
from scheduler.exchange.documents import Rule
from scheduler.triggers import read_zone
from scheduler.triggers.base import InvalidField
from scheduler.triggers.instants import MICROSECOND
from scheduler.triggers.sentences import gettext_noop

_PERIODS = ("days", "hours", "minutes", "seconds", "microseconds")
_NO_SCHEDULE = gettext_noop("It names no schedule.")
_NO_PERIOD = gettext_noop("There is no such period.")
_BEGINS = gettext_noop("It has never run, and begins an interval after its import, as after a start of beat.")
_AT_START = gettext_noop("It has never run: beat sends it at its start time, besides its schedule.")


@dataclass(frozen=True, kw_only=True)
class BeatRow:
    """A row of PeriodicTask, and the row of the one schedule that it names; dates are aware."""

    task: Mapping[str, Any]
    crontab: Mapping[str, Any] | None = None
    interval: Mapping[str, Any] | None = None
    clocked: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class When:
    """A trigger's fields, the rule of the source where it can be compared, and what is to be said about it."""

    fields: dict[str, Any]
    rule: Rule | None
    notes: tuple[str, ...] = ()


class Wrong(Exception):
    """A row that Celery itself would not take; `field` says where."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def read_when(row: BeatRow) -> When:
    """Return when a row runs. Raises Wrong."""
    if row.crontab is not None:
        return _read_crontab(row.task, row.crontab)
    if row.interval is not None:
        return _read_interval(row.task, row.interval)
    if row.clocked is not None:
        at: datetime = row.clocked["clocked_time"]
        rule = CeleryClocked(text=f"clocked {at.isoformat()}", at=at)
        return When(fields={"trigger": "date", "run_date": at.isoformat(), "timezone": "UTC"}, rule=rule)
    raise Wrong(_NO_SCHEDULE, "schedule")


def _read_crontab(task: Mapping[str, Any], crontab: Mapping[str, Any]) -> When:
    zone = _read_zone(crontab)
    try:
        numbers = read_numbers(crontab)
    except ValueError as error:
        raise Wrong(WRONG % error, "crontab") from error
    fields = write_fields(numbers)
    if zone.key != "UTC":
        # Celery's own way with the clocks, where ours would be another.
        fields |= {"dst_gap": "same_offset", "dst_overlap": "first"}
    shown = " ".join(str(crontab[name]) for name in _SHOWN)
    start, end = task.get("start_time"), task.get("expires")
    is_first = start is not None and task.get("last_run_at") is None
    rule = CeleryCrontab(
        text=f"{shown} (m/h/dM/MY/d) {zone.key}",
        numbers=numbers,
        zone=zone,
        first=start if is_first else None,
        start=start,
        end=end,
        most=_most(task),
    )
    fields = {"trigger": "cron", **fields, **_bounds(start, end), "timezone": zone.key}
    return When(fields=fields, rule=rule, notes=(_AT_START,) if is_first else ())


_SHOWN = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")


def _read_interval(task: Mapping[str, Any], interval: Mapping[str, Any]) -> When:
    period, every = str(interval["period"]), int(interval["every"])
    if period not in _PERIODS:
        raise Wrong(_NO_PERIOD, "interval")
    length, last, start = timedelta(**{period: every}), task.get("last_run_at"), task.get("start_time")
    anchor = last + length if last is not None else start
    if anchor is not None and start is not None:
        anchor = max(anchor, start)
    fields = {"trigger": "interval", period: every, **_bounds(anchor, task.get("expires")), "timezone": "UTC"}
    if anchor is None:
        return When(fields=fields, rule=None, notes=(_BEGINS,))
    text = f"every {every} {period}"
    rule = CeleryInterval(text=text, anchor=anchor, every=length, end=task.get("expires"), most=_most(task))
    return When(fields=fields, rule=rule)


def _bounds(start: datetime | None, end: datetime | None) -> dict[str, str]:
    """Return both dates; beat's end is none of the instants at which something runs."""
    bounds = {"start_date": start, "end_date": end and end - MICROSECOND}
    return {name: moment.isoformat() for name, moment in bounds.items() if moment is not None}


def _most(task: Mapping[str, Any]) -> int | None:
    return 1 if task.get("one_off") else None


def _read_zone(crontab: Mapping[str, Any]) -> ZoneInfo:
    try:
        return read_zone(str(crontab.get("timezone") or "UTC"))
    except InvalidField as error:
        raise Wrong(error.sentence, "timezone") from error
