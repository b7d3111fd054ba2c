"""What the lists do to many jobs at once: each asks first, with the names and how many they are, and can be undone."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from scheduler.admin.bulk_actions import ON_EXECUTIONS, ON_JOBS, BulkAction
from scheduler.admin.undo import tell_outcome
from scheduler.exceptions import InvalidInput
from scheduler.listings.jobs import tags_in_use
from scheduler.models import Execution, Job, Status
from scheduler.words.moments import tell_moment

MOST_AT_ONCE = 10_000
NAMES_SHOWN = 20


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
    return [(pk, f"{job_id} · {tell_moment(at)} · {Status(code).label}") for pk, job_id, at, code in rows]


JOB_ACTIONS = tuple(as_admin_action(action, _name_jobs) for action in ON_JOBS)
EXECUTION_ACTIONS = tuple(as_admin_action(action, _name_executions) for action in ON_EXECUTIONS)
