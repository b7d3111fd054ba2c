"""The job form: turns fields into the definition that the services read, and their errors back into field errors."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from scheduler import conf, triggers
from scheduler.exceptions import InvalidInput
from scheduler.models import Job, WorkCalendar
from scheduler.registry import Task, all_tasks
from scheduler.services.definitions import When, read_change, read_change_of_trigger, read_new
from scheduler.services.values import POLICIES
from scheduler.timetables import read_timetable

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
# The policies, in the groups in which the pages show them.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        _("How it runs"),
        (
            "overlap", "max_instances", "coalesce", "misfire_grace_time", "maintenance", "tags", "timeout", "max_runs",
            "priority", "executor",
        ),
    ),
    (_("Retries"), ("retries", "retry_delay", "retry_max_delay", "retry_budget", "retry_on", "on_lost")),
    (_("Keeping"), ("keep_days", "keep_executions")),
)  # fmt: skip
_HELP = {
    "run_date": _("Such as 2031-05-06 07:08. Empty: at once."),
    "start_date": _("Such as 2031-05-06 07:08. Empty: from now on."),
    "end_date": _("Empty: for ever."),
    "jitter": _("Seconds by which each run is delayed at most, to spread the load."),
    "day_of_week": _("0 to 6, or mon to sun; 0 is Monday."),
    "week": _("The week's number, 1 to 53."),
    "calendar": _("Runs on the calendar's working days only."),
    "crontab": _("Such as 0 9 * * 1-5, as cron means it: 0 and 7 are Sunday. In place of the fields above."),
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
    """Return the form's names of all fields of a kind of trigger."""
    return [trigger_field(kind, name) for name in _names(kind)]


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


class NamesField(forms.CharField):
    """Several names in one line."""

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it is typed."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read what was typed as a list."""
        return (super().to_python(value) or "").replace(",", " ").split()


class TagsField(forms.CharField):
    """Several tags in one line, with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it is typed."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read what was typed as a list."""
        return [tag.strip() for tag in (super().to_python(value) or "").split(",") if tag.strip()]


class JobForm(forms.ModelForm):  # type: ignore[type-arg]
    """A job's definition. It validates by asking the services, and writes nothing itself."""

    id = forms.CharField(
        label=_("Id"), widget=UnfoldAdminTextInputWidget(), help_text=_("Unique; the job's name in the REST API.")
    )
    name = forms.CharField(
        label=_("Name"), required=False, widget=UnfoldAdminTextInputWidget(), help_text=_("Empty: the id.")
    )
    func = forms.ChoiceField(label=_("Task"), widget=UnfoldAdminSelect2Widget())
    args = forms.JSONField(
        label=_("Positional arguments"),
        required=False,
        initial=list,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_('A JSON list, such as [1, "two"].'),
    )
    kwargs = forms.JSONField(
        label=_("Keyword arguments"),
        required=False,
        initial=dict,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_('A JSON object, such as {"name": "value"}.'),
    )
    kind = forms.ChoiceField(
        label=_("Trigger"), choices=list(KIND_LABELS.items()), initial="interval", widget=UnfoldAdminSelectWidget()
    )
    timezone = forms.ChoiceField(label=_("Time zone"), widget=UnfoldAdminSelect2Widget())

    class Meta:
        model = Job
        # Nothing is written by the form, so no column of the model is its field.
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job = self.instance if self.instance.pk else None
        self.fields.update({name: _make_policy(name) for name in POLICIES})
        self.fields.update(make_trigger_fields(self.instance.trigger))
        self._offer("func", [(task.reference, _task_label(task)) for task in all_tasks()], job)
        self._offer("timezone", [(name, name) for name in sorted(available_timezones())], job)
        self._offer("executor", [(alias, alias) for alias in conf.executors()], job)
        defaults = {**conf.job_defaults(), "executor": "default", "timezone": conf.timezone().key}
        self.initial = {**(_values_of(job) if job else defaults), **self.initial}
        if job:
            self.fields["id"].disabled = True

    def _offer(self, name: str, choices: list[tuple[str, str]], job: Job | None) -> None:
        """Offer choices, and what the job has now even if it is gone: the services say what is wrong with it."""
        present = getattr(job, name, None)
        if present is not None and present not in dict(choices):
            choices = [(present, present), *choices]
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Let the services read the definition; each of their errors goes to its field."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self._read()
            except InvalidInput as error:
                for name, message in error.errors.items():
                    self.add_error(self._field_of(name), message)
        return dict(cleaned)

    def _post_clean(self) -> None:
        """Leave the model's own validation out: the services have read all of it, and the instance is not filled."""

    @property
    def definition(self) -> dict[str, Any]:
        """The definition in the format of a POST."""
        return {
            **{name: self.cleaned_data[name] for name in ("id", "func", "timezone", *POLICIES)},
            "name": self.cleaned_data["name"] or self.cleaned_data["id"],
            "args": self.cleaned_data["args"] or [],
            "kwargs": self.cleaned_data["kwargs"] or {},
            **read_trigger_fields(self.cleaned_data),
            # A new trigger would wake a paused job; an edit shall not.
            **({"next_run_time": None} if self.instance.paused else {}),
        }

    def _read(self) -> None:
        now = timezone.now()
        if self.instance.pk:
            when = read_change_of_trigger(self.instance.pk, self.definition, now=now)
            read_change(self.instance, self.definition, when=when)
            is_new = when is not None and when.trigger != self.instance.trigger
        else:
            when, is_new = read_new(self.definition, now=now).when, True
            if Job.objects.unfinished().filter(pk=self.cleaned_data["id"]).exists():
                raise InvalidInput({"id": gettext("Job %s already exists.") % self.cleaned_data["id"]})
        if when and is_new:
            _require_future(when, self.definition, now=now)

    def _field_of(self, name: str) -> str | None:
        """Return the form's field for a field of the definition; None for none."""
        if name == "trigger":
            return "kind"
        inner = trigger_field(self.cleaned_data.get("kind", ""), name)
        return inner if inner in self.fields else name if name in self.fields else None


def _names(kind: str) -> list[str]:
    """Return the fields of a kind that the form shows; microseconds are the seconds' fraction there."""
    return [name for name in triggers.KINDS[kind].fields if name != "microseconds"]


def _make_field(kind: str, name: str) -> forms.Field:
    label = gettext(name.replace("_", " ").capitalize())
    described: dict[str, Any] = {"label": label, "required": False, "help_text": _HELP.get(name, "")}
    if name in _CHOICES and name not in _NUMBERS.get(kind, ()):
        return forms.ChoiceField(**described, choices=_CHOICES[name], widget=UnfoldAdminSelectWidget())
    field, widget = _field_type(kind, name)
    return field(**described, widget=widget())


def _field_type(kind: str, name: str) -> tuple[Callable[..., forms.Field], Callable[[], forms.Widget]]:
    if name == "triggers":
        return forms.JSONField, lambda: UnfoldAdminTextareaWidget(attrs={"rows": 4})
    if name == "jitter" or (kind == "interval" and name in _NUMBERS[kind]):
        return forms.FloatField, UnfoldAdminTextInputWidget
    if name == "working_day" or name in _NUMBERS.get(kind, ()):
        return forms.IntegerField, UnfoldAdminIntegerFieldWidget
    return (NamesField if name == "allowed_hours" else forms.CharField), UnfoldAdminTextInputWidget


def _make_policy(name: str) -> forms.Field:
    """Return the form's field of a policy, which the model's field describes."""
    field: Any = Job._meta.get_field(name)
    described: dict[str, Any] = {"label": capfirst(str(field.verbose_name)), "help_text": field.help_text}
    match name:
        case "executor":
            return forms.ChoiceField(**described, widget=UnfoldAdminSelectWidget())
        case "retry_on":
            return NamesField(**described, required=False, widget=UnfoldAdminTextInputWidget())
        case "tags":
            return TagsField(**described, required=False, widget=UnfoldAdminTextInputWidget())
        case "coalesce":
            return forms.BooleanField(**described, required=False, widget=UnfoldBooleanSwitchWidget())
    widget = UnfoldAdminSelectWidget if field.choices else UnfoldAdminIntegerFieldWidget
    made: forms.Field = field.formfield(widget=widget())
    return made


def _task_label(task: Task) -> str:
    return f"{task.reference}: {task.summary}" if task.summary else task.reference


def _values_of(job: Job) -> dict[str, Any]:
    """Return the initial values of an existing job; none for a trigger that cannot be read."""
    columns = ("id", "name", "func", "args", "kwargs", "timezone", *POLICIES)
    values = {name: getattr(job, name) for name in columns}
    return {**values, **show_trigger(job.trigger)}


def _plain(value: Any) -> Any:
    """Return 10.0 as 10, as somebody who types 10 means it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _require_future(when: When, definition: Mapping[str, Any], *, now: datetime) -> None:
    """Refuse what the REST API, like the original, takes without a word: a schedule that is over already."""
    kind = when.trigger["trigger"]
    if kind == "manual" or (kind == "date" and "run_date" not in definition):
        return
    timetable = read_timetable(when.trigger, when.timezone, seed=str(definition["id"]))
    if timetable.next_after(now) is None:
        field = "run_date" if kind == "date" else "trigger"
        raise InvalidInput({field: gettext("This schedule has no occurrence after now.")})
