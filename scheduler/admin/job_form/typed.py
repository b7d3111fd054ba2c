"""Reads a form that is still being typed, as far as it can be read: what decides when the job is due."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scheduler.admin.job_form.form import JobForm, require_future, require_interval
from scheduler.admin.job_form.triggers import KIND_LABELS, read_trigger_fields, trigger_fields
from scheduler.exceptions import InvalidInput
from scheduler.services.definitions import When
from scheduler.services.drafts import Draft, foretell_draft

# Beside the fields of the trigger. An id that is yet to be typed is no mistake.
_DECIDING = ("kind", "timezone", "tags", "maintenance", "max_runs")
_CONCERNING = (*_DECIDING, "overlap", "max_instances")


class TypedForm(JobForm):
    """The form while it is being typed: each field is read for itself, and no service is asked whether all is well."""

    is_draft = False

    def clean(self) -> dict[str, Any]:
        """Leave the services out."""
        return dict(self.cleaned_data)


@dataclass(kw_only=True)
class Typed:
    """What could be read: `names` are the form's fields that count, `errors` what is wrong with some of them."""

    names: list[str]
    data: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    draft: Draft | None = None


def read_typed(form: JobForm, *, now: datetime) -> Typed:
    """Read what is in a form, be it typed, or only shown so far."""
    typed = TypedForm(form.data if form.is_bound else _texts_of(form), instance=form.instance)
    kind = typed["kind"].value()
    read = Typed(names=[*_CONCERNING, *(trigger_fields(kind) if kind in KIND_LABELS else ())])
    read.errors = {name: str(typed.errors[name][0]) for name in read.names if name in typed.errors}
    if not read.errors:
        _foretell(typed, read, now=now)
    return read


def _foretell(typed: TypedForm, read: Typed, *, now: datetime) -> None:
    job_id = typed.instance.pk
    cleaned = {name: typed.cleaned_data[name] for name in _CONCERNING if name != "kind"}
    when = {**read_trigger_fields(typed.cleaned_data), "timezone": cleaned["timezone"]}
    named = {"id": typed.cleaned_data["id"]} if typed.cleaned_data.get("id") else {}
    read.data = {**named, **cleaned, **when}
    try:
        require_interval(when)
        draft = foretell_draft({**named, **{name: cleaned[name] for name in _DECIDING[2:]}, **when}, of=job_id, now=now)
        if draft.is_new:
            job = draft.foretold.job
            require_future(When(trigger=job.trigger, timezone=job.timezone), {"id": "", **read.data}, now=now)
        read.draft = draft
    except InvalidInput as error:
        read.errors = {typed.field_of(name) or "kind": message for name, message in error.errors.items()}
        read.names += [name for name in read.errors if name not in read.names]


def _texts_of(form: JobForm) -> Mapping[str, Any]:
    """Return what a browser would send of a page that nobody has touched."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, "", False)}
