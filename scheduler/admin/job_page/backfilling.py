"""Backfill a range: first a preview of what would run and what ran already, then exactly that is queued."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scheduler import clock
from scheduler.admin.job_page.fields import ArgumentsForm, MomentField, help_for_moment
from scheduler.admin.job_page.frame import find_operated_job, render_page, to_overview
from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.links import execution_url
from scheduler.models import Job
from scheduler.services.backfills import Line, plan_backfill
from scheduler.services.runs import backfill_job

USUAL_RANGE = timedelta(days=1)


class BackfillForm(ArgumentsForm):
    """From when to when, and with which arguments."""

    start = MomentField(label=gettext_lazy("From"))
    end = MomentField(label=gettext_lazy("To"))
    field_order = ("start", "end", "args", "kwargs")

    def __init__(self, job: Job, *args: Any, **kwargs: Any) -> None:
        super().__init__(job, *args, **kwargs)
        self.lines: Sequence[Line] = ()
        now = clock.now().replace(second=0, microsecond=0)
        self.initial = {"start": now - USUAL_RANGE, "end": now, **self.initial}
        self.fields["start"].help_text = self.fields["end"].help_text = help_for_moment(job)

    def clean(self) -> dict[str, Any]:
        """Find out what would be queued."""
        cleaned = super().clean()
        if not self.errors:
            try:
                self.lines = plan_backfill(self.job, start=cleaned["start"], end=cleaned["end"], now=clock.now())
            except InvalidInput as error:
                self.add_errors(error)
        return cleaned

    @property
    def digest(self) -> str:
        """What tells this plan from another."""
        plan = repr([(line.scheduled_for.isoformat(), line.attempt) for line in self.lines])
        return sha256(plan.encode()).hexdigest()[:16]


def backfill(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for a range, show what it comes to, and queue what was shown."""
    job = find_operated_job(request, object_id)
    sent = request.POST if request.method == "POST" else request.GET
    form = BackfillForm(job, sent or None)
    is_valid = form.is_valid()
    if request.method == "POST" and is_valid:
        if form.digest != request.POST.get("seen"):
            messages.warning(request, _("What would run has changed meanwhile; look at it again."))
        elif _queue(request, form):
            return to_overview(job.pk)
    context = {"title": _("Backfill"), "job": job, "form": form, "plan": _shown(form) if is_valid else None}
    return render_page(admin, request, "backfill.html", job.pk, **context)


def _queue(request: HttpRequest, form: BackfillForm) -> bool:
    moments = {name: form.cleaned_data[name] for name in ("start", "end")}
    try:
        runs = backfill_job(form.job.pk, **moments, arguments=form.own_arguments)
    except InvalidInput as error:
        form.add_errors(error)
        return False
    except JobNotFound as error:
        messages.error(request, str(error))
    else:
        messages.success(request, ngettext("%d run is queued.", "%d runs are queued.", len(runs)) % len(runs))
    return True


def _shown(form: BackfillForm) -> dict[str, Any]:
    """Return the preview as the template shows it, and what the button of the confirmation sends."""
    queued = sum(line.attempt is not None for line in form.lines)
    question = ngettext("Queue %d run", "Queue %d runs", queued) % queued
    sent = {name: form.data.get(name, "") for name in form.fields}
    return {
        "lines": [_line(line) for line in form.lines],
        "queued": queued,
        "others": len(form.lines) - queued,
        "question": question,
        "sent": {**sent, "seen": form.digest},
    }


def _line(line: Line) -> dict[str, Any]:
    latest = line.latest
    return {
        "scheduled_for": line.scheduled_for,
        "attempt": line.attempt,
        "latest": latest,
        "url": latest and execution_url(latest.pk),
    }
