"""The fields that the forms of a job's page are made of, and the way of a service's errors back to them."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from scheduler import clock
from scheduler.admin.job_page.hidden import with_secrets
from scheduler.admin.json_field import JsonField
from scheduler.exceptions import InvalidInput
from scheduler.masking import without_secrets
from scheduler.models import Job, zone_named
from scheduler.services.definitions import read_arguments
from scheduler.triggers import Context, InvalidField
from scheduler.triggers.fields import read_instant
from scheduler.words import said


class MomentInput(UnfoldAdminTextInputWidget):
    """A time of day on a date, as browsers ask for it."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "1"})


class MomentField(forms.CharField):
    """An instant, in the zone of a job where it names no offset."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=MomentInput(), **more)
        self.job = Job()

    def prepare_value(self, value: Any) -> Any:
        """Show an instant as the job's clock shows it."""
        if not isinstance(value, datetime):
            return value
        return value.astimezone(zone_named(self.job.timezone)).strftime("%Y-%m-%dT%H:%M:%S")

    def clean(self, value: Any) -> Any:
        """Read an instant; None where nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_instant(text, Context(zone=zone_named(self.job.timezone), now=clock.now()))
        except InvalidField as error:
            raise forms.ValidationError(said(error.sentence)) from error


class JobActionForm(forms.Form):
    """A form about one job."""

    def __init__(self, job: Job, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job = job
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.job = job

    def add_errors(self, error: InvalidInput) -> None:
        """Let what a service found wrong stand beside its fields."""
        for name, message in error.errors.items():
            self.add_error(name if name in self.fields else None, message)


class ArgumentsForm(JobActionForm):
    """The arguments of a run: those of the job, unless somebody edits them. Secrets are hidden, and stay."""

    args = JsonField(
        label=_("Positional arguments"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_('A JSON list, such as [1, "two"].'),
    )
    kwargs = JsonField(
        label=_("Keyword arguments"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_('A JSON object, such as {"name": "value"}.'),
    )

    def __init__(self, job: Job, *args: Any, **kwargs: Any) -> None:
        super().__init__(job, *args, **kwargs)
        self.initial = {
            "args": without_secrets(job.args),
            "kwargs": without_secrets(job.kwargs),
            **self.initial,
        }

    @property
    def own_arguments(self) -> dict[str, Any]:
        """The arguments that are not the job's; a service takes the others from the job when it queues the run."""
        typed = {"args": self.cleaned_data["args"], "kwargs": self.cleaned_data["kwargs"]}
        meant = {"args": typed["args"] or [], "kwargs": typed["kwargs"] or {}}
        meant = {name: meant[name] if typed[name] is None else typed[name] for name in typed}
        meant = {name: with_secrets(value, getattr(self.job, name)) for name, value in meant.items()}
        return {name: value for name, value in meant.items() if value != getattr(self.job, name)}

    def clean(self) -> dict[str, Any]:
        """Let the services check the arguments against the task."""
        cleaned = super().clean() or self.cleaned_data
        if not {"args", "kwargs"} & self.errors.keys():
            try:
                read_arguments(self.job, self.own_arguments)
            except InvalidInput as error:
                self.add_errors(error)
        return cleaned


def help_for_moment(job: Job) -> str:
    """Say in which zone an instant is meant."""
    return str(_("In the zone of the job, %s.")) % str(zone_named(job.timezone))
