"""What the job form adds to the admin's pages: the preview as it is typed, and duplicates of jobs."""

from typing import Any
from urllib.parse import quote_plus

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from scheduler.admin.job_form.call import SHOW
from scheduler.admin.job_form.form import JobForm, values_of
from scheduler.admin.job_form.preview import FINDINGS, make_preview
from scheduler.exceptions import CarnationError
from scheduler.models import Job
from scheduler.registry import find_task


def preview_view(model_admin: "ModelAdmin[Job]", request: HttpRequest) -> HttpResponse:
    """Answer with the side panel for what is typed so far; with the findings alone, where they are asked for."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    job_id = request.GET.get("job")
    job = _find(model_admin, request, job_id)
    if job_id and job is None:
        raise Http404
    may = model_admin.has_change_permission(request, job) if job else model_admin.has_add_permission(request)
    if not may:
        raise PermissionDenied
    asks = asks_for_findings(request)
    preview = make_preview(JobForm(request.POST, instance=job), with_findings=asks)
    template = "findings" if asks else "live"
    return TemplateResponse(request, f"scheduler/job_form/{template}.html", {"preview": preview})


def asks_for_findings(request: HttpRequest) -> bool:
    """Tell whether somebody wants to know what the job does to all others."""
    return request.POST.get(SHOW) == FINDINGS


def preview_beside(request: HttpRequest, form: Any) -> dict[str, Any]:
    """Return what a page with the form needs beside it; nothing for those who may only look."""
    if not isinstance(form, JobForm):
        return {}
    return {
        "preview": make_preview(form, with_findings=asks_for_findings(request)),
        "duplicate_id": quote_plus(form.instance.pk or ""),
        "is_duplicate": not form.is_bound and "duplicate" in request.GET,
    }


def duplicate_of(model_admin: "ModelAdmin[Job]", request: HttpRequest) -> dict[str, Any]:
    """Return the initial values of a new job that is to be like `?duplicate=<id>`: all but its id."""
    job_id = request.GET.get("duplicate")
    if not job_id:
        return {}
    job = _find(model_admin, request, job_id)
    if job is None or not model_admin.has_view_permission(request, job):
        messages.warning(request, _("Job %s not found") % job_id)
        return {}
    values = values_of(job)
    return {**values, "id": "", "name": "" if job.name == job.id else job.name, "func": _reference_of(job.func)}


def _find(model_admin: "ModelAdmin[Job]", request: HttpRequest, job_id: str | None) -> Job | None:
    # PostgreSQL would refuse to look for a null character.
    return model_admin.get_object(request, job_id) if job_id and "\0" not in job_id else None


def _reference_of(func: str) -> str:
    """Return the full reference of a task, as the form offers it."""
    try:
        return find_task(func).reference
    except CarnationError:
        return func
