"""The form's fields for triggers: all kinds at once, of which the chosen one is shown."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from scheduler import triggers
from scheduler.admin.job_form.fields import InputWidget, NamesField
from scheduler.admin.json_field import JsonField
from scheduler.models import WorkCalendar
from scheduler.words.fieldnames import name_of_field

KIND_LABELS = {
    "date": _("Once, at a date"),
    "interval": _("Interval: every so much time"),
    "cron": _("Cron: when the clock's fields match"),
    "calendarinterval": _("Calendar interval: every so many days or months, at a time of day"),
    "rrule": _("Recurrence rule of RFC 5545"),
    "or": _("Whenever any of several triggers is due"),
    "and": _("Whenever all of several triggers are due at once"),
    "manual": _("By hand only"),
}
# What most jobs need, in the order in which one thinks of it; all else is folded away.
SIMPLE: Mapping[str, tuple[str, ...]] = {
    "date": ("run_date",),
    "interval": ("days", "hours", "minutes", "seconds"),
    "cron": ("crontab", "minute", "hour", "day", "month", "day_of_week"),
    "calendarinterval": ("years", "months", "weeks", "days", "hour", "minute"),
    "rrule": ("rrule", "start_date"),
    "or": ("triggers",),
    "and": ("triggers",),
}
_HELP = {
    "run_date": _("Such as 2031-05-06 07:08. Empty: at once."),
    "start_date": _("Such as 2031-05-06 07:08. Empty: from now on."),
    "end_date": _("Empty: for ever."),
    "jitter": _("Seconds by which each run is delayed at most, to spread the load."),
    "day_of_week": _("0 to 6, or mon to sun; 0 is Monday."),
    "week": _("The week's number, 1 to 53."),
    "calendar": _("Runs on the calendar's working days only."),
    "crontab": _("Such as 0 9 * * 1-5, as cron means it: 0 and 7 are Sunday. In place of the fields below."),
    "rrule": _("Such as FREQ=MONTHLY;BYDAY=-1FR"),
    "triggers": _('A JSON list, such as [{"trigger": "cron", "crontab": "0 9 * * 1"}].'),
    "allowed_hours": _("Such as 09:00-17:00, 22:00-02:00. Empty: at any time of day."),
    "dst_gap": _("What becomes of a time that the clocks skip: skip, at_shift or same_offset. Empty: as cron does."),
    "dst_overlap": _("When a time that comes twice is due: first, second or both. Empty: as cron does."),
    "working_day": _("Only the n-th of each month: 1 is the first, -1 the last. Empty: all."),
}
_NUMBERS = {
    "interval": ("weeks", "days", "hours", "minutes", "seconds"),
    "calendarinterval": ("years", "months", "weeks", "days", "hour", "minute", "second"),
}
# Short ones stand side by side.
_SHORT = {*_NUMBERS["interval"], *_NUMBERS["calendarinterval"], "year", "month", "day", "week", "day_of_week"}
# Those of the calendar's fields that are a choice, by both of their names; "" is the default.
_DAYS = [("", _("on working days")), ("non_working", _("on all other days"))]
_CHOICES: Mapping[str, list[tuple[str, Any]]] = {
    "calendar": [],
    "days": _DAYS,
    "calendar_days": _DAYS,
    "on_excluded": [("", _("leave it out")), ("forward", _("move it to the next day")), ("back", _("move it back"))],
}


def trigger_field(kind: str, name: str) -> str:
    """Return the form's name of a trigger's field."""
    return f"{kind}__{name}"


def trigger_fields(kind: str) -> list[str]:
    """Return the form's names of all fields of a kind of trigger, those first that most jobs need."""
    return [trigger_field(kind, name) for name in sorted(_names(kind), key=lambda name: _rank(kind, name))]


def simple_trigger_fields(kind: str) -> list[str]:
    """Return those that most jobs need."""
    return [trigger_field(kind, name) for name in SIMPLE.get(kind, ())]


def make_trigger_fields(present: Any) -> dict[str, forms.Field]:
    """Return a form's fields for all kinds of triggers, by their names in the form.

    They offer all calendars, and that of the present trigger even if it is gone.
    """
    named = present.get("calendar") if isinstance(present, dict) else None
    names = [*WorkCalendar.objects.values_list("pk", flat=True), *([named] if isinstance(named, str) else [])]
    choices = [("", gettext("none")), *((name, name) for name in dict.fromkeys(names))]
    fields = {trigger_field(kind, name): _make_field(kind, name) for kind in triggers.KINDS for name in _names(kind)}
    for name, field in fields.items():
        if name.endswith("__calendar") and isinstance(field, forms.ChoiceField):
            field.choices = choices
    return fields


def read_trigger_fields(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return the trigger that was typed, in the format of a POST."""
    kind = cleaned["kind"]
    fields = {name: cleaned[trigger_field(kind, name)] for name in _names(kind)}
    return {"trigger": kind, **{name: _plain(value) for name, value in fields.items() if value not in (None, "", [])}}


def show_trigger(trigger: Any) -> dict[str, Any]:
    """Return the initial values of a form for a stored trigger; no kind for one that cannot be read."""
    spec = dict(trigger) if isinstance(trigger, dict) else {}
    kind = spec.pop("trigger", None)
    if fraction := spec.pop("microseconds", 0):
        spec["seconds"] = spec.get("seconds", 0) + fraction / 1_000_000
    return {"kind": kind, **{trigger_field(kind, name): value for name, value in spec.items()}}


def _names(kind: str) -> list[str]:
    """Return the fields of a kind that the form shows; microseconds are the seconds' fraction there."""
    return [name for name in triggers.KINDS[kind].fields if name != "microseconds"]


def _rank(kind: str, name: str) -> int:
    """Order the fields: those most needed first; all others as they are."""
    simple = SIMPLE.get(kind, ())
    return simple.index(name) if name in simple else len(simple)


def _make_field(kind: str, name: str) -> forms.Field:
    label = name_of_field(kind, name)
    described: dict[str, Any] = {"label": label, "required": False, "help_text": _HELP.get(name, "")}
    if name in _CHOICES and name not in _NUMBERS.get(kind, ()):
        return forms.ChoiceField(**described, choices=_CHOICES[name], widget=UnfoldAdminSelectWidget())
    field, widget = _field_type(kind, name)
    made = field(**described, widget=widget())
    if name in _SHORT:
        made.widget.attrs["data-short"] = ""
    return made


def _field_type(kind: str, name: str) -> tuple[Callable[..., forms.Field], Callable[[], forms.Widget]]:
    if name == "triggers":
        return JsonField, lambda: UnfoldAdminTextareaWidget(attrs={"rows": 4})
    if name == "jitter" or (kind == "interval" and name in _NUMBERS[kind]):
        return forms.FloatField, lambda: InputWidget(inputmode="decimal")
    if name == "working_day" or name in _NUMBERS.get(kind, ()):
        return forms.IntegerField, InputWidget
    return (NamesField if name == "allowed_hours" else forms.CharField), InputWidget


def _plain(value: Any) -> Any:
    """Return 10.0 as 10, as somebody who types 10 means it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
