"""The form of maintenance windows: turns fields into what the services read, and their errors into field errors."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelect2Widget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from scheduler import clock, conf
from scheduler.admin.job_form.fields import TagsField
from scheduler.admin.job_form.triggers import (
    KIND_LABELS,
    make_trigger_fields,
    read_trigger_fields,
    show_trigger,
    trigger_field,
)
from scheduler.admin.service_forms import ServiceForm
from scheduler.exceptions import InvalidInput
from scheduler.models import MaintenanceWindow
from scheduler.services.windows import read_window
from scheduler.viewers import zone_names


class WindowForm(ServiceForm):
    """A maintenance window."""

    name = forms.CharField(label=_("Name"), widget=UnfoldAdminTextInputWidget())
    kind = forms.ChoiceField(
        label=_("It begins"),
        choices=[(kind, label) for kind, label in KIND_LABELS.items() if kind != "manual"],
        initial="date",
        widget=UnfoldAdminSelectWidget(),
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(name, name) for name in zone_names()],
        widget=UnfoldAdminSelect2Widget(),
    )
    duration = forms.DurationField(
        label=_("Duration"),
        initial=timedelta(hours=1),
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Hours, minutes and seconds, such as 1:30:00."),
    )
    tags = TagsField(
        label=_("Tags"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("The jobs with any of these tags are concerned. Empty: all."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("What is done meanwhile, for people."),
    )

    class Meta(ServiceForm.Meta):
        model = MaintenanceWindow

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(make_trigger_fields(self.instance.trigger))
        window = self.instance if self.instance.pk else None
        self.initial = {"timezone": conf.timezone().key, **(_values_of(window) if window else {}), **self.initial}
        self.fields["name"].disabled = window is not None

    @property
    def definition(self) -> dict[str, Any]:
        """The window in the format of a POST."""
        seconds = self.cleaned_data["duration"].total_seconds()
        return {
            **{name: self.cleaned_data[name] for name in ("name", "timezone", "tags", "note")},
            "duration_seconds": int(seconds) if seconds.is_integer() else seconds,
            **read_trigger_fields(self.cleaned_data),
        }

    def ask_services(self) -> None:
        """Let them read the window."""
        self.read()
        is_new = not self.instance.pk
        if is_new and MaintenanceWindow.objects.called(self.cleaned_data["name"]).exists():
            message = gettext("Maintenance window %s already exists.") % self.cleaned_data["name"]
            raise InvalidInput({"name": message})

    def read(self) -> MaintenanceWindow:
        """Return the window as it is going to be, without writing it. Raises InvalidInput."""
        return read_window(self.definition, now=clock.now())

    def field_of(self, name: str) -> str | None:
        """Return the field of a trigger's part by the kind that was chosen."""
        known = {"trigger": "kind", "duration_seconds": "duration"}
        inner = trigger_field(self.cleaned_data.get("kind", ""), name)
        return inner if inner in self.fields else known.get(name, name if name in self.fields else None)


def _values_of(window: MaintenanceWindow) -> dict[str, Any]:
    columns = ("name", "timezone", "duration", "tags", "note")
    return {**{name: getattr(window, name) for name in columns}, **show_trigger(window.trigger)}
