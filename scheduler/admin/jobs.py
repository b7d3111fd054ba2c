"""The pages of jobs: form, and the controls that run, pause and resume; for the list, see job_list."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from scheduler.admin import job_page
from scheduler.admin.controls import go_back, only_posted
from scheduler.admin.exchange import ExchangePages
from scheduler.admin.job_form import GROUPS, JobForm
from scheduler.admin.job_form.pages import duplicate_of, preview_beside, preview_view
from scheduler.admin.job_form.triggers import trigger_fields
from scheduler.admin.job_list import JobList
from scheduler.admin.job_page.frame import read_id
from scheduler.admin.refusals import SaysRefusals
from scheduler.admin.revisions import revision_urls
from scheduler.admin.undo import undo_view
from scheduler.admin.why import ask_why
from scheduler.exceptions import CarnationError
from scheduler.links import executions_url, job_url
from scheduler.models import Job, zone_of
from scheduler.services import jobs, runs
from scheduler.triggers import KINDS
from scheduler.words import describe
from scheduler.words.moments import show_moment

CONTROLS: dict[str, tuple[Callable[[str], Any], Any]] = {
    "run": (runs.run_job, _("%s is queued to run.")),
    "pause": (jobs.pause_job, _("%s is paused.")),
    "resume": (jobs.resume_job, _("%s is resumed.")),
}


@admin.register(Job)
class JobAdmin(SaysRefusals, ExchangePages, JobList):
    """Jobs. Whatever is done here, a service does."""

    form = JobForm
    actions: ClassVar[tuple[Any, ...]] = (*JobList.actions, "export_selected")
    change_form_outer_before_template = "scheduler/job_head.html"
    warn_unsaved_form = True
    compressed_fields = True

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
        undo = self.admin_site.admin_view(partial(undo_view, self))
        ours.append(path("undo/<int:mark>/", undo, name="scheduler_job_undo"))
        why = path("<path:object_id>/why/", self.admin_site.admin_view(self.why_view), name="scheduler_job_why")
        view = self.admin_site.admin_view(partial(preview_view, self))
        preview = path("preview/", view, name="scheduler_job_preview")
        return [preview, *ours, *job_page.urls_of(self), why, *revision_urls(self), *super().get_urls()]

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
        return super().changeform_view(request, object_id, form_url, {**head, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Show beside the form when such a job would run."""
        context |= preview_beside(request, context["adminform"].form)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin a new job as a duplicate of another, where one is named."""
        return {**super().get_changeform_initial_data(request), **duplicate_of(self, request)}

    def control_view(self, request: HttpRequest, object_id: str, control: str) -> HttpResponse:
        """Run, pause or resume one job, and go back to where the button was."""
        if request.method != "POST":
            return only_posted(request, job_url(read_id(object_id)))
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

    def save_model(self, request: HttpRequest, obj: Job, form: Any, change: bool) -> None:
        """Let a service write what the form read."""
        definition: dict[str, Any] = form.definition
        job = jobs.change_job(obj.pk, definition) if change else jobs.create_job(definition)
        obj.pk, obj.name = job.pk, job.name

    def delete_model(self, request: HttpRequest, obj: Job) -> None:
        """Delete a job; its history stays."""
        jobs.delete_job(obj.pk)

    @display(description=_("trigger"))
    def in_words(self, job: Job) -> str:
        """Say when the job runs."""
        return describe(job.trigger, job.timezone, seed=job.pk)


def _head(job: Any) -> dict[str, Any]:
    """Return what stands above the form of a job."""
    return {
        "in_words": describe(job.trigger, job.timezone, seed=job.pk),
        "next_run": show_moment(job.next_run_time, zone_of(job)),
        "history_url": executions_url(job.pk),
    }
