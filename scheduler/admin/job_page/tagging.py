"""A job's tags, edited in place."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from scheduler.admin.controls import only_posted
from scheduler.admin.job_page.frame import find_job, read_id, render_page, to_overview
from scheduler.exceptions import CarnationError, InvalidInput
from scheduler.links import job_url
from scheduler.models import Job
from scheduler.services.jobs import change_job
from scheduler.timetables import tags_of


def set_tags(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Give a job the tags that were typed, with commas between them; answer the tags, or the whole page."""
    if request.method != "POST":
        return only_posted(request, job_url(read_id(object_id)))
    if not admin.has_change_permission(request):
        raise PermissionDenied
    job_id, typed, error = read_id(object_id), request.POST.get("tags", ""), ""
    try:
        change_job(job_id, {"tags": [tag.strip() for tag in typed.split(",") if tag.strip()]})
    except CarnationError as found:
        error = found.errors["tags"] if isinstance(found, InvalidInput) and "tags" in found.errors else str(found)
    job = find_job(job_id)
    if job is None or "HX-Request" not in request.headers:
        if error:
            messages.error(request, error)
        return to_overview(job_id)
    context = {"job": job, "tags": typed if error else joined(job), "error": error, "may_change": True}
    return render_page(admin, request, "tags.html", job_id, **context)


def joined(job: Job) -> str:
    """Return the tags as they are typed."""
    return ", ".join(sorted(tags_of(job)))
