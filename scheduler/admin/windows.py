"""The pages of maintenance windows. Before one is saved, a page shows what it will do to which jobs."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from scheduler import clock
from scheduler.admin.job_form.triggers import show_trigger, trigger_fields
from scheduler.admin.refusals import SaysRefusals
from scheduler.admin.window_form import WindowForm
from scheduler.models import MaintenanceWindow
from scheduler.services import windows
from scheduler.services.affected import affected_by, next_span_of
from scheduler.timetables import is_broken, tags_of
from scheduler.triggers import KINDS
from scheduler.triggers.windows import Span
from scheduler.words import describe
from scheduler.words.moments import show_moment

CONFIRMED = "_confirmed"


@admin.register(MaintenanceWindow)
class MaintenanceWindowAdmin(SaysRefusals):
    """Maintenance windows. Whatever is done here, a service does."""

    form = WindowForm
    list_display = ("name", "in_words", "shown_duration", "shown_tags", "shown_state", "shown_span", "note")
    search_fields = ("name", "note")
    ordering = ("name",)
    warn_unsaved_form = True
    compressed_fields = True
    conditional_fields: ClassVar = {name: f"kind == '{kind}'" for kind in KINDS for name in trigger_fields(kind)}
    STATES: ClassVar = {"in force": "warning", "to come": "info", "over": "default", "broken": "danger"}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form as it is: its fields are not the model's."""
        return self.form if self._may_write(request, obj) else modelform_factory(MaintenanceWindow, fields=())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the form's groups; for those who may only look, what there is to see."""
        if not self._may_write(request, obj):
            return [(None, {"fields": self.get_readonly_fields(request, obj)})]
        when = ["kind", *(name for kind in KINDS for name in trigger_fields(kind)), "timezone", "duration"]
        return [(None, {"fields": ["name"]}), (_("When"), {"fields": when}), (_("What"), {"fields": ["tags", "note"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what those see who may only look."""
        if self._may_write(request, obj):
            return []
        return ["name", "in_words", "shown_duration", "shown_tags", "shown_state", "shown_span", "note", "created_by"]

    def _may_write(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or self.has_change_permission(request, obj)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show first what the window does; what is confirmed is saved."""
        if request.method == "POST" and CONFIRMED not in request.POST:
            question = self._question(request, object_id)
            if question:
                return question
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _question(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """Return the page that asks whether this is meant; None where there is nothing to ask, but to say."""
        window = self.get_object(request, unquote(object_id)) if object_id else None
        is_missing = object_id is not None and window is None
        may = self.has_change_permission(request, window) if object_id else self.has_add_permission(request)
        form = None if is_missing or not may else WindowForm(request.POST, instance=window)
        if form is None or not form.is_valid():
            return None
        meant = form.read()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Save this maintenance window?"),
            "window": meant,
            "effect": affected_by(meant, now=clock.now()),
            "sent": _sent_on(request, meant),
            "confirmed": CONFIRMED,
        }
        return TemplateResponse(request, "scheduler/window_question.html", context)

    def save_model(self, request: HttpRequest, obj: MaintenanceWindow, form: Any, change: bool) -> None:
        """Let a service write what the form read."""
        if change:
            windows.change_window(obj.pk, form.definition)
        else:
            obj.pk = windows.create_window(form.definition).pk

    def delete_model(self, request: HttpRequest, obj: MaintenanceWindow) -> None:
        """Delete a window; what waits for its end starts."""
        windows.delete_window(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[MaintenanceWindow]) -> None:
        """Delete the selected windows."""
        for name in list(queryset.values_list("pk", flat=True)):
            windows.delete_window(name)

    @display(description=_("begins"))
    def in_words(self, window: MaintenanceWindow) -> str:
        """Say when the window begins."""
        return describe(window.trigger, window.timezone, seed=window.name, begins=True)

    @display(description=_("duration"))
    def shown_duration(self, window: MaintenanceWindow) -> str:
        """How long it lasts."""
        return str(window.duration)

    @display(description=_("tags"))
    def shown_tags(self, window: MaintenanceWindow) -> str:
        """Which jobs it concerns."""
        return ", ".join(sorted(tags_of(window))) or str(_("all jobs"))

    @display(description=_("state"), label=STATES)
    def shown_state(self, window: MaintenanceWindow) -> tuple[str, str]:
        """Say whether it is in force now."""
        if is_broken(window):
            return "broken", str(_("broken"))
        span = _span_of(window)
        if span is None:
            return "over", str(_("over"))
        return ("in force", str(_("in force"))) if span.start <= clock.now() else ("to come", str(_("to come")))

    @display(description=_("now or next"))
    def shown_span(self, window: MaintenanceWindow) -> str:
        """From when to when it is in force."""
        span = _span_of(window)
        if span is None:
            return ""
        return format_html("{} – {}", show_moment(span.start, span.zone), show_moment(span.end, span.zone))


def _sent_on(request: HttpRequest, window: MaintenanceWindow) -> dict[str, Any]:
    """Return what the page sends when it is confirmed: what was typed, with the trigger as it was understood.

    Where "now" was meant, that is the moment of the page, so that what it shows is what will be.
    """
    understood = {"csrfmiddlewaretoken", *trigger_fields(window.trigger["trigger"])}
    typed = {name: value for name, value in request.POST.items() if name not in understood}
    return {**typed, **show_trigger(window.trigger)}


def _span_of(window: MaintenanceWindow) -> Span | None:
    return next_span_of(window, now=clock.now())
