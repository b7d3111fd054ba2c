"""Reads what is to be imported, and fits what other schedulers have to what is registered here."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from scheduler import conf
from scheduler.exceptions import AmbiguousTask, ImportRefused, UnknownTask
from scheduler.exchange import (
    Call,
    Document,
    Entry,
    Mistake,
    Unreadable,
    read_beat,
    read_crontabs,
    read_document,
    read_flask,
    read_flask_entries,
    read_mapping,
)
from scheduler.registry import find_task
from scheduler.services.beat_tables import read_beat_tables
from scheduler.triggers import InvalidField, read_zone
from scheduler.words import said

R = TypeVar("R")


def read_own(text: str) -> Document:
    """Return a document of our own. Raises ImportRefused."""
    return _reading(lambda: read_document(text))


def read_crontab_file(
    text: str,
    *,
    task: str | None = None,
    mapping: Mapping[str, Call] | None = None,
    zone: ZoneInfo | None = None,
    has_users: bool = False,
) -> Document:
    """Return the jobs of a crontab; `task` is called with each command. Raises ImportRefused."""
    return _fitted(
        lambda: read_crontabs(
            text, zone=zone or conf.timezone(), task=task or None, mapping=mapping, has_users=has_users
        )
    )


def read_flask_answer(
    text: str, *, mapping: Mapping[str, Call] | None = None, zone: ZoneInfo | None = None
) -> Document:
    """Return the jobs of `GET /scheduler/jobs`, whose triggers read the clock of `zone`. Raises ImportRefused."""
    return _fitted(lambda: read_flask(text, zone=zone or conf.timezone(), mapping=mapping))


def read_flask_settings(
    entries: Sequence[Any], *, mapping: Mapping[str, Call] | None = None, zone: ZoneInfo | None = None
) -> Document:
    """Return the jobs of another application's SCHEDULER_JOBS. Raises ImportRefused."""
    return _fitted(lambda: read_flask_entries(entries, zone=zone or conf.timezone(), mapping=mapping))


def read_beat_database(database: str, *, mapping: Mapping[str, Call] | None = None) -> Document:
    """Return the jobs of django-celery-beat's tables, in the database of an alias or a URL.

    Raises ImportRefused, and DatabaseError where there are no such tables.
    """
    rows = read_beat_tables(database)
    return _fitted(lambda: read_beat(rows, mapping=mapping))


def read_calls(text: str, pairs: Sequence[str] = ()) -> dict[str, Call]:
    """Return a mapping of names, from a text in YAML or JSON and from pairs such as old=new. Raises ImportRefused."""
    calls = _reading(lambda: read_mapping(text))
    for pair in pairs:
        old, equals, new = pair.rpartition("=")
        if not (old and equals and new):
            raise ImportRefused([Mistake(message=_("Enter old=module:function."), item=pair)])
        calls[old] = Call(func=new)
    return calls


def read_named_zone(name: str) -> ZoneInfo:
    """Return the zone of a name; that of the settings for none. Raises ImportRefused."""
    try:
        return read_zone(name) if name else conf.timezone()
    except InvalidField as error:
        raise ImportRefused([Mistake(message=said(error.sentence), field="timezone")]) from error


def _reading(read: Callable[[], R]) -> R:
    try:
        return read()
    except Unreadable as error:
        raise ImportRefused(_said(error)) from error


def _said(error: Unreadable) -> list[Mistake]:
    return [replace(mistake, message=said(mistake.message)) for mistake in error.mistakes]


def _fitted(read: Callable[[], Document]) -> Document:
    document = _reading(read)
    return replace(document, jobs=tuple(_fit(entry) for entry in document.jobs))


def _fit(entry: Entry) -> Entry:
    """Hand a task what it takes of its surroundings, and let go of an executor that is not there."""
    fields, notes = dict(entry.fields), list(entry.notes)
    executor = fields.get("executor")
    if executor is not None and executor not in conf.executors():
        del fields["executor"]
        notes.append(_("There is no executor %s here; the job has the default one.") % executor)
    taken = _taken_by(str(fields.get("func")), entry.offered)
    if taken:
        fields["kwargs"] = {**fields.get("kwargs", {}), **taken}
    if refused := sorted(entry.offered.keys() - taken.keys()):
        notes.append(_("Not handed over, as the task has no such parameter: %s.") % ", ".join(refused))
    return replace(entry, fields=fields, notes=tuple(notes))


def _taken_by(reference: str, offered: Mapping[str, Any]) -> dict[str, Any]:
    if not offered:
        return {}
    try:
        parameters = inspect.signature(find_task(reference).function).parameters
    except (AmbiguousTask, UnknownTask, ValueError):
        # What is wrong with the task is said when the job is planned.
        return {}
    takes_all = any(each.kind == inspect.Parameter.VAR_KEYWORD for each in parameters.values())
    return {name: value for name, value in offered.items() if takes_all or name in parameters}
