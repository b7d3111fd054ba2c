"""The pages of calendars: list, form with the own days, and a look at what is ahead."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import modelform_factory
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from scheduler.admin.calendar_form import COLUMNS, WEEKDAY_LABELS, CalendarForm
from scheduler.admin.refusals import SaysRefusals
from scheduler.calendars import next_exceptions
from scheduler.models import CalendarDay, WorkCalendar
from scheduler.queries import ENDS_SOON
from scheduler.services import calendars
from scheduler.triggers import SpecialDay
from scheduler.words import said
from scheduler.words.phrases import say_items

DAYS_AHEAD = 366
MOST_SHOWN = 40


class OwnDays(TabularInline):
    """The own days. Who may look at the calendar, or change it, may do so with its days."""

    model = CalendarDay
    fields = ("day", "is_working", "name")
    extra = 0
    # A form of all days of many years would have more fields than Django takes.
    per_page = 100

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Name each field for those who do not see the heading of its column."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = db_field.verbose_name
        return field

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for the calendar."""
        return request.user.has_perm("scheduler.view_workcalendar") or self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for the calendar."""
        return request.user.has_perm(f"scheduler.{'change' if obj else 'add'}_workcalendar")

    has_delete_permission = has_change_permission
    has_add_permission = has_change_permission


@admin.register(WorkCalendar)
class WorkCalendarAdmin(SaysRefusals):
    """Calendars. Whatever is done here, a service does."""

    form = CalendarForm
    inlines = (OwnDays,)
    list_display = ("name", "description", "shown_weekend", "country", "subdivision", "makeup_days", "shown_end")
    search_fields = ("name", "description")
    ordering = ("name",)
    warn_unsaved_form = True
    compressed_fields = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkCalendar]:
        """Read the own days of all at once: the last of them may be the end of what is known."""
        queryset: QuerySet[WorkCalendar] = super().get_queryset(request)
        return queryset.prefetch_related("days")

    def get_form(
        self, request: HttpRequest, obj: WorkCalendar | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form as it is: its fields are not the model's."""
        if obj is not None and not self.has_change_permission(request, obj):
            return modelform_factory(WorkCalendar, fields=())
        return self.form

    def get_fieldsets(self, request: HttpRequest, obj: WorkCalendar | None = None) -> Any:
        """Return the form's groups; those who may only look are shown no file to choose."""
        may_change = obj is None or self.has_change_permission(request, obj)
        ahead = [(_("Ahead"), {"fields": ["end_of_data", "ahead"]})] if obj else []
        files = [(_("Import"), {"fields": ["file", "working"]})] if may_change else []
        return [(None, {"fields": [*COLUMNS]}), *ahead, *files]

    def get_readonly_fields(self, request: HttpRequest, obj: WorkCalendar | None = None) -> Any:
        """Return what is derived, and for those who may only look, the rest too."""
        may_change = obj is None or self.has_change_permission(request, obj)
        return ["end_of_data", "ahead", *([] if may_change else COLUMNS)]

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer no deletion of several at once: each may be in use, and the page could not say which were deleted."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request: HttpRequest, obj: WorkCalendar, form: Any, change: bool) -> None:
        """Let services write what the form read, and the days of the file."""
        if change:
            calendars.change_calendar(obj.pk, form.definition)
        else:
            obj.pk = calendars.create_calendar(form.definition).pk
        if form.days:
            calendars.set_days(obj.pk, form.days)
            messages.success(request, gettext("%d days read from the file.") % len(form.days))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Let a service write the own days that were changed on the page."""
        # Notes what was changed, for the log; without a commit it writes nothing.
        formset.save(commit=False)
        changed = [each for each in formset.forms if each.has_changed()]
        before: dict[Any, SpecialDay | None] = {each.initial["day"]: None for each in changed if each.instance.pk}
        kept = [each.cleaned_data for each in changed if each not in formset.deleted_forms]
        after = {each["day"]: SpecialDay(is_working=each["is_working"], name=each["name"]) for each in kept}
        if before or after:
            calendars.set_days(form.instance.pk, {**before, **after})

    def delete_model(self, request: HttpRequest, obj: WorkCalendar) -> None:
        """Delete a calendar that no job names."""
        calendars.delete_calendar(obj.pk)

    @display(description=_("weekend"))
    def shown_weekend(self, calendar: WorkCalendar) -> str:
        """The weekdays in the language of the page."""
        names = calendar.weekend.split(",") if calendar.weekend else []
        return say_items([str(WEEKDAY_LABELS.get(name, name)) for name in names])

    @display(description=_("known until"), label={"known": "success", "ending": "danger"})
    def shown_end(self, calendar: WorkCalendar) -> tuple[str, str] | None:
        """The last day of which the data is known, in red where that is soon."""
        end = calendar.known_until
        if end is None:
            return None
        return "ending" if end <= timezone.localdate() + ENDS_SOON else "known", end.isoformat()

    @display(description=_("known until"))
    def end_of_data(self, calendar: WorkCalendar) -> date | None:
        """The last day of which the data is known."""
        return calendar.known_until

    @display(description=_("days off and make-up days"))
    def ahead(self, calendar: WorkCalendar) -> str:
        """The days of the coming year that are not what their weekday says."""
        if not calendar.is_readable:
            return gettext("The public holidays of this country are unknown.")
        found = list(next_exceptions(calendar.as_value(), start=timezone.localdate(), days=DAYS_AHEAD))
        lines = ((f"{day:%Y-%m-%d} {_kind(special)}", said(special.name)) for day, special in found[:MOST_SHOWN])
        return format_html_join("", "<div>{} {}</div>", lines) or gettext("none")


def _kind(special: SpecialDay) -> str:
    return gettext("working day:") if special.is_working else gettext("day off:")
