"""What the lists do to many jobs at once: each asks first, with the names and how many they are, and can be undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from scheduler.admin.undo import tell_outcome
from scheduler.exceptions import InvalidInput
from scheduler.listings.jobs import tags_in_use
from scheduler.models import Execution, Job, Status
from scheduler.services import bulk

MOST_AT_ONCE = 10_000
NAMES_SHOWN = 20

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class BulkAction:
    """Something that is done to many jobs: what it is called, what is asked and said of it, and who does it."""

    name: str
    label: Text
    question: Callable[[int], str]
    consequence: Text
    button: Text
    permission: str
    service: Callable[..., bulk.Outcome]
    takes_tag: bool = False
    is_dangerous: bool = False
    can_undo: bool = True


ON_JOBS = (
    BulkAction(
        name="run_selected",
        label=_("Run the selected jobs now"),
        question=lambda count: ngettext("Run %d job now?", "Run %d jobs now?", count) % count,
        consequence=_(
            "Each gets one run in the queue, beside its schedule. Broken jobs are left out. Runs that have not begun"
            " can be cancelled afterwards."
        ),
        button=_("Run now"),
        permission="operate",
        service=bulk.run_jobs,
    ),
    BulkAction(
        name="pause_selected",
        label=_("Pause the selected jobs"),
        question=lambda count: ngettext("Pause %d job?", "Pause %d jobs?", count) % count,
        consequence=_(
            "None of them becomes due until it is resumed; what runs goes on. Jobs that are paused or finished already"
            " stay as they are. This can be undone."
        ),
        button=_("Pause"),
        permission="operate",
        service=bulk.pause_jobs,
    ),
    BulkAction(
        name="resume_selected",
        label=_("Resume the selected jobs"),
        question=lambda count: ngettext("Resume %d job?", "Resume %d jobs?", count) % count,
        consequence=_(
            "Those that are paused are scheduled afresh from now on; what they missed meanwhile is not made up for."
            " This can be undone."
        ),
        button=_("Resume"),
        permission="operate",
        service=bulk.resume_jobs,
    ),
    BulkAction(
        name="add_tag",
        label=_("Add a tag to the selected jobs"),
        question=lambda count: ngettext("Add a tag to %d job?", "Add a tag to %d jobs?", count) % count,
        consequence=_("Jobs that have it already stay as they are. This can be undone."),
        button=_("Add the tag"),
        permission="change",
        service=bulk.add_tag,
        takes_tag=True,
    ),
    BulkAction(
        name="remove_tag",
        label=_("Remove a tag from the selected jobs"),
        question=lambda count: ngettext("Remove a tag from %d job?", "Remove a tag from %d jobs?", count) % count,
        consequence=_("Jobs without it stay as they are. This can be undone."),
        button=_("Remove the tag"),
        permission="change",
        service=bulk.remove_tag,
        takes_tag=True,
    ),
    BulkAction(
        name="delete_selected",
        label=_("Delete the selected jobs"),
        question=lambda count: ngettext("Delete %d job?", "Delete %d jobs?", count) % count,
        consequence=_(
            "Their definitions and schedules go; what runs goes on, what is queued is cancelled, and the history stays."
            " The definitions can be brought back afterwards, as long as their revisions are kept; cancelled runs"
            " cannot."
        ),
        button=_("Delete"),
        permission="delete",
        service=bulk.delete_jobs,
        is_dangerous=True,
    ),
)


def ask_or_do(
    model_admin: Any, request: HttpRequest, things: Sequence[tuple[Any, str]], action: BulkAction
) -> HttpResponse:
    """Show what would be done to which things (ids, names); do it where that was confirmed, and they are the same."""
    if len(things) > MOST_AT_ONCE:
        messages.error(request, gettext("These are more than %d. Narrow the list first.") % MOST_AT_ONCE)
        return HttpResponseRedirect(request.get_full_path())
    ids, errors = [thing_id for thing_id, _name in things], {}
    digest = _digest(ids)
    if request.POST.get("post"):
        if request.POST.get("digest", digest) == digest:
            try:
                return _do(request, ids, action)
            except InvalidInput as error:
                errors = error.errors
        else:
            messages.warning(request, gettext("The list has changed meanwhile. Look again what this is about."))
    context = {
        **model_admin.admin_site.each_context(request),
        **_question_of(request, action, things),
        "digest": digest,
        "errors": errors,
        "opts": model_admin.opts,
    }
    return TemplateResponse(request, "scheduler/lists/bulk_question.html", context)


def _question_of(request: HttpRequest, action: BulkAction, things: Sequence[tuple[Any, str]]) -> dict[str, Any]:
    is_across = request.POST.get("select_across") == "1"
    return {
        "title": action.question(len(things)),
        "action": action,
        "names": things[:NAMES_SHOWN],
        "more": max(len(things) - NAMES_SHOWN, 0),
        "is_across": is_across,
        "checkbox_name": ACTION_CHECKBOX_NAME,
        # Django wants one to be selected even where all are meant.
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME)[: 1 if is_across else None],
        "tag": request.POST.get("tag", ""),
        "known_tags": sorted(tags_in_use().counts) if action.takes_tag else [],
    }


def _do(request: HttpRequest, ids: Sequence[Any], action: BulkAction) -> HttpResponse:
    tag = {"tag": request.POST.get("tag", "")} if action.takes_tag else {}
    tell_outcome(request, action.name, action.service(ids, **tag), can_undo=action.can_undo)
    return HttpResponseRedirect(request.get_full_path())


def _digest(ids: Sequence[Any]) -> str:
    """Return what tells these from others."""
    return sha256("\n".join(sorted(map(str, ids))).encode()).hexdigest()


ON_EXECUTIONS = (
    BulkAction(
        name="cancel_selected",
        label=_("Cancel the selected executions"),
        question=lambda count: ngettext("Cancel %d execution?", "Cancel %d executions?", count) % count,
        consequence=_(
            "What is queued does not begin; what runs is told to stop. What has ended stays as it is. This cannot be"
            " undone."
        ),
        button=_("Cancel them"),
        permission="cancel",
        service=bulk.cancel_executions,
        is_dangerous=True,
        can_undo=False,
    ),
    BulkAction(
        name="run_again",
        label=_("Run the selected executions again"),
        question=lambda count: ngettext("Run %d execution again?", "Run %d executions again?", count) % count,
        consequence=_(
            "For each, its job runs once more, as it is defined now, with the arguments that were that run's own. Runs"
            " that have not begun can be cancelled afterwards."
        ),
        button=_("Run again"),
        permission="cancel",
        service=bulk.run_again,
    ),
)

Act = Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse]


def as_admin_action(action: BulkAction, name_things: Callable[[QuerySet[Any]], list[tuple[Any, str]]]) -> Act:
    """Return what the admin's list offers."""

    def act(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        return ask_or_do(model_admin, request, name_things(queryset), action)

    act.__name__ = action.name
    decorated: Act = admin.action(
        description=action.label,  # type: ignore[arg-type]
        permissions=[action.permission],
    )(act)
    return decorated


def _name_jobs(jobs: QuerySet[Job]) -> list[tuple[Any, str]]:
    return list(jobs.order_by("name", "pk").values_list("pk", "name")[: MOST_AT_ONCE + 1])


def _name_executions(executions: QuerySet[Execution]) -> list[tuple[Any, str]]:
    rows = executions.order_by("-pk").values_list("pk", "job_id", "scheduled_for", "status")[: MOST_AT_ONCE + 1]
    return [(pk, f"{job_id} · {at:%Y-%m-%d %H:%M:%S} UTC · {Status(code).label}") for pk, job_id, at, code in rows]


JOB_ACTIONS = tuple(as_admin_action(action, _name_jobs) for action in ON_JOBS)
EXECUTION_ACTIONS = tuple(as_admin_action(action, _name_executions) for action in ON_EXECUTIONS)
