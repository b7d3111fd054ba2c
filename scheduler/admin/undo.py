"""Says what became of many jobs, offers to undo it, and undoes it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from scheduler.exceptions import NothingToUndo
from scheduler.models import Action
from scheduler.services import bulk

FAILURES_SHOWN = 5
NAMES_SHOWN = 20

_DONE: dict[str, Callable[[int], str]] = {
    "run_selected": lambda n: ngettext("%d run is queued.", "%d runs are queued.", n) % n,
    "run_again": lambda n: ngettext("%d run is queued.", "%d runs are queued.", n) % n,
    "pause_selected": lambda n: ngettext("%d job is paused.", "%d jobs are paused.", n) % n,
    "resume_selected": lambda n: ngettext("%d job is resumed.", "%d jobs are resumed.", n) % n,
    "add_tag": lambda n: ngettext("%d job has got the tag.", "%d jobs have got the tag.", n) % n,
    "remove_tag": lambda n: ngettext("%d job has lost the tag.", "%d jobs have lost the tag.", n) % n,
    "delete_selected": lambda n: ngettext("%d job is deleted.", "%d jobs are deleted.", n) % n,
    "undo": lambda n: ngettext("Undone for %d job.", "Undone for %d jobs.", n) % n,
    "cancel_selected": lambda n: (
        ngettext("%d execution is cancelled or told to stop.", "%d executions are cancelled or told to stop.", n) % n
    ),
}
_QUESTIONS: dict[Action, Callable[[int], str]] = {
    Action.PAUSED: lambda n: ngettext("Resume the job that was paused?", "Resume the %d jobs that were paused?", n),
    Action.RESUMED: lambda n: ngettext("Pause the job that was resumed?", "Pause the %d jobs that were resumed?", n),
    Action.CHANGED: lambda n: ngettext("Undo the change of the job's tags?", "Undo the change of %d jobs' tags?", n),
    Action.RUN: lambda n: ngettext(
        "Cancel the run, if it has not begun?", "Cancel those of the %d runs that have not begun?", n
    ),
    Action.DELETED: lambda n: ngettext(
        "Bring back the job that was deleted?", "Bring back the %d jobs that were deleted?", n
    ),
}
_PERMISSIONS = {
    Action.PAUSED: "scheduler.operate_job",
    Action.RESUMED: "scheduler.operate_job",
    Action.RUN: "scheduler.operate_job",
    Action.CHANGED: "scheduler.change_job",
    Action.DELETED: "scheduler.add_job",
}
# What is undone by what can be undone.
_REPEATABLE = (Action.PAUSED, Action.RESUMED, Action.CHANGED)


def tell_outcome(request: HttpRequest, name: str, outcome: bulk.Outcome, *, can_undo: bool = True) -> None:
    """Say how many there were, why some were not, and offer to undo it."""
    done = _DONE[name](len(outcome.changed))
    if outcome.changed and can_undo:
        url = reverse("admin:scheduler_job_undo", args=[int(outcome.mark)])
        done = format_html('{} <a class="font-semibold underline" href="{}">{}</a>', done, url, gettext("Undo"))
    (messages.success if outcome.changed else messages.warning)(request, done)
    for job_id, reason in list(outcome.failed.items())[:FAILURES_SHOWN]:
        messages.error(request, f"{job_id}: {reason}")
    if (more := len(outcome.failed) - FAILURES_SHOWN) > 0:
        messages.error(request, ngettext("And %d more.", "And %d more.", more) % more)


def undo_view(model_admin: Any, request: HttpRequest, mark: int) -> HttpResponse:
    """Ask whether to undo what was done together, and undo it."""
    try:
        done = bulk.find_done(str(mark))
    except NothingToUndo as error:
        raise Http404(str(error)) from error
    if done.action not in _PERMISSIONS:
        raise Http404
    if not request.user.has_perm(_PERMISSIONS[done.action]):
        raise PermissionDenied
    if request.method == "POST":
        tell_outcome(request, "undo", bulk.undo(str(mark)), can_undo=done.action in _REPEATABLE)
        return HttpResponseRedirect(reverse("admin:scheduler_job_changelist"))
    entries = [*done.by_job.values()]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _title(done),
        "entry": done.entries[0],
        "names": [(entry.job_id, entry.name or entry.job_id) for entry in entries[:NAMES_SHOWN]],
        "more": max(len(entries) - NAMES_SHOWN, 0),
        "opts": model_admin.opts,
    }
    return TemplateResponse(request, "scheduler/lists/undo_question.html", context)


def _title(done: bulk.Done) -> str:
    count = len(done.entries)
    question = _QUESTIONS[done.action](count)
    return question % count if "%d" in question else question
