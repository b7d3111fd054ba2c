"""Reads Flask-APScheduler's jobs: what `GET /scheduler/jobs` answers, and the entries of SCHEDULER_JOBS.

The cron fields keep APScheduler's meaning, which is that of our cron trigger: 0 is Monday.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import parser as date_parser

from scheduler.exchange.documents import MOST_BYTES, TOO_LARGE, Document, Entry, LeftOut, Mistake, Unreadable
from scheduler.exchange.flasksource import FlaskSource
from scheduler.exchange.flasktriggers import FIELDS, as_sent, read_trigger
from scheduler.exchange.jsonreading import read_json
from scheduler.exchange.located import refuse
from scheduler.exchange.mapping import Call
from scheduler.triggers import read_zone
from scheduler.triggers.base import InvalidField
from scheduler.triggers.sentences import gettext_noop

_KEPT = ("name", "args", "kwargs", "misfire_grace_time", "max_instances", "coalesce", "executor")
_BESIDE = frozenset({"jobstore", "replace_existing", "next_run_time", "id", "func", "trigger", "timezone", "jitter"})
_NO_LIST = gettext_noop("Enter what GET /scheduler/jobs answers: a list of jobs.")
_NO_JOB = gettext_noop("Enter a job, with id, func and trigger.")
_NO_TRIGGER = gettext_noop("Its trigger has no equivalent that could be read from here: %s.")
_UNKNOWN = gettext_noop("Flask-APScheduler's jobs have no such field.")
_REFUSED = gettext_noop("APScheduler itself does not take this: %s")
_OFFSET = gettext_noop(
    "Its next run is shown at the offset %(theirs)s, and %(zone)s has %(ours)s then: name the zone of that scheduler."
)
_BEGINS = gettext_noop(
    "Without a date it begins whenever a scheduler starts, there as here; there is nothing to compare."
)
_JITTER = gettext_noop("Its jitter is random in APScheduler, and is not taken over.")


def read_flask(text: str, *, zone: ZoneInfo, mapping: Mapping[str, Call] | None = None) -> Document:
    """Return the jobs of an answer, whose triggers read the clock of `zone`: it names none. Raises Unreadable."""
    if len(text) > MOST_BYTES:
        raise refuse(TOO_LARGE % MOST_BYTES, 1)
    root = read_json(text)
    if not isinstance(root.value, list):
        raise refuse(_NO_LIST, root.line)
    return read_flask_entries(root.plain, zone=zone, mapping=mapping, lines=[each.line for each in root.value])


def read_flask_entries(
    entries: Sequence[Any],
    *,
    zone: ZoneInfo,
    mapping: Mapping[str, Call] | None = None,
    lines: Sequence[int] | None = None,
) -> Document:
    """Return the jobs of SCHEDULER_JOBS, which may hold functions, dates and triggers. Raises Unreadable."""
    reader = _Reader(zone=zone, mapping=mapping or {})
    for number, each in enumerate(entries):
        reader.add(each, line=lines[number] if lines else None)
    if reader.mistakes:
        raise Unreadable(reader.mistakes)
    return Document(jobs=tuple(reader.entries), left_out=tuple(reader.left_out), is_complete=False)


@dataclass(frozen=True, kw_only=True)
class _When:
    """A trigger that was read: its kind, its fields, its zone, and what APScheduler makes of them."""

    kind: str
    fields: Mapping[str, Any]
    zone: ZoneInfo
    rule: FlaskSource

    @property
    def begins_anyhow(self) -> bool:
        """Whether the date is left out from which it counts."""
        anchor = {"interval": "start_date", "date": "run_date"}.get(self.kind)
        return anchor is not None and anchor not in self.fields


@dataclass
class _Reader:
    zone: ZoneInfo
    mapping: Mapping[str, Call]
    entries: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, data: Any, *, line: int | None) -> None:
        """Read one job."""
        if not isinstance(data, Mapping) or not data.get("id") or not data.get("func"):
            self.mistakes.append(Mistake(message=_NO_JOB, line=line))
            return
        key = str(data["id"])
        try:
            kind, fields = read_trigger(data)
            if kind not in FIELDS:
                self.left_out.append(LeftOut(text=key, reason=_NO_TRIGGER % kind, line=line))
                return
            zone = read_zone(data["timezone"]) if data.get("timezone") else self.zone
            when = _When(kind=kind, fields=fields, zone=zone, rule=FlaskSource(kind, fields, zone))
        except InvalidField as error:
            self.mistakes.append(Mistake(message=error.sentence, line=line, item=key, field="timezone"))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            self.mistakes.append(Mistake(message=_REFUSED % error, line=line, item=key, field="trigger"))
        else:
            unknown = _unknown(data, fields)
            self.mistakes += [Mistake(message=_UNKNOWN, line=line, item=key, field=name) for name in unknown]
            self.entries.append(self._entry(key, data, when, line=line))

    def _entry(self, key: str, data: Mapping[str, Any], when: _When, *, line: int | None) -> Entry:
        reference = _reference(data["func"])
        call = self.mapping.get(reference)
        is_paused = "next_run_time" in data and data["next_run_time"] is None
        notes = [
            *([_BEGINS] if when.begins_anyhow else []),
            *([_JITTER] if data.get("jitter") else []),
            *_notes_on_offset(data.get("next_run_time"), when.zone),
        ]
        return Entry(
            key=key,
            line=line,
            fields={
                "func": reference,
                **{name: data[name] for name in _KEPT if name in data},
                **(call.fields if call else {}),
                **({"paused": True} if is_paused else {}),
                "trigger": when.kind,
                **{name: as_sent(value) for name, value in when.fields.items()},
                "timezone": when.zone.key,
            },
            notes=tuple(notes),
            rule=None if when.begins_anyhow else when.rule,
        )


def _unknown(data: Mapping[str, Any], trigger: Mapping[str, Any]) -> list[str]:
    inner = data["trigger"] if isinstance(data.get("trigger"), Mapping) else {}
    return sorted(str(name) for name in {*data, *inner} - {*_KEPT, *_BESIDE, *trigger, "type"})


def _reference(func: Any) -> str:
    """Return a function's reference; a text is one already."""
    return f"{func.__module__}:{func.__qualname__}" if hasattr(func, "__qualname__") else str(func)


def _notes_on_offset(next_run_time: Any, zone: ZoneInfo) -> list[str]:
    """Notice where the scheduler's zone is another one: the answer shows it only in its dates."""
    if not isinstance(next_run_time, str | datetime):
        return []
    try:
        moment = date_parser.parse(next_run_time) if isinstance(next_run_time, str) else next_run_time
        ours = moment.astimezone(zone)
        is_ours = moment.tzinfo is None or moment.utcoffset() == ours.utcoffset()
    except (ValueError, OverflowError):
        # It is shown only, and not taken over.
        return []
    if is_ours:
        return []
    return [_OFFSET % {"theirs": f"{moment:%z}", "zone": zone.key, "ours": f"{ours:%z}"}]
