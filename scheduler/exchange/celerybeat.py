"""Reads the rows of django-celery-beat's tables."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from scheduler.exchange.documents import Document, Entry, LeftOut, Mistake, Rule, Unreadable
from scheduler.exchange.mapping import Call
from scheduler.exchange.naming import id_of
from scheduler.triggers import read_zone
from scheduler.triggers.base import InvalidField
from scheduler.triggers.sentences import gettext_noop

_PERIODS = ("days", "hours", "minutes", "seconds", "microseconds")
_CLEANUP = "celery.backend_cleanup"
_NO_CLEANUP = gettext_noop("This tidies up Celery's own results.")
_SOLAR = gettext_noop("It follows the sun, which no trigger here does.")
_DONE = gettext_noop("It was to run once, and has.")
_NO_SCHEDULE = gettext_noop("It names no schedule.")
_NO_JSON = gettext_noop("This is no JSON: %s")
_NO_PERIOD = gettext_noop("There is no such period.")
_MESSAGE = gettext_noop("Not taken over, as it is about Celery's messages: %s.")
_BEGINS = gettext_noop("It has never run, and begins an interval after its import, as after a start of beat.")
_AT_START = gettext_noop("It has never run: beat sends it at its start time, besides its schedule.")
_MESSAGING = ("queue", "exchange", "routing_key", "priority")
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class BeatRow:
    """A row of PeriodicTask, and the row of the one schedule that it names; dates are aware."""

    task: Mapping[str, Any]
    crontab: Mapping[str, Any] | None = None
    interval: Mapping[str, Any] | None = None
    clocked: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class _When:
    fields: dict[str, Any]
    rule: Rule | None
    notes: tuple[str, ...] = ()


class _Wrong(Exception):
    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass
class _Reader:
    mapping: Mapping[str, Call]
    taken: set[str] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, row: BeatRow) -> None:
        """Read one task."""
        name = str(row.task["name"])
        reason = _reason_to_leave_out(row.task)
        if reason:
            self.left_out.append(LeftOut(text=name, reason=reason))
            return
        try:
            self.entries.append(self._entry(name, row))
        except _Wrong as error:
            self.mistakes.append(Mistake(message=error.message, item=name, field=error.field))

    def _entry(self, name: str, row: BeatRow) -> Entry:
        task = row.task
        when = _read_when(row)
        reference = str(task["task"])
        call = self.mapping.get(reference) or Call(func=":".join(reference.rsplit(".", 1)))
        sent = [each for each in _MESSAGING if task.get(each) not in (None, "")]
        notes = [*when.notes, *([_MESSAGE % ", ".join(sent)] if sent else [])]
        policies = {"misfire_grace_time": task.get("expire_seconds"), "max_runs": 1 if task.get("one_off") else None}
        return Entry(
            key=call.id or id_of(name, self.taken),
            fields={
                "name": name,
                "args": _read_json(task, "args", "[]"),
                "kwargs": _read_json(task, "kwargs", "{}"),
                **call.fields,
                **when.fields,
                **{each: value for each, value in policies.items() if value is not None},
                **({} if task["enabled"] else {"paused": True}),
            },
            notes=tuple(notes),
            rule=when.rule,
        )


def read_beat(rows: Sequence[BeatRow], *, mapping: Mapping[str, Call] | None = None) -> Document:
    """Return the jobs of these rows. `mapping` names the tasks that Celery's become; proj.tasks.add is else taken to be
    proj.tasks:add. Raises Unreadable.
    """
    reader = _Reader(mapping=mapping or {})
    for row in rows:
        reader.add(row)
    if reader.mistakes:
        raise Unreadable(reader.mistakes)
    return Document(jobs=tuple(reader.entries), left_out=tuple(reader.left_out), is_complete=False)


def _reason_to_leave_out(task: Mapping[str, Any]) -> str:
    if task["task"] == _CLEANUP:
        return _NO_CLEANUP
    if task.get("solar_id") is not None:
        return _SOLAR
    return _DONE if task.get("one_off") and task.get("total_run_count") else ""


def _read_when(row: BeatRow) -> _When:
    if row.crontab is not None:
        return _read_crontab(row.task, row.crontab)
    if row.interval is not None:
        return _read_interval(row.task, row.interval)
    if row.clocked is not None:
        at: datetime = row.clocked["clocked_time"]
        rule = CeleryClocked(text=f"clocked {at.isoformat()}", at=at)
        return _When(fields={"trigger": "date", "run_date": at.isoformat(), "timezone": "UTC"}, rule=rule)
    raise _Wrong(_NO_SCHEDULE, "schedule")


def _read_crontab(task: Mapping[str, Any], crontab: Mapping[str, Any]) -> _When:
    zone = _read_zone(crontab)
    try:
        numbers = read_numbers(crontab)
    except ValueError as error:
        raise _Wrong(WRONG % error, "crontab") from error
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
    return _When(fields=fields, rule=rule, notes=(_AT_START,) if is_first else ())


_SHOWN = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")


def _read_interval(task: Mapping[str, Any], interval: Mapping[str, Any]) -> _When:
    period, every = str(interval["period"]), int(interval["every"])
    if period not in _PERIODS:
        raise _Wrong(_NO_PERIOD, "interval")
    length, last, start = timedelta(**{period: every}), task.get("last_run_at"), task.get("start_time")
    anchor = last + length if last is not None else start
    if anchor is not None and start is not None:
        anchor = max(anchor, start)
    fields = {"trigger": "interval", period: every, **_bounds(anchor, task.get("expires")), "timezone": "UTC"}
    if anchor is None:
        return _When(fields=fields, rule=None, notes=(_BEGINS,))
    text = f"every {every} {period}"
    rule = CeleryInterval(text=text, anchor=anchor, every=length, end=task.get("expires"), most=_most(task))
    return _When(fields=fields, rule=rule)


def _bounds(start: datetime | None, end: datetime | None) -> dict[str, str]:
    """Return both dates; beat's end is none of the instants at which something runs."""
    bounds = {"start_date": start, "end_date": end and end - _MICROSECOND}
    return {name: moment.isoformat() for name, moment in bounds.items() if moment is not None}


def _most(task: Mapping[str, Any]) -> int | None:
    return 1 if task.get("one_off") else None


def _read_zone(crontab: Mapping[str, Any]) -> ZoneInfo:
    try:
        return read_zone(str(crontab.get("timezone") or "UTC"))
    except InvalidField as error:
        raise _Wrong(error.sentence, "timezone") from error


def _read_json(task: Mapping[str, Any], name: str, otherwise: str) -> Any:
    try:
        return json.loads(task.get(name) or otherwise)
    except ValueError as error:
        raise _Wrong(_NO_JSON % error, name) from error
