"""The pages of a job's revisions: what was changed, by whom, how any two differ, and the way back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from scheduler.exceptions import CarnationError, RevisionNotFound
from scheduler.explanations.wording import say_actor
from scheduler.models import Job, RevisionColumns, id_in
from scheduler.revisions import Revision, compare, find_revision, list_revisions
from scheduler.services.restoring import restore_revision

REVISIONS_SHOWN = 20
MOST = 2**31 - 1


class ComparisonForm(forms.Form):
    """Two revisions to compare."""

    earlier = forms.IntegerField(label=_("Revision"), min_value=1, max_value=MOST, widget=UnfoldAdminIntegerFieldWidget)
    later = forms.IntegerField(
        label=_("compared with"), min_value=1, max_value=MOST, widget=UnfoldAdminIntegerFieldWidget
    )


def revision_urls(pages: ModelAdmin) -> list[URLPattern]:
    """Return the addresses of these pages, to stand among those of the jobs."""

    def show(request: HttpRequest, object_id: str) -> HttpResponse:
        return _show_revisions(pages, request, unquote(object_id))

    def restore(request: HttpRequest, object_id: str, revision: int) -> HttpResponse:
        return _restore(pages, request, unquote(object_id), revision)

    view = pages.admin_site.admin_view
    return [
        path("<path:object_id>/revisions/", view(show), name="scheduler_job_revisions"),
        path("<path:object_id>/revisions/<int:revision>/restore/", view(restore), name="scheduler_job_restore"),
    ]


def _show_revisions(pages: ModelAdmin, request: HttpRequest, job_id: str) -> HttpResponse:
    """List the revisions of a job, which may be gone, newest first, and compare two."""
    if not pages.has_view_permission(request):
        raise PermissionDenied
    job = _job(job_id)
    older_than = id_in(request.GET.get("before"), most=MOST)
    found = list_revisions(job_id, job, before=older_than, limit=REVISIONS_SHOWN + 1)
    if not found and job is None:
        raise Http404
    shown = found[:REVISIONS_SHOWN]
    context = {
        **pages.admin_site.each_context(request),
        **_comparison(request, job_id, job),
        "opts": pages.opts,
        "title": _("Revisions"),
        "subtitle": str(job or job_id),
        "job": job,
        "revisions": [(each, _say(each)) for each in shown],
        "older_than": shown[-1].number if len(found) > len(shown) else None,
        "may_restore": job is not None and pages.has_change_permission(request, job),
    }
    return TemplateResponse(request, "scheduler/revisions.html", context)


def _say(revision: Revision) -> str:
    """Say what was done, and by whom."""
    if revision.restored_from:
        what = gettext("Back to revision %d") % revision.restored_from
    else:
        what = capfirst(str(revision.action.label)) if revision.action else gettext("Written")
    return f"{what} {say_actor(revision.actor, revision.source)}"


def _comparison(request: HttpRequest, job_id: str, job: Job | None) -> dict[str, Any]:
    """Return the form, and how the two revisions differ that it names."""
    if "earlier" not in request.GET:
        initial = {"earlier": max(job.revision - 1, 1), "later": job.revision} if job else {}
        return {"form": ComparisonForm(initial=initial)}
    form = ComparisonForm(request.GET)
    compared = [_definition(form, name, job_id, job) for name in form.fields] if form.is_valid() else []
    before, after = compared or (None, None)
    if before is None or after is None:
        return {"form": form}
    return {"form": form, "compared": form.cleaned_data, "differences": compare(before, after)}


def _definition(form: forms.Form, name: str, job_id: str, job: Job | None) -> Job | RevisionColumns | None:
    """Return what a job is, or was, in the revision that a field of the form names; None where nobody knows."""
    number = form.cleaned_data[name]
    if job and job.revision == number:
        return job
    try:
        return find_revision(job_id, number)
    except RevisionNotFound as error:
        form.add_error(name, str(error))
        return None


def _restore(pages: ModelAdmin, request: HttpRequest, job_id: str, revision: int) -> HttpResponse:
    """Ask whether that is meant, and then go back to a revision."""
    job = _job(job_id)
    if not pages.has_change_permission(request, job):
        raise PermissionDenied
    if job is None:
        raise Http404
    try:
        wanted = find_revision(job_id, revision)
    except RevisionNotFound as error:
        raise Http404(str(error)) from error
    if request.method == "POST":
        return _go_back_to(request, job, revision)
    context = {
        **pages.admin_site.each_context(request),
        "opts": pages.opts,
        "title": gettext("Go back to revision %d?") % revision,
        "subtitle": str(job),
        "job": job,
        "revision": revision,
        "differences": compare(job, wanted),
    }
    return TemplateResponse(request, "scheduler/restore_question.html", context)


def _go_back_to(request: HttpRequest, job: Job, revision: int) -> HttpResponse:
    try:
        restored = restore_revision(job.pk, revision)
    except CarnationError as error:
        messages.error(request, str(error))
    else:
        said = {"job": restored, "revision": revision, "number": restored.revision}
        messages.success(
            request, gettext("%(job)s is what it was in revision %(revision)d; it now has number %(number)d.") % said
        )
    return HttpResponseRedirect(reverse("admin:scheduler_job_revisions", args=[quote(job.pk)]))


def _job(job_id: str) -> Job | None:
    if "\0" in job_id:
        # PostgreSQL would refuse to look for such an id.
        raise Http404
    return Job.objects.filter(pk=job_id).first()
