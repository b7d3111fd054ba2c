"""The pages of jobs: list, form, and the controls that run, pause and resume."""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from scheduler.admin.controls import go_back, may_operate
from scheduler.admin.exchange import ExchangePages
from scheduler.admin.executions import STATUS_LABELS
from scheduler.admin.forms import GROUPS, JobForm, trigger_fields
from scheduler.admin.revisions import revision_urls
from scheduler.admin.why import ask_why
from scheduler.exceptions import CarnationError
from scheduler.models import Job, Status
from scheduler.queries import latest_execution_of_job, next_run_time_of_job
from scheduler.services import jobs
from scheduler.triggers import KINDS
from scheduler.words import describe

CONTROLS: dict[str, tuple[Callable[[str], Any], Any]] = {
    "run": (jobs.run_job, _("%s is queued to run.")),
    "pause": (jobs.pause_job, _("%s is paused.")),
    "resume": (jobs.resume_job, _("%s is resumed.")),
}


class StateFilter(admin.SimpleListFilter):
    """Active, paused, finished, broken."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the states."""
        return [("active", _("active")), ("paused", _("paused")), ("finished", _("finished")), ("broken", _("broken"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        """Filter by the chosen state."""
        match self.value():
            case "active":
                return queryset.filter(paused=False, finished_at=None, problem="")
            case "paused":
                return queryset.filter(paused=True, finished_at=None)
            case "finished":
                return queryset.exclude(finished_at=None)
            case "broken":
                return queryset.exclude(problem="")
        return queryset


@admin.register(Job)
class JobAdmin(ExchangePages, ModelAdmin):
    """Jobs. Whatever is done here, a service does."""

    form = JobForm
    list_display = (
        "name", "shown_state", "in_words", "shown_next_run", "last_status", "last_run", "func", "controls",
    )  # fmt: skip
    list_filter = (StateFilter, "executor")
    search_fields = ("id", "name", "func")
    ordering = ("id",)
    actions = ("run_selected", "pause_selected", "resume_selected", "export_selected")
    change_form_outer_before_template = "scheduler/job_head.html"
    warn_unsaved_form = True
    compressed_fields = True
    conditional_fields: ClassVar = {name: f"kind == '{kind}'" for kind in KINDS for name in trigger_fields(kind)}
    STATES: ClassVar = {"active": "success", "paused": "warning", "finished": "info", "broken": "danger"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """Add the next run, and the latest execution's time and status, in the same statement."""
        queryset: QuerySet[Job] = super().get_queryset(request)
        return queryset.annotate(
            next_run_time=next_run_time_of_job(),
            last_status_code=latest_execution_of_job("status"),
            last_scheduled_for=latest_execution_of_job("scheduled_for"),
        )

    def get_ordering(self, request: HttpRequest) -> Any:
        """Show the next one first."""
        return [F("next_run_time").asc(nulls_last=True), "id"]

    def get_form(self, request: HttpRequest, obj: Job | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form as it is: its fields are not the model's."""
        if obj is not None and not self.has_change_permission(request, obj):
            return modelform_factory(Job, fields=())
        return self.form

    def get_fieldsets(self, request: HttpRequest, obj: Job | None = None) -> Any:
        """Return the form's groups; for those who may only look, what there is to see."""
        if obj is not None and not self.has_change_permission(request, obj):
            shown = ["id", "name", "func", "args", "kwargs", "in_words", "timezone"]
            return [(None, {"fields": shown}), *((name, {"fields": [*fields]}) for name, fields in GROUPS)]
        when = ["kind", *(name for kind in KINDS for name in trigger_fields(kind)), "timezone"]
        return [
            (_("What"), {"fields": ["id", "name", "func", "args", "kwargs"]}),
            (_("When"), {"fields": when}),
            *((name, {"fields": [*fields], "classes": ["collapse"]}) for name, fields in GROUPS),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Job | None = None) -> Any:
        """Return what those see who may only look."""
        return ["in_words"] if obj is not None and not self.has_change_permission(request, obj) else []

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may run, pause and resume."""
        return may_operate(request)

    def get_urls(self) -> list[URLPattern]:
        """Add an address for each control."""
        ours = [
            path(
                f"<path:object_id>/{control}/",
                self.admin_site.admin_view(self.control_view),
                {"control": control},
                name=f"scheduler_job_{control}",
            )
            for control in CONTROLS
        ]
        why = path("<path:object_id>/why/", self.admin_site.admin_view(self.why_view), name="scheduler_job_why")
        return [*ours, why, *revision_urls(self), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show above the form what the job is doing."""
        job = self.get_object(request, unquote(object_id)) if object_id else None
        head = {**_head(job), "has_operate_permission": self.has_operate_permission(request)} if job else {}
        try:
            return super().changeform_view(request, object_id, form_url, {**head, **(extra_context or {})})
        except CarnationError as error:
            # Somebody was quicker: the job is gone since the form was checked, or its id is taken.
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:scheduler_job_changelist"))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Open the groups that hold a mistake: nobody would find it in a closed one."""
        form = context["adminform"]
        for _name, options in form.fieldsets:
            if set(options["fields"]) & set(form.form.errors):
                options["classes"] = []
        return super().render_change_form(request, context, *args, **kwargs)

    def control_view(self, request: HttpRequest, object_id: str, control: str) -> HttpResponse:
        """Run, pause or resume one job, and go back to where the button was."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_operate_permission(request):
            raise PermissionDenied
        self._control(request, control, unquote(object_id))
        return go_back(request, otherwise="admin:scheduler_job_changelist")

    def why_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say why a job did, or did not, run at an instant."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        job_id = unquote(object_id)
        context = {
            **self.admin_site.each_context(request),
            **ask_why(request, job_id),
            "opts": self.opts,
            "title": _("Why (not)?"),
            "job_id": job_id,
            "job": self.get_object(request, job_id),
        }
        return TemplateResponse(request, "scheduler/why.html", context)

    def _control(self, request: HttpRequest, control: str, job_id: str) -> None:
        service, message = CONTROLS[control]
        try:
            service(job_id)
        except CarnationError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, message % job_id)

    def _control_selected(self, request: HttpRequest, queryset: QuerySet[Job], control: str) -> None:
        service, _message = CONTROLS[control]
        count = 0
        for job_id in list(queryset.values_list("pk", flat=True)):
            try:
                service(job_id)
            except CarnationError as error:
                messages.error(request, str(error))
            else:
                count += 1
        messages.success(request, ngettext("Done for %d job.", "Done for %d jobs.", count) % count)

    @admin.action(description=_("Run the selected jobs now"), permissions=["operate"])
    def run_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Queue a run of each."""
        self._control_selected(request, queryset, "run")

    @admin.action(description=_("Pause the selected jobs"), permissions=["operate"])
    def pause_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Pause each."""
        self._control_selected(request, queryset, "pause")

    @admin.action(description=_("Resume the selected jobs"), permissions=["operate"])
    def resume_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Resume each."""
        self._control_selected(request, queryset, "resume")

    def save_model(self, request: HttpRequest, obj: Job, form: Any, change: bool) -> None:
        """Let a service write what the form read."""
        definition: dict[str, Any] = form.definition
        job = jobs.change_job(obj.pk, definition) if change else jobs.create_job(definition)
        obj.pk, obj.name = job.pk, job.name

    def delete_model(self, request: HttpRequest, obj: Job) -> None:
        """Delete a job; its history stays."""
        jobs.delete_job(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Delete the selected jobs; their history stays."""
        for job_id in list(queryset.values_list("pk", flat=True)):
            jobs.delete_job(job_id)

    @display(description=_("state"), label=STATES)
    def shown_state(self, job: Job) -> tuple[str, str]:
        """Say what the job is up to."""
        if job.problem:
            return "broken", gettext("broken")
        if job.finished_at:
            return "finished", gettext("finished")
        return ("paused", gettext("paused")) if job.paused else ("active", gettext("active"))

    @display(description=_("trigger"))
    def in_words(self, job: Job) -> str:
        """Say when the job runs."""
        return describe(job.trigger, job.timezone, seed=job.pk)

    @display(description=_("next run"), ordering="next_run_time")
    def shown_next_run(self, job: Any) -> str:
        """The next run in the job's zone."""
        return _in_zone(job, job.next_run_time)

    @display(description=_("last status"), label=STATUS_LABELS)
    def last_status(self, job: Any) -> tuple[str, str] | None:
        """The latest execution's status."""
        code = job.last_status_code
        return (code, str(Status(code).label)) if code else None

    @display(description=_("last run"), ordering="last_scheduled_for")
    def last_run(self, job: Any) -> str:
        """The latest execution's time, with a link to the job's history."""
        if job.last_scheduled_for is None:
            return ""
        return format_html('<a href="{}">{}</a>', _history_url(job), _in_zone(job, job.last_scheduled_for))

    @display(description="")
    def controls(self, job: Job) -> str:
        """Buttons that post the list's own form, and so its CSRF token, to the controls' addresses."""
        return render_to_string("scheduler/job_controls.html", {"job": job, "quoted_pk": quote(job.pk)})

    def get_list_display(self, request: HttpRequest) -> Any:
        """Show no controls to those who may only look."""
        columns = super().get_list_display(request)
        return columns if self.has_operate_permission(request) else [name for name in columns if name != "controls"]


def _head(job: Any) -> dict[str, Any]:
    """Return what stands above the form of a job."""
    return {
        "in_words": describe(job.trigger, job.timezone, seed=job.pk),
        "next_run": _in_zone(job, job.next_run_time),
        "history_url": _history_url(job),
    }


def _history_url(job: Job) -> str:
    return f"{reverse('admin:scheduler_execution_changelist')}?{urlencode({'job__id__exact': job.pk})}"


def _in_zone(job: Job, moment: Any) -> str:
    shown = job.localize(moment)
    return shown.strftime("%Y-%m-%d %H:%M:%S %Z") if shown else ""
