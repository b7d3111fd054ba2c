"""Pause a job, with a reason, and until an instant."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from scheduler import clock
from scheduler.admin.job_page.fields import JobActionForm, MomentField, help_for_moment
from scheduler.admin.job_page.frame import find_operated_job, render_page, to_overview
from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.models import LONGEST_PAUSE_REASON, Job
from scheduler.services.jobs import pause_job
from scheduler.services.pause_fields import read_pause


class PauseForm(JobActionForm):
    """Why, and until when. Both may be left empty."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_PAUSE_REASON,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("For whoever wonders why nothing runs."),
    )
    until = MomentField(label=gettext_lazy("Until"), required=False)

    def __init__(self, job: Job, *args: Any, **kwargs: Any) -> None:
        super().__init__(job, *args, **kwargs)
        self.initial = {"reason": job.pause_reason, "until": job.paused_until, **self.initial}
        note = _("Then the job resumes by itself. Empty: until somebody resumes it.")
        self.fields["until"].help_text = f"{help_for_moment(job)} {note}"

    def clean(self) -> dict[str, Any]:
        """Let the services read the pause."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                read_pause(cleaned, zone=timezone.get_current_timezone(), now=clock.now())
            except InvalidInput as error:
                self.add_errors(error)
        return cleaned


def pause_with(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask why and until when, and pause the job."""
    job = find_operated_job(request, object_id)
    form = PauseForm(job, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _pause(request, form):
        return to_overview(job.pk)
    return render_page(admin, request, "pause_with.html", job.pk, title=_("Pause"), job=job, form=form)


def _pause(request: HttpRequest, form: PauseForm) -> bool:
    try:
        pause_job(form.job.pk, reason=form.cleaned_data["reason"].strip(), until=form.cleaned_data["until"])
    except InvalidInput as error:
        form.add_errors(error)
        return False
    except JobNotFound as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%s is paused.") % form.job)
    return True
