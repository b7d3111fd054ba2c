"""The form's fields for policies: how a job runs, each described by the model's field."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from scheduler.admin.job_form.fields import NamesField, TagsField
from scheduler.models import Job

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


def make_policy(name: str) -> forms.Field:
    """Return the form's field of a policy."""
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
