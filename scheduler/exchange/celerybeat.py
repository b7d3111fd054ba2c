"""Reads the rows of django-celery-beat's tables."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.exchange.celerywhen import BeatRow, Wrong, read_when
from scheduler.exchange.documents import Document, Entry, LeftOut, Mistake, Unreadable
from scheduler.exchange.mapping import Call
from scheduler.exchange.naming import id_of
from scheduler.triggers.sentences import gettext_noop

_CLEANUP = "celery.backend_cleanup"
_NO_CLEANUP = gettext_noop("This tidies up Celery's own results.")
_SOLAR = gettext_noop("It follows the sun, which no trigger here does.")
_DONE = gettext_noop("It was to run once, and has.")
_NO_JSON = gettext_noop("This is no JSON: %s")
_MESSAGE = gettext_noop("Not taken over, as it is about Celery's messages: %s.")
_MESSAGING = ("queue", "exchange", "routing_key", "priority")


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
        except Wrong as error:
            self.mistakes.append(Mistake(message=error.message, item=name, field=error.field))

    def _entry(self, name: str, row: BeatRow) -> Entry:
        task = row.task
        when = read_when(row)
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


def _read_json(task: Mapping[str, Any], name: str, otherwise: str) -> Any:
    try:
        return json.loads(task.get(name) or otherwise)
    except ValueError as error:
        raise Wrong(_NO_JSON % error, name) from error
