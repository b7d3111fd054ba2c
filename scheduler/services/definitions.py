"""The door: reads a job's definition in Flask-APScheduler's format, from REST, settings and forms alike.

Reading collects what is wrong with each field and raises InvalidInput with all of it; it writes nothing.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from scheduler import conf, triggers
from scheduler.exceptions import AmbiguousTask, InvalidInput, JobNotFound, UnknownTask
from scheduler.models import Action, Job
from scheduler.queries import calendars_named
from scheduler.registry import Task, find_task
from scheduler.services import values
from scheduler.services.fields import FieldErrors, Reader, as_object
from scheduler.services.pause_fields import PAUSE_FIELDS, problems_of_pause, read_pause_of_new
from scheduler.triggers import Calendar, InvalidSpec
from scheduler.triggers.fields import read_datetime, read_instant
from scheduler.words import said

TRIGGER_FIELDS = frozenset({"trigger", "timezone"}.union(*(kind.fields for kind in triggers.KINDS.values())))
DATES = frozenset({"run_date", "start_date", "end_date"})

NEW_READERS: Mapping[str, Reader] = {
    "args": values.read_args,
    "kwargs": values.read_kwargs,
    **values.POLICIES,
    "jobstore": values.read_jobstore,
    "replace_existing": bool,
}
CHANGE_READERS: Mapping[str, Reader] = {
    "func": values.read_text,
    "name": values.read_text,
    "args": values.read_strict_args,
    "kwargs": values.read_strict_kwargs,
    **values.POLICIES,
}
_ARGUMENT_READERS: Mapping[str, Reader] = {
    "args": values.read_strict_args,
    "kwargs": values.read_strict_kwargs,
}
_RANGE = ("start", "end")
# What a reader answers that is no column of the job.
NO_COLUMNS = frozenset({"jobstore", "replace_existing"})


@dataclass(frozen=True, kw_only=True)
class When:
    """A trigger's canonical spec, and the name of the zone that it reads the clock in."""

    trigger: triggers.Spec
    timezone: str


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What somebody asked for: columns of the job to write, and what is said about its next run beside them.

    `restored_from` is the revision that it was taken from, if any.
    """

    columns: dict[str, Any]
    when: When | None
    next_run_time: datetime | None = None
    next_run_time_given: bool = False
    replace_existing: bool = False
    restored_from: int | None = None

    @property
    def action(self) -> Action:
        """What a change to it is called."""
        return Action.CHANGED if self.restored_from is None else Action.RESTORED


@dataclass(frozen=True, kw_only=True)
class NewDefinition(Definition):
    """What somebody asked for a new job: it always says when."""

    when: When


@dataclass(frozen=True, kw_only=True)
class Backfill:
    """A range of the past, both ends inclusive, and the arguments of its runs where they are not the job's."""

    start: datetime
    end: datetime
    arguments: dict[str, Any]


def read_new(data: Any, *, now: datetime, calendars: Mapping[str, Calendar] | None = None) -> NewDefinition:
    """Read the definition of a new job. Raises InvalidInput.

    Whoever reads many gives the calendars; they are read here otherwise.
    """
    data = _flat(as_object(data))
    errors = FieldErrors()
    for name in ("id", "func"):
        if name not in data or (name == "func" and data[name] is None):
            errors.found[name] = _("This field is required.")
    columns = {**conf.job_defaults(), "args": [], "kwargs": {}, "executor": "default"}
    columns |= errors.read_all(NEW_READERS, data)
    if data.get("func") is not None:
        columns["func"] = errors.read("func", values.read_text, data["func"])
    task = _check_call(columns, errors)
    columns |= _read_names(data, task, errors)
    beside = {"id", "name", "func", "next_run_time", *NEW_READERS, *PAUSE_FIELDS}
    fields = {name: value for name, value in data.items() if name not in beside}
    when = _read_when(fields, errors, seed=columns["id"] or "", now=now, calendars=calendars)
    next_run_time = _read_next_run_time(data, errors)
    columns |= read_pause_of_new(data, errors, zone=conf.timezone(), now=now)
    if when is None or errors.found:
        raise InvalidInput(errors.found)
    return NewDefinition(
        columns=_only_columns(columns),
        when=when,
        next_run_time=next_run_time,
        next_run_time_given="next_run_time" in data,
        replace_existing=bool(columns.get("replace_existing")),
    )


def read_change_of_trigger(job_id: str, data: Any, *, now: datetime) -> When | None:
    """Read the trigger of a change, which is checked before anybody looks for the job. Raises InvalidInput."""
    data = _flat(as_object(data))
    if "trigger" in data and not isinstance(data["trigger"], str):
        raise InvalidInput({"trigger": _("Trigger %s is not supported.") % (data["trigger"],)})
    errors = FieldErrors()
    fields = {name: data[name] for name in data.keys() & _fields_beside(data.get("trigger"))}
    _check_dates({name: data[name] for name in data.keys() - fields.keys()}, errors, now=now)
    when = _read_when(fields, errors, seed=job_id, now=now) if "trigger" in data else None
    errors.raise_if_any()
    return when


def check_id_of_change(job_id: str, data: Any) -> None:
    """Refuse a change of the id, before anybody looks for the job. Raises InvalidInput."""
    if as_object(data).get("id", job_id) != job_id:
        raise InvalidInput({"id": _("The job ID may not be changed.")})


def read_change(job: Job, data: Any, *, when: When | None) -> Definition:
    """Read what a change asks of an existing job, beside the trigger that was read before.

    Raises InvalidInput, and JobNotFound when it selects another job store.
    """
    data = _flat(as_object(data))
    if data.get("jobstore") not in (None, values.JOBSTORE):
        raise JobNotFound(id=job.id)
    errors = FieldErrors()
    errors.found |= problems_of_pause(data, job)
    known = {"id", "jobstore", "next_run_time", *CHANGE_READERS, *PAUSE_FIELDS} | (
        _fields_beside(data["trigger"]) if when else set()
    )
    for name in data.keys() - known:
        message = _("Send it together with its trigger.") if name in TRIGGER_FIELDS else _("There is no such field.")
        errors.found[name] = message
    columns = errors.read_all(CHANGE_READERS, data)
    if not errors.found and columns.keys() & {"func", "args", "kwargs"}:
        _check_call({"func": job.func, "args": job.args, "kwargs": job.kwargs, **columns}, errors)
    next_run_time = _read_next_run_time(data, errors)
    max_runs = columns.get("max_runs")
    if max_runs is not None and max_runs != job.max_runs and max_runs <= job.run_count:
        errors.found["max_runs"] = _("The job has run %d times already.") % job.run_count
    errors.raise_if_any()
    return Definition(
        columns=_only_columns(columns),
        when=when,
        next_run_time=next_run_time,
        next_run_time_given="next_run_time" in data,
    )


def read_arguments(job: Job, data: Any) -> dict[str, Any]:
    """Read `args` and `kwargs` of a single run, of which each left out is the job's. Raises InvalidInput."""
    data = as_object(data)
    errors = FieldErrors()
    errors.refuse_others(data, _ARGUMENT_READERS)
    own = errors.read_all(_ARGUMENT_READERS, data)
    if own and not errors.found:
        _check_call({"func": job.func, "args": job.args, "kwargs": job.kwargs, **own}, errors)
    errors.raise_if_any()
    return own


def read_backfill(data: Any, *, now: datetime) -> Backfill:
    """Read a range, in the scheduler's zone where it names none, and what is sent beside it. Raises InvalidInput."""
    data = as_object(data)
    errors = FieldErrors()
    context = triggers.Context(zone=conf.timezone(), now=now)
    errors.require(_RANGE, data)
    readers = {name: lambda value: read_instant(value, context) for name in _RANGE if name not in errors.found}
    moments = errors.read_all(readers, data)
    errors.raise_if_any()
    return Backfill(**moments, arguments={name: data[name] for name in data.keys() - moments.keys()})


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """Spread a trigger that was sent as an object, {"type": "interval", "minutes": 3}, among the other fields."""
    trigger = data.get("trigger")
    if not isinstance(trigger, Mapping):
        return dict(data)
    inner = dict(trigger)
    return {**data, "trigger": inner.pop("type", "date"), **inner}


def _fields_beside(trigger: str | None) -> set[str]:
    """Return the fields that a change may send together with a trigger of this kind."""
    kind = triggers.KINDS.get(trigger or "")
    return {"trigger", "timezone", *(kind.fields if kind else ())}


def _read_when(
    fields: dict[str, Any],
    errors: FieldErrors,
    *,
    now: datetime,
    seed: str = "",
    calendars: Mapping[str, Calendar] | None = None,
) -> When | None:
    zone = conf.timezone()
    if fields.get("timezone"):
        zone = errors.read("timezone", triggers.read_zone, fields["timezone"]) or zone
    spec_fields = {name: value for name, value in fields.items() if name != "timezone"}
    known = calendars_named(spec_fields) if calendars is None else calendars
    context = triggers.Context(zone=zone, now=now, calendars=known, seed=seed)
    try:
        spec = triggers.parse(spec_fields, context)
    except InvalidSpec as error:
        errors.found.update({name: said(message) for name, message in error.errors.items()})
        return None
    return When(trigger=spec, timezone=zone.key)


def read_when(
    fields: Mapping[str, Any], *, now: datetime, seed: str = "", calendars: Mapping[str, Calendar] | None = None
) -> When:
    """Read a trigger and its zone, where nothing else is sent beside them. Raises InvalidInput."""
    errors = FieldErrors()
    when = _read_when(_flat(fields), errors, now=now, seed=seed, calendars=calendars)
    if when is None or errors.found:
        raise InvalidInput(errors.found)
    return when


def _check_dates(fields: Mapping[str, Any], errors: FieldErrors, *, now: datetime) -> None:
    """Check the dates that don't belong to the trigger; that they are out of place is said later."""
    context = triggers.Context(zone=conf.timezone(), now=now)
    for name in DATES & fields.keys():
        if isinstance(fields[name], str):
            errors.read(name, lambda value: read_datetime(value, context), fields[name])


def _read_names(data: Mapping[str, Any], task: Task | None, errors: FieldErrors) -> dict[str, str]:
    """Read id and name: an empty name is the id, or the function's where that is null; an empty id is made up."""
    job_id, name = data.get("id"), data.get("name")
    if not name and job_id is None:
        name = task.function.__name__ if task else "unknown"
    # An empty id that is not null needs a name beside it, as in the original.
    made_up = job_id is None or (name and not job_id)
    read_id = uuid.uuid4().hex if made_up else errors.read("id", values.read_id, job_id)
    return {"id": read_id, "name": errors.read("name", values.read_text, name) if name else read_id}


def _check_call(columns: Mapping[str, Any], errors: FieldErrors) -> Task | None:
    func, args, kwargs = columns.get("func"), columns.get("args"), columns.get("kwargs")
    if func is None or args is None or kwargs is None:
        return None
    try:
        task = find_task(func)
    except (UnknownTask, AmbiguousTask) as error:
        errors.found["func"] = str(error)
        return None
    try:
        task.check_arguments(args, kwargs)
    except ValueError as error:
        errors.found["kwargs" if "keyword" in str(error) else "args"] = said(str(error))
    else:
        errors.found.update(task.signature.problems(args, kwargs))
    return task


def _read_next_run_time(data: Mapping[str, Any], errors: FieldErrors) -> datetime | None:
    return errors.read_all({"next_run_time": values.read_next_run_time}, data).get("next_run_time")


def _only_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name not in NO_COLUMNS}
