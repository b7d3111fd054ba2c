"""The job's page, and the answers by which it refreshes itself."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from scheduler.admin.controls import may_operate
from scheduler.admin.job_page.definition import definition_of
from scheduler.admin.job_page.frame import frame_of, read_id, render_page
from scheduler.admin.job_page.live import LiveParts, read_parts
from scheduler.admin.job_page.tagging import joined
from scheduler.links import executions_url


def show_overview(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show all of a job; of one that is gone, its history."""
    job_id = _require_viewer(admin, request, object_id)
    parts = read_parts(request, job_id)
    if parts.is_nothing:
        raise Http404(_("There is no such job, and there never was."))
    job = parts.job
    context = {
        **_controls_context(admin, request, parts),
        "title": job or job_id,
        "parts": parts,
        "definition": definition_of(job) if job else None,
        "tags": joined(job) if job else "",
    }
    return render_page(admin, request, "overview.html", job_id, **context)


def show_live(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Answer the parts that change; 204 while all is as whoever asks has seen it, so that nothing of it moves."""
    job_id = _require_viewer(admin, request, object_id)
    parts = read_parts(request, job_id)
    if parts.digest == request.GET.get("seen"):
        return HttpResponse(status=204)
    context = {
        **frame_of(job_id),
        **_controls_context(admin, request, parts),
        "parts": parts,
        # Buttons that are the same stay, and with them the focus.
        "other_controls": parts.standing != request.GET.get("standing"),
    }
    return HttpResponse(render_to_string("scheduler/job/refreshed.html", context, request))


def _require_viewer(admin: Any, request: HttpRequest, object_id: str) -> str:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    return read_id(object_id)


def _controls_context(admin: Any, request: HttpRequest, parts: LiveParts) -> dict[str, Any]:
    """Return what is offered to whoever is looking."""
    job = parts.job
    return {
        "job": job,
        "deleted": parts.deleted,
        "executions_url": executions_url(parts.job_id),
        "may_operate": may_operate(request),
        "may_change": admin.has_change_permission(request, job),
        "may_add": admin.has_add_permission(request),
        "may_delete": admin.has_delete_permission(request, job),
    }
