"""The page that says why a job did, or did not, run at an instant."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from scheduler import clock
from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.explanations import explain_instant

# How the theme colours what became of it.
_LABELS = {
    "queued": "info",
    "running": "info",
    "succeeded": "success",
    "failed": "danger",
    "timed_out": "danger",
    "lost": "danger",
    "cancelled": "warning",
    "missed": "warning",
    "skipped": "warning",
}


class WhyForm(forms.Form):
    """An instant to ask about."""

    at = forms.CharField(
        label=_("Instant"),
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Such as 2031-05-06 07:08, in the job's zone. That whole minute is meant."),
    )


def ask_why(request: HttpRequest, job_id: str) -> dict[str, Any]:
    """Return the form, and what is to be said about the instant that it names; raise Http404 for no such job."""
    if "\0" in job_id:
        # PostgreSQL would refuse to look for such an id.
        raise Http404
    form = WhyForm(request.GET or None)
    explanation = None
    if form.is_valid():
        try:
            explanation = explain_instant(job_id, form.cleaned_data["at"], now=clock.now())
        except InvalidInput as error:
            form.add_error("at", error.errors["at"])
        except JobNotFound as error:
            raise Http404(str(error)) from error
    verdict = explanation.verdict if explanation else None
    return {
        "form": form,
        "explanation": explanation,
        "verdict": verdict and verdict.label,
        # An execution's verdict has the colour of its status.
        "label": _LABELS.get(verdict or "", "info"),
    }
