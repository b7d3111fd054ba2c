"""Reads crontab files: those of users, and the system's with its column of users.

A line needs a task that runs its command: one for all of them, or one for each, by a mapping.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.exchange.cronlines import BadLine, CronLine, Variable, take_apart
from scheduler.exchange.cronsource import NOT_CRONS, CronSource
from scheduler.exchange.documents import Document, Entry, LeftOut, Mistake, Unreadable
from scheduler.exchange.mapping import Call
from scheduler.exchange.naming import id_of
from scheduler.triggers import read_zone
from scheduler.triggers.base import InvalidField
from scheduler.triggers.sentences import gettext_noop

_REBOOT = gettext_noop("@reboot names no time: a job runs by the clock, not when a machine starts.")
_NO_TASK = gettext_noop("Say which task runs this command: by --task for all of them, or by a mapping for this one.")
_MAILTO = gettext_noop("MAILTO is not taken over: Carnation keeps the output of each run.")
_TZ = gettext_noop("TZ is of the command only: cron reads the schedule in its own zone, which is taken to be %s.")
_LONGEST_NAME = 255


@dataclass
class _Reader:
    zone: ZoneInfo
    task: str | None
    mapping: Mapping[str, Call]
    environment: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def set_variable(self, variable: Variable) -> None:
        """Take a variable, which holds for all lines below it."""
        if variable.name == "CRON_TZ":
            self._set_zone(variable)
        elif variable.name == "MAILTO":
            self.notes.append(_MAILTO)
        else:
            self.environment[variable.name] = variable.value
            if variable.name == "TZ":
                self.notes.append(_TZ % self.zone.key)

    def _set_zone(self, variable: Variable) -> None:
        try:
            self.zone = read_zone(variable.value)
        except InvalidField as error:
            self.mistakes.append(Mistake(message=error.sentence, line=variable.number, field="CRON_TZ"))

    def add(self, line: CronLine) -> None:
        """Add the job of a line."""
        if line.schedule.lower() == "@reboot":
            self.left_out.append(LeftOut(text=line.text, reason=_REBOOT, line=line.number))
            return
        call = self.mapping.get(line.command) or (Call(func=self.task) if self.task else None)
        try:
            rule = CronSource(line.schedule, self.zone)
        except ValueError as error:
            self.mistakes.append(Mistake(message=NOT_CRONS % error, line=line.number, item=line.text))
            return
        if call is None:
            self.mistakes.append(Mistake(message=_NO_TASK, line=line.number, item=line.command))
            return
        self.entries.append(self._entry(line, call, rule))

    def _entry(self, line: CronLine, call: Call, rule: CronSource) -> Entry:
        is_mapped = line.command in self.mapping
        name = (line.comment or line.command)[:_LONGEST_NAME]
        offered = {"environment": dict(self.environment), **({"user": line.user} if line.user else {})}
        return Entry(
            key=call.id or id_of(line.command, self.taken),
            line=line.number,
            fields={
                "name": name,
                **({} if is_mapped else {"kwargs": _arguments(line)}),
                **call.fields,
                "trigger": "cron",
                "crontab": line.schedule,
                "timezone": self.zone.key,
            },
            notes=tuple(self.notes),
            rule=rule,
            offered={name: value for name, value in offered.items() if value},
        )


def read_crontabs(
    text: str,
    *,
    zone: ZoneInfo,
    task: str | None = None,
    mapping: Mapping[str, Call] | None = None,
    has_users: bool = False,
) -> Document:
    """Return the jobs of a crontab, whose clock is in `zone` where it says nothing else. Raises Unreadable.

    `task` is called with `command`, and `stdin` where the line has one; `mapping` names other tasks for whole commands.
    """
    reader = _Reader(zone=zone, task=task, mapping=mapping or {})
    for line in take_apart(text, has_users=has_users):
        match line:
            case Variable():
                reader.set_variable(line)
            case CronLine():
                reader.add(line)
            case BadLine():
                reader.mistakes.append(Mistake(message=line.reason, line=line.number))
    if reader.mistakes:
        raise Unreadable(reader.mistakes)
    return Document(jobs=tuple(reader.entries), left_out=tuple(reader.left_out), is_complete=False)


def _arguments(line: CronLine) -> dict[str, Any]:
    return {"command": line.command, **({"stdin": line.stdin} if line.stdin is not None else {})}
