"""Plans the jobs of an import: reads each entry as a POST's door does, and says what would differ."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from scheduler import conf
from scheduler.exceptions import InvalidInput
from scheduler.exchange import Entry
from scheduler.models import Job
from scheduler.revisions import is_same
from scheduler.services import values
from scheduler.services.definitions import NewDefinition, read_change, read_new
from scheduler.services.fields import FieldErrors, Reader
from scheduler.services.import_plans import Change, Verb
from scheduler.triggers import KINDS, Calendar
from scheduler.words import said

# The defaults of a document: Carnation's own, whatever the settings say.
DEFAULTS: Mapping[str, Any] = {**conf.JOB_DEFAULTS, "executor": "default"}
# What a trigger takes from the moment of its creation where it is not said.
ANCHORS = {"date": "run_date", "interval": "start_date", "calendarinterval": "start_date", "rrule": "start_date"}
_NOT_IN_FILES = ("id", "next_run_time", "replace_existing", "jobstore")


def plan_job(
    entry: Entry, present: Job | None, *, is_complete: bool, calendars: Mapping[str, Calendar], now: datetime
) -> Change:
    """Return what would become of a job. Raises InvalidInput.

    Of a source that knows not all of a definition, `is_complete` is false: what it leaves out stays as it is.
    """
    fields = {name: value for name, value in entry.fields.items() if name not in ("paused", *_NOT_IN_FILES)}
    fields = with_anchor(fields, present.trigger if present else None)
    errors = _mistakes_in(entry)
    base = DEFAULTS if is_complete else _present_policies(present)
    try:
        definition = read_new({**base, **fields, "id": entry.key}, now=now, calendars=calendars)
    except InvalidInput as error:
        raise InvalidInput({**error.errors, **errors}) from error
    if errors:
        raise InvalidInput(errors)
    return _change(entry, present, definition, now=now)


def _change(entry: Entry, present: Job | None, definition: NewDefinition, *, now: datetime) -> Change:
    paused = entry.fields.get("paused")
    after = told(definition.columns, definition.when.trigger, definition.when.timezone)
    differing: dict[str, tuple[Any, Any]]
    if present is None:
        differing = {name: (None, after.get(name)) for name in after if name in entry.fields or name in _ALWAYS}
        differing |= {"paused": (None, True)} if paused else {}
        verb, data = Verb.ADDED, after
    else:
        columns = {name: getattr(present, name) for name in definition.columns}
        before = told(columns, present.trigger, present.timezone)
        differing = _differences(before, after)
        data = _data_of_change(present, definition, differing)
        if data:
            read_change(present, data, when=definition.when if "trigger" in data else None)
        if paused is not None and paused != present.paused:
            differing["paused"] = (present.paused, paused)
        verb = Verb.CHANGED if differing else Verb.UNCHANGED
    return Change(
        kind="job",
        key=entry.key,
        verb=verb,
        line=entry.line,
        fields=differing,
        data=data,
        paused=paused,
        notes=(*(said(note) for note in entry.notes), *_notes_on_date(present, definition, now=now)),
        rule=entry.rule,
        trigger=definition.when.trigger,
        timezone=definition.when.timezone,
        max_runs=definition.columns.get("max_runs"),
    )


_FIRST = ("name", "func", "args", "kwargs")
# What is worth showing of a new job, also where the file leaves it to the defaults.
_ALWAYS = ("func", "trigger", "timezone", "run_date", "start_date")


def told(columns: Mapping[str, Any], trigger: Any, timezone: str) -> dict[str, Any]:
    """Return a definition with its trigger's fields among the others, as it is sent and shown."""
    spec = trigger if isinstance(trigger, Mapping) else {"trigger": None}
    first = {name: columns[name] for name in _FIRST if name in columns}
    policies = {name: value for name, value in columns.items() if name not in ("id", *_FIRST)}
    return {**first, **spec, "timezone": timezone, **policies}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = [*before, *(name for name in after if name not in before)]
    both = {name: (before.get(name), after.get(name)) for name in names}
    return {name: (old, new) for name, (old, new) in both.items() if not is_same(old, new)}


def _data_of_change(present: Job, definition: NewDefinition, differing: Mapping[str, Any]) -> dict[str, Any]:
    """Return the PATCH that makes the difference; a paused job stays paused when its trigger changes."""
    data = {name: value for name, value in definition.columns.items() if name in differing}
    when = definition.when
    if not is_same(present.trigger, when.trigger) or present.timezone != when.timezone:
        data |= {**when.trigger, "timezone": when.timezone}
        if present.paused:
            data["next_run_time"] = None
    return data


def with_anchor(fields: dict[str, Any], trigger: Any) -> dict[str, Any]:
    """Let a trigger that does not say from when on go on as it is: importing a file again moves nothing."""
    if not isinstance(trigger, Mapping) or trigger.get("trigger") != fields.get("trigger"):
        return fields
    anchor = ANCHORS.get(str(fields.get("trigger")), "")
    return {**fields, anchor: trigger[anchor]} if fields.get(anchor) is None and anchor in trigger else fields


def _present_policies(present: Job | None) -> dict[str, Any]:
    return {name: getattr(present, name) for name in DEFAULTS} if present else {}


def _mistakes_in(entry: Entry) -> dict[str, str]:
    """Check what a POST takes in more forms than a file should."""
    errors = FieldErrors({name: _("There is no such field.") for name in _NOT_IN_FILES if name in entry.fields})
    if not isinstance(entry.fields.get("trigger"), str | Mapping):
        errors.found["trigger"] = _("This field is required.") + " " + _("Choose one of: %s.") % ", ".join(KINDS)
    errors.read_all(_STRICT, entry.fields)
    return errors.found


_STRICT: Mapping[str, Reader] = {
    "args": values.read_strict_args,
    "kwargs": values.read_strict_kwargs,
    "coalesce": values.read_truth,
    "paused": values.read_truth,
}


def _notes_on_date(present: Job | None, definition: NewDefinition, *, now: datetime) -> tuple[str, ...]:
    run_date = definition.when.trigger.get("run_date")
    if present is not None or run_date is None or datetime.fromisoformat(run_date) >= now:
        return ()
    return (_("Its date is past: it runs at once, or is missed."),)
