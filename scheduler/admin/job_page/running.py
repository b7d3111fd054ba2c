"""Run now, with arguments that are edited for this one run."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from scheduler.admin.job_page.fields import ArgumentsForm
from scheduler.admin.job_page.frame import find_operated_job, render_page, to_overview
from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.services.runs import run_job


def run_with(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for the arguments, and queue a run with them."""
    job = find_operated_job(request, object_id)
    form = ArgumentsForm(job, request.POST or None)
    if request.method == "POST" and form.is_valid() and _run(request, form):
        return to_overview(job.pk)
    return render_page(admin, request, "run_with.html", job.pk, title=_("Run now with arguments"), job=job, form=form)


def _run(request: HttpRequest, form: ArgumentsForm) -> bool:
    try:
        run_job(form.job.pk, form.own_arguments)
    except InvalidInput as error:
        form.add_errors(error)
        return False
    except JobNotFound as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%s is queued to run.") % form.job)
    return True
