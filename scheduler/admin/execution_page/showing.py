"""Gathers what the templates of the page show."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from scheduler import conf
from scheduler.admin.execution_page.failures import failures_in
from scheduler.admin.execution_page.following import news_of
from scheduler.admin.execution_page.progress import progress_of
from scheduler.admin.execution_page.timeline import timeline_of
from scheduler.dossiers import Dossier
from scheduler.explanations.wording import say_actor
from scheduler.links import job_url
from scheduler.masking import without_secrets
from scheduler.models import ACTIVE, Execution, ExecutionOutput, Status
from scheduler.revisions import Difference, compare

# What decides how a run goes beside its task and its arguments; a repeated run has those of today.
OF_TODAY = (
    "executor", "timeout", "retries", "retry_delay", "retry_max_delay", "retry_budget", "retry_on", "on_lost",
    "max_instances", "overlap", "priority",
)  # fmt: skip
# Characters of arguments that stand on one line.
SHORT = 60
# What waits for longer than this is asked for less often.
_FAR = timedelta(seconds=30)


def live_context(execution: Execution, output: ExecutionOutput, *, cursor: str, now: datetime) -> dict[str, Any]:
    """Return what changes while it is active: the times, the progress, and what is new in its output."""
    is_active = execution.status in ACTIVE
    news = news_of(output.log, cursor=cursor, limit=conf.log_max_length(), is_growing=is_active)
    is_far = execution.status == Status.QUEUED and execution.available_at - now > _FAR
    return {
        "execution": execution,
        "is_active": is_active,
        "state": state_of(execution),
        "timeline": timeline_of(execution, now=now),
        "progress": progress_of(output),
        "news": news,
        "poll_seconds": 10 if is_far else 1,
    }


def state_of(execution: Execution) -> str:
    """Return what decides how the page looks; when it changes, more than the live part is sent."""
    return f"{execution.status}{'-told' if execution.cancel_requested_at else ''}"


def page_context(dossier: Dossier, *, now: datetime, cursor: str = "") -> dict[str, Any]:
    """Return all that the page shows."""
    execution, output = dossier.execution, dossier.output
    changes = differences_since(dossier)
    return {
        **live_context(execution, output, cursor=cursor, now=now),
        "dossier": dossier,
        "output": output,
        "failures": failures_in(output.traceback),
        "asked_by": say_actor(asked.actor, asked.source) if (asked := dossier.asked_by) else "",
        "clock_of": dossier.definition or dossier.job,
        "args": arguments(dossier.args),
        "kwargs": arguments(dossier.kwargs),
        "changes": changes,
        "is_unchanged": not dossier.obstacle and dossier.has_arguments_of_today,
        "todays": [change.label for change in changes if change.field in OF_TODAY],
        "addresses": addresses_of(dossier),
    }


def differences_since(dossier: Dossier) -> list[Difference]:
    """Return what differs between the revision that ran and the job now; none where either is gone."""
    if dossier.job is None or dossier.definition is None:
        return []
    return compare(dossier.definition, dossier.job)


def arguments(value: Any) -> str:
    """Return arguments as JSON that people can read, without secrets; "" where nobody knows them."""
    if value is None:
        return ""
    shown = without_secrets(value)
    text = json.dumps(shown, ensure_ascii=False)
    return text if len(text) <= SHORT else json.dumps(shown, ensure_ascii=False, indent=2)


def addresses_of(dossier: Dossier) -> dict[str, str]:
    """Return where the page's links lead; "" where there is nothing to see."""
    execution = dossier.execution
    return {
        "job": job_url(execution.job_id) if dossier.job else "",
        "revisions": job_url(execution.job_id, "revisions"),
        "why": job_url(execution.job_id, "why"),
        "node": reverse("admin:scheduler_node_change", args=[dossier.node.pk]) if dossier.node else "",
    }
