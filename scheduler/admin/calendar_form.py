"""The form of a calendar: turns fields into the definition that the services read, and their errors back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from scheduler.admin.service_forms import ServiceForm
from scheduler.calendars import WEEKDAYS, countries, has_makeup_days
from scheduler.exceptions import InvalidInput
from scheduler.models import WorkCalendar
from scheduler.services.calendar_definitions import read_calendar_change, read_new_calendar
from scheduler.services.calendars import read_days_of_file
from scheduler.triggers import SpecialDay
from scheduler.words.phrases import say_aside

WEEKDAY_LABELS = dict(
    zip(
        WEEKDAYS,
        (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")),
        strict=True,
    )
)
COLUMNS = ("name", "description", "weekend", "country", "subdivision", "makeup_days")


class CalendarForm(ServiceForm):
    """A calendar's definition, and a file of days."""

    name = forms.CharField(widget=UnfoldAdminTextInputWidget())
    description = forms.CharField(required=False, widget=UnfoldAdminTextInputWidget())
    weekend = forms.MultipleChoiceField(
        required=False, choices=list(WEEKDAY_LABELS.items()), widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    country = forms.ChoiceField(required=False, widget=UnfoldAdminSelect2Widget())
    subdivision = forms.CharField(required=False, widget=UnfoldAdminTextInputWidget())
    makeup_days = forms.BooleanField(required=False, widget=UnfoldBooleanSwitchWidget())
    file = forms.FileField(
        label=_("Days from a file"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_("A .csv with the header day,working,name, or an .ics. Other own days stay as they are."),
    )
    working = forms.BooleanField(
        label=_("Events are working days"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("What the events of an .ics file are that do not say it themselves; otherwise they are days off."),
    )

    class Meta(ServiceForm.Meta):
        model = WorkCalendar

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The days of the file, once it has been read.
        self.days: Mapping[date, SpecialDay] = {}
        for name in COLUMNS:
            described: Any = WorkCalendar._meta.get_field(name)
            self.fields[name].label = capfirst(str(described.verbose_name))
            self.fields[name].help_text = described.help_text
        self.fields["weekend"].help_text = _("Weekdays that are no working days.")
        self._offer_countries()
        self.initial = {**_values_of(self.instance), **self.initial}
        if self.instance.pk:
            self.fields["name"].disabled = True

    def _offer_countries(self) -> None:
        field = self.fields["country"]
        if isinstance(field, forms.ChoiceField):
            named = [(code, say_aside(pgettext("country", name), code)) for code, name in countries().items()]
            field.choices = [("", gettext("none")), *named]

    @property
    def definition(self) -> dict[str, Any]:
        """The definition in the format of a POST; the switch of the make-up days means: where they are known."""
        definition = {name: self.cleaned_data[name] for name in COLUMNS}
        definition["makeup_days"] &= has_makeup_days(definition["country"])
        return definition

    def ask_services(self) -> None:
        """Let them read the definition and the file."""
        if self.instance.pk:
            read_calendar_change(self.instance, self.definition)
        else:
            name = read_new_calendar(self.definition).columns["name"]
            if WorkCalendar.objects.filter(pk=name).exists():
                raise InvalidInput({"name": gettext("Calendar %s already exists.") % name})
        if file := self.cleaned_data["file"]:
            self.days = read_days_of_file(file.name, file.read(), working=self.cleaned_data["working"])


def _values_of(calendar: WorkCalendar) -> dict[str, Any]:
    values = {name: getattr(calendar, name) for name in COLUMNS}
    # A new calendar has make-up days as soon as its country is one that has them.
    return {**values, "weekend": calendar.weekend.split(","), "makeup_days": calendar.makeup_days or not calendar.pk}
