"""Plans an import: what becomes of each entry of a document, and all that is wrong with it. Writes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from scheduler.exceptions import InvalidInput
from scheduler.exchange import Document, Entry, Mistake
from scheduler.exchange.documents import Kind
from scheduler.models import Job, MaintenanceWindow, WorkCalendar
from scheduler.queries import calendars_named
from scheduler.services.import_jobs import plan_job
from scheduler.services.import_plans import Change, Plan, Verb
from scheduler.services.import_rules import plan_calendar, plan_window
from scheduler.triggers import Calendar
from scheduler.words import said

M = TypeVar("M", bound=models.Model)
# How many keys one statement may name.
_AT_ONCE = 500
# In the order in which they may be deleted.
_ROWS: Mapping[Kind, Callable[[], models.QuerySet[Any]]] = {
    "job": Job.objects.unfinished,
    "window": MaintenanceWindow.objects.all,
    "calendar": WorkCalendar.objects.all,
}


def plan_import(document: Document, *, delete_missing: bool = False, now: datetime) -> Plan:
    """Return what importing a document would do, and all that is wrong with it. Writes nothing.

    With `delete_missing`, what the file speaks of, but does not name, is deleted; otherwise it stays.
    """
    planner = _Planner(document=document, now=now)
    changes = [change for change in planner.plan_all() if change is not None]
    missing = planner.missing()
    if delete_missing:
        changes += [Change(kind=kind, key=key, verb=Verb.DELETED) for kind, keys in missing.items() for key in keys]
    return Plan(
        now=now,
        changes=tuple(changes),
        mistakes=tuple(planner.mistakes),
        left_out=tuple(replace(each, reason=said(each.reason)) for each in document.left_out),
        untouched=() if delete_missing or not document.is_complete else tuple(missing.get("job", ())),
    )


@dataclass
class _Planner:
    document: Document
    now: datetime
    mistakes: list[Mistake] = field(default_factory=list)
    _calendars: dict[str, Calendar] = field(default_factory=dict)

    def plan_all(self) -> Iterator[Change | None]:
        """Yield the changes: first the calendars, which the others may name; those of the file go before the stored."""
        specs = [entry.fields for entry in (*self.document.windows, *self.document.jobs)]
        self._calendars.update(calendars_named(*specs, *(spec.get("trigger") for spec in specs)))
        calendars_there = _present(WorkCalendar.objects.prefetch_related("days"), self.document.calendars)
        for entry in self.document.calendars:
            yield self._try(entry, lambda entry: self._plan_calendar(entry, calendars_there.get(entry.key)))
        windows_there = _present(MaintenanceWindow.objects.all(), self.document.windows)
        for entry in self.document.windows:
            yield self._try(entry, lambda entry: self._plan_window(entry, windows_there.get(entry.key)))
        jobs_there = _present(Job.objects.unfinished(), self.document.jobs)
        for entry in self.document.jobs:
            yield self._try(entry, lambda entry: self._plan_job(entry, jobs_there.get(entry.key)))

    def missing(self) -> dict[Kind, list[str]]:
        """Return what is there and not in the file, by kinds that it speaks of, in the order in which to delete it."""
        missing: dict[Kind, list[str]] = {}
        for kind in _ROWS:
            if kind in self.document.sections:
                named = {entry.key for entry in self.document.of_kind(kind)}
                there = _ROWS[kind]().order_by("pk").values_list("pk", flat=True)
                missing[kind] = [key for key in there if key not in named]
        return missing

    def _try(self, entry: Entry, plan: Callable[[Entry], Change]) -> Change | None:
        try:
            return plan(entry)
        except InvalidInput as error:
            self.mistakes += [
                Mistake(message=message, line=entry.line_of(name), item=entry.key, field=name)
                for name, message in error.errors.items()
            ]
            return None

    def _plan_calendar(self, entry: Entry, present: WorkCalendar | None) -> Change:
        change, self._calendars[entry.key] = plan_calendar(entry, present)
        return change

    def _plan_window(self, entry: Entry, present: MaintenanceWindow | None) -> Change:
        return plan_window(entry, present, calendars=self._calendars, now=self.now)

    def _plan_job(self, entry: Entry, present: Job | None) -> Change:
        is_complete = self.document.is_complete
        return plan_job(entry, present, is_complete=is_complete, calendars=self._calendars, now=self.now)


def _present(rows: models.QuerySet[M], entries: Sequence[Entry]) -> dict[str, M]:
    """Return the rows that entries are about, by their keys, some hundreds a statement."""
    # No key has what cannot be printed, and databases would refuse to look for some of it.
    keys = [entry.key for entry in entries if entry.key.isprintable()]
    found: dict[str, M] = {}
    for start in range(0, len(keys), _AT_ONCE):
        found |= {str(row.pk): row for row in rows.filter(pk__in=keys[start : start + _AT_ONCE])}
    return found
