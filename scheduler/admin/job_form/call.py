"""The part of the job form that says what to run: the task, and its arguments as fields or as JSON."""

import json
from copy import copy
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminExpandableTextareaWidget, UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget

from scheduler.admin.job_form.arguments import argument_field, make_argument_fields, read_arguments, show_arguments
from scheduler.admin.json_field import JsonField, read_json
from scheduler.admin.service_forms import ServiceForm
from scheduler.exceptions import AmbiguousTask, UnknownTask
from scheduler.registry import Task, all_tasks, find_task

# The button that shows what belongs to the chosen task and trigger; nothing is checked or saved by it.
SHOW = "_show"
FIELDS, JSON = "fields", "json"


class CallForm(ServiceForm):
    """A call of a task. Without JavaScript, and with it, a draft of the form is sent to see other fields."""

    func = forms.ChoiceField(label=_("Task"), widget=UnfoldAdminSelectWidget())
    arguments_as = forms.ChoiceField(
        label=_("Arguments"),
        required=False,
        choices=[(FIELDS, _("as fields")), (JSON, _("as JSON"))],
        widget=UnfoldAdminRadioSelectWidget(),
    )
    # How they were when the page was made, and how many of them go by position.
    arguments_were = forms.CharField(required=False, widget=forms.HiddenInput())
    positional = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())
    args = JsonField(
        label=_("Positional arguments"),
        required=False,
        initial=list,
        widget=UnfoldAdminExpandableTextareaWidget(attrs={"spellcheck": "false"}),
        help_text=_('A JSON list, such as [1, "two"].'),
    )
    kwargs = JsonField(
        label=_("Keyword arguments"),
        required=False,
        initial=dict,
        widget=UnfoldAdminExpandableTextareaWidget(attrs={"spellcheck": "false"}),
        help_text=_('A JSON object, such as {"name": "value"}.'),
    )

    @cached_property
    def is_draft(self) -> bool:
        """Whether somebody only wants to see what belongs to the chosen task and trigger."""
        return self.is_bound and SHOW in self.data

    @cached_property
    def task(self) -> Task | None:
        """The chosen task; None before one is chosen, and where it is gone."""
        reference = self.data.get("func") if self.is_bound else self.initial.get("func")
        try:
            return find_task(reference) if isinstance(reference, str) and reference else None
        except (AmbiguousTask, UnknownTask):
            return None

    @property
    def argument_fields(self) -> list[forms.BoundField]:
        """The fields of the chosen task's arguments."""
        return [self[argument_field(each.name)] for each in self.task.signature.parameters] if self.task else []

    @property
    def are_fields(self) -> bool:
        """Whether arguments are typed as fields."""
        return bool(self["arguments_as"].value() == FIELDS)

    def full_clean(self) -> None:
        """Say of a draft no more than what is in the way of showing it."""
        if not self.is_draft:
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(), {}
        for name, message in self.draft_errors.items():
            self.add_error(name, message)

    def is_valid(self) -> bool:
        """Never is a draft: nothing is to be saved."""
        return not self.is_draft and super().is_valid()

    def show_call(self) -> None:
        """Make the fields of the chosen task's arguments, and fill them with what is stored, where they can say it."""
        self.draft_errors: dict[str, str] = {}
        signature = self.task.signature if self.task else None
        if signature:
            self.fields.update(make_argument_fields(signature))
        if self.is_draft:
            self._change_ways()
        elif not self.is_bound:
            stored = [self.initial.get(name, empty) for name, empty in (("args", []), ("kwargs", {}))]
            shown = show_arguments(signature, *stored) if signature else {} if stored == [[], {}] else None
            way = JSON if shown is None else FIELDS
            ways = {"arguments_as": way, "arguments_were": way, "positional": len(stored[0])}
            self.initial = {**self.initial, **ways, **(shown or {})}

    def _change_ways(self) -> None:
        """Carry the arguments over, where the page was made for the other way of typing them."""
        data: Any = copy(self.data)
        were, way = data.get("arguments_were"), data.get("arguments_as")
        if self.task and were == FIELDS and way == JSON:
            read = read_arguments(self.task.signature, data, positional=self._positional, demand=False)
            self.draft_errors = read.errors
            data.update({"args": _json(read.args), "kwargs": _json(read.kwargs)})
        elif self.task and were == JSON and way == FIELDS:
            texts = self._shown_from_json()
            if texts is None:
                self.draft_errors = {"arguments_as": gettext("No fields can say this.")}
            else:
                data.update({argument_field(each.name): "" for each in self.task.signature.parameters} | texts)
        data["arguments_as"] = data["arguments_were"] = were if self.draft_errors else way or FIELDS
        self.data = data

    def _shown_from_json(self) -> dict[str, str] | None:
        try:
            args, kwargs = (
                read_json(self.data.get(name) or empty) for name, empty in (("args", "[]"), ("kwargs", "{}"))
            )
        except forms.ValidationError:
            return None
        shown = show_arguments(self.task.signature, args, kwargs) if self.task else None
        return None if shown is None else {**shown, "positional": str(len(args))}

    def read_call(self) -> None:
        """Read the fields of the arguments, where they are typed as such, into what they come to as JSON."""
        if self.task is None or self.cleaned_data.get("arguments_as") != FIELDS:
            return
        for name in ("args", "kwargs"):
            # What else the page has sent does not count.
            self.errors.pop(name, None)
        zone = _zone(self.cleaned_data.get("timezone"))
        read = read_arguments(self.task.signature, self.cleaned_data, positional=self._positional, zone=zone)
        for name, message in read.errors.items():
            if name not in self.errors:
                self.add_error(name, message)
        self.cleaned_data |= {"args": read.args, "kwargs": read.kwargs}

    @property
    def _positional(self) -> int:
        text = str(self.data.get("positional") or "")
        return int(text[:3]) if text.isascii() and text.isdigit() else 0

    def _field_of_argument(self, part: str, rest: str) -> str:
        positional = [each.name for each in self.task.signature.parameters if each.takes_position] if self.task else []
        name = positional[int(rest)] if part == "args" and rest.isdigit() and int(rest) < len(positional) else rest
        return argument_field(name) if argument_field(name) in self.fields else "arguments_as"


def choices_of_tasks() -> list[tuple[str, Any]]:
    """Return the tasks in groups, one for each module."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for task in all_tasks():
        module, _colon, name = task.reference.partition(":")
        label = f"{name}: {task.summary}" if task.summary else name
        groups.setdefault(module, []).append((task.reference, label))
    return [("", _("Choose a task.")), *groups.items()]


def _zone(name: Any) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, TypeError, ValueError):
        return None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
