"""What the pages about one job share: the job or a 404, who may do what, and the frame around them."""

from typing import Any

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from scheduler.admin.controls import may_operate
from scheduler.links import job_url
from scheduler.models import Job
from scheduler.queries import next_run_time_of_job


def read_id(object_id: str) -> str:
    """Return the id that an address names; raise Http404 for one that PostgreSQL would refuse to look for."""
    job_id = unquote(object_id)
    if "\0" in job_id:
        raise Http404
    return job_id


def find_job(job_id: str) -> Job | None:
    """Return a job with its `next_run_time`, if it is there."""
    return Job.objects.annotate(next_run_time=next_run_time_of_job()).filter(pk=job_id).first()


def find_operated_job(request: HttpRequest, object_id: str) -> Job:
    """Return the job that somebody wants to operate; raise PermissionDenied, or Http404."""
    if not may_operate(request):
        raise PermissionDenied
    job = find_job(read_id(object_id))
    if job is None:
        raise Http404(_("The job is gone."))
    return job


def to_overview(job_id: str) -> HttpResponseRedirect:
    """Go to the job's page."""
    return HttpResponseRedirect(job_url(job_id))


def render_page(admin: Any, request: HttpRequest, template: str, job_id: str, **context: Any) -> HttpResponse:
    """Return a page about a job, which may be gone."""
    frame = {**admin.admin_site.each_context(request), **frame_of(job_id), "opts": admin.opts}
    return TemplateResponse(request, f"scheduler/job/{template}", {**frame, **context})


def frame_of(job_id: str) -> dict[str, Any]:
    """Return what the templates need to link to a job's other pages."""
    return {"job_id": job_id, "quoted_pk": quote(job_id)}
