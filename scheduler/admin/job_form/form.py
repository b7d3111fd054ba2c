"""The job form: turns fields into the definition that the services read, and their errors back into field errors."""

from collections.abc import Iterator, KeysView, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from scheduler import clock, conf
from scheduler.admin.job_form.call import FIELDS, CallForm, choices_of_tasks
from scheduler.admin.job_form.fields import InputWidget
from scheduler.admin.job_form.policies import make_policy
from scheduler.admin.job_form.triggers import (
    KIND_LABELS,
    make_trigger_fields,
    read_trigger_fields,
    show_trigger,
    simple_trigger_fields,
    trigger_field,
    trigger_fields,
)
from scheduler.exceptions import InvalidInput
from scheduler.models import Job
from scheduler.services.definitions import When, read_change, read_change_of_trigger, read_new
from scheduler.services.values import POLICIES
from scheduler.timetables import read_timetable
from scheduler.viewers import zone_names


@dataclass(frozen=True, kw_only=True)
class TriggerPanel:
    """The fields of one kind of trigger: those that most jobs need, and those that are folded away."""

    kind: str
    label: Any
    simple: list[forms.BoundField]
    more: list[forms.BoundField]
    is_chosen: bool

    @property
    def is_open(self) -> bool:
        """Whether anything is said, or wrong, in what is folded away."""
        return any(field.errors or field.value() not in (None, "", []) for field in self.more)


class JobForm(CallForm):
    """A job's definition."""

    id = forms.CharField(
        label=_("Id"), widget=UnfoldAdminTextInputWidget(), help_text=_("Unique; the job's name in the REST API.")
    )
    name = forms.CharField(
        label=_("Name"), required=False, widget=UnfoldAdminTextInputWidget(), help_text=_("Empty: the id.")
    )
    kind = forms.ChoiceField(
        label=_("Trigger"), choices=list(KIND_LABELS.items()), initial="interval", widget=UnfoldAdminSelectWidget()
    )
    timezone = forms.CharField(
        label=_("Time zone"),
        widget=InputWidget(list="id_timezones", autocomplete="off", spellcheck="false"),
        help_text=_("In which the trigger reads the clock. Type a part of its name, such as Shanghai."),
    )
    # The job's revision when the page was made; scripts may leave it out.
    revision_was = forms.CharField(required=False, widget=forms.HiddenInput())

    class Meta(CallForm.Meta):
        model = Job

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job = self.instance if self.instance.pk else None
        self.fields.update({name: make_policy(name) for name in POLICIES})
        self.fields.update(make_trigger_fields(self.instance.trigger))
        self._offer("func", choices_of_tasks(), job)
        self._offer("executor", [(alias, alias) for alias in conf.executors()], job)
        defaults = {**conf.job_defaults(), "executor": "default", "timezone": conf.timezone().key}
        self.initial = {**(values_of(job) if job else defaults), **self.initial}
        if job:
            self.fields["id"].disabled = True
            self.initial["revision_was"] = str(job.revision)
        self.show_call()

    def _offer(self, name: str, choices: list[tuple[str, Any]], job: Job | None) -> None:
        """Offer choices, and what the job has now even if it is gone: the services say what is wrong with it."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
            present = getattr(job, name, None)
            if present is not None and not field.valid_value(present):
                field.choices = [(present, present), *choices]

    @property
    def panels(self) -> Iterator[TriggerPanel]:
        """The fields of each kind of trigger."""
        chosen = self["kind"].value()
        for kind, label in KIND_LABELS.items():
            simple = simple_trigger_fields(kind)
            more = [name for name in trigger_fields(kind) if name not in simple]
            yield TriggerPanel(
                kind=kind,
                label=label,
                simple=[self[name] for name in simple],
                more=[self[name] for name in more],
                is_chosen=kind == chosen,
            )

    @property
    def zones(self) -> KeysView[str]:
        """The names of all time zones."""
        return zone_names()

    def clean(self) -> dict[str, Any]:
        """Make arguments of their fields first; refuse, once, to undo what somebody else has changed since."""
        self.read_call()
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("revision_was") not in (None, "", str(self.instance.revision)):
            self._say_overtaken()
        return cleaned

    def _say_overtaken(self) -> None:
        """Say that the job is another now, and let the page, sent once more, overrule that."""
        message = gettext(
            "Somebody has changed this job since you opened this form; it is at revision %(now)d now."
            " Look at what has changed, then save again to overrule it."
        )
        self.add_error(None, message % {"now": self.instance.revision})
        data: Any = copy(self.data)
        data["revision_was"] = str(self.instance.revision)
        self.data = data

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

    def ask_services(self) -> None:
        """Let them read the definition."""
        require_interval(self.definition)
        now = clock.now()
        if self.instance.pk:
            when = read_change_of_trigger(self.instance.pk, self.definition, now=now)
            read_change(self.instance, self.definition, when=when)
            is_new = when is not None and when.trigger != self.instance.trigger
        else:
            when, is_new = read_new(self.definition, now=now).when, True
            if Job.objects.unfinished().filter(pk=self.cleaned_data["id"]).exists():
                raise InvalidInput({"id": gettext("Job %s already exists.") % self.cleaned_data["id"]})
        if when and is_new:
            require_future(when, self.definition, now=now)

    def say_error(self, name: str, message: str) -> None:
        """Say which part of an argument is wrong, where all of it is one field."""
        field = self.field_of(name)
        part, _dot, rest = name.partition(".")
        self.add_error(field, f"{rest}: {message}" if rest and field == part else message)

    def field_of(self, name: str) -> str | None:
        """Return the form's field for a field of the definition; None for none."""
        if name == "trigger":
            return "kind"
        part, _dot, rest = name.partition(".")
        if part in ("args", "kwargs") and self.task and self.cleaned_data.get("arguments_as") == FIELDS:
            return self._field_of_argument(part, rest)
        inner = trigger_field(self.cleaned_data.get("kind", ""), name)
        return inner if inner in self.fields else part if part in self.fields else None


def values_of(job: Job) -> dict[str, Any]:
    """Return the initial values of an existing job; none for a trigger that cannot be read."""
    columns = ("id", "name", "func", "args", "kwargs", "timezone", *POLICIES)
    values = {name: getattr(job, name) for name in columns}
    return {**values, **show_trigger(job.trigger)}


def require_interval(definition: Mapping[str, Any]) -> None:
    """Refuse an interval that says nothing, which comes every second in the original: here nobody has typed that."""
    lengths = ("weeks", "days", "hours", "minutes", "seconds")
    if definition["trigger"] == "interval" and not definition.keys() & {*lengths}:
        raise InvalidInput({"trigger": gettext("Say how often it runs.")})


def require_future(when: When, definition: Mapping[str, Any], *, now: datetime) -> None:
    """Refuse what the REST API, like the original, takes without a word: a schedule that is over already."""
    kind = when.trigger["trigger"]
    if kind == "manual" or (kind == "date" and "run_date" not in definition):
        return
    timetable = read_timetable(when.trigger, when.timezone, seed=str(definition["id"]))
    if timetable.next_after(now) is None:
        field = "run_date" if kind == "date" else "trigger"
        raise InvalidInput({field: gettext("This schedule has no occurrence after now.")})
