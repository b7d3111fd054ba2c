"""The job's page, and the part of it that refreshes itself."""

from collections.abc import Mapping
from datetime import tzinfo
from hashlib import sha256
from math import floor
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from scheduler import clock
from scheduler.admin.controls import may_operate
from scheduler.admin.job_page.compared import sides_and_rows
from scheduler.admin.job_page.definition import definition_of
from scheduler.admin.job_page.frame import address_of, executions_address, find_job, read_id, render_page
from scheduler.admin.job_page.lengths import shown_length
from scheduler.admin.job_page.strip import STRIP, chart_of, legend_of, marks_of
from scheduler.admin.job_page.tagging import joined
from scheduler.admin.job_page.told import lately_done
from scheduler.admin.job_page.upcoming import coming_runs, viewers_zone
from scheduler.admin.job_state import in_zone_of, state_of
from scheduler.models import Action, Job, shown_zone
from scheduler.recent import Percentiles, RecentRuns, compare_ends, read_recent
from scheduler.words import describe

# While something runs or waits, and else.
ACTIVE_SECONDS, IDLE_SECONDS = 2, 10


def show_overview(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show all of a job; of one that is gone, its history."""
    job_id = _require_viewer(admin, request, object_id)
    job, runs, told = find_job(job_id), read_recent(job_id), lately_done(job_id)
    if job is None and not runs.executions and not told:
        raise Http404(_("There is no such job, and there never was."))
    context = {
        "title": job or job_id,
        "job": job,
        "live": _render_live(request, job_id, job, runs)[1],
        "told": told,
        "deleted": next((each for each in told if each.entry.action == Action.DELETED), None) if job is None else None,
        "comparison": _compared(runs, job_id, job),
        "may_operate": may_operate(request),
        "may_change": admin.has_change_permission(request, job),
        "may_add": admin.has_add_permission(request),
        "may_delete": admin.has_delete_permission(request, job),
        "definition": definition_of(job) if job else None,
        "tags": joined(job) if job else "",
        "executions_url": executions_address(job_id),
    }
    return render_page(admin, request, "overview.html", job_id, **context)


def _compared(runs: RecentRuns, job_id: str, job: Job | None) -> Mapping[str, Any] | None:
    comparison = compare_ends(runs, job_id, job)
    return None if comparison is None else sides_and_rows(comparison, _zone_of(job))


def show_live(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Answer the part that changes; 204 while it is as whoever asks has seen it, so that nothing of it moves."""
    job_id = _require_viewer(admin, request, object_id)
    job, runs = find_job(job_id), read_recent(job_id)
    seen, content = _render_live(request, job_id, job, runs)
    if seen == request.GET.get("seen"):
        return HttpResponse(status=204)
    return HttpResponse(
        content + render_to_string("scheduler/job/announcement.html", {"marks": marks_of(runs, _zone_of(job))})
    )


def _require_viewer(admin: Any, request: HttpRequest, object_id: str) -> str:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    return read_id(object_id)


def _render_live(request: HttpRequest, job_id: str, job: Job | None, runs: RecentRuns) -> tuple[str, str]:
    """Return the part that refreshes itself, after the digest by which it knows that it is still the same."""
    inner = render_to_string("scheduler/job/live.html", _live_context(job, runs), request)
    frame = {
        "address": address_of("live", job_id),
        "seen": sha256(inner.encode()).hexdigest()[:16],
        "seconds": ACTIVE_SECONDS if runs.is_active else IDLE_SECONDS,
        "inner": inner,
    }
    return str(frame["seen"]), render_to_string("scheduler/job/live_frame.html", frame)


def _live_context(job: Job | None, runs: RecentRuns) -> Mapping[str, Any]:
    marks = marks_of(runs, _zone_of(job))
    return {
        "job": job,
        "state": state_of(job) if job else None,
        "in_words": describe(job.trigger, job.timezone, seed=job.pk) if job else "",
        "next_run": in_zone_of(job, getattr(job, "next_run_time", None)) if job else "",
        "coming": coming_runs(job, now=clock.now()) if job else [],
        "viewers_zone": viewers_zone(job) if job else None,
        "runs": runs,
        "active": [mark for mark in marks if mark.execution.finished_at is None],
        "marks": marks,
        "legend": legend_of(marks),
        "chart": chart_of(runs, marks),
        "strip": STRIP,
        "percent": _percent(runs.success_rate),
        "durations": _shown(runs.durations),
        "lateness": _shown(runs.lateness),
    }


def _zone_of(job: Job | None) -> tzinfo:
    return shown_zone(job.trigger, job.timezone) if job else get_current_timezone()


def _percent(rate: float | None) -> str | None:
    """Return a share as it is read, rounded down: what is not all must not look like it."""
    return None if rate is None else f"{floor(1000 * rate) / 10:g}"


def _shown(lengths: Percentiles | None) -> Mapping[str, Any] | None:
    if lengths is None:
        return None
    return {"count": lengths.count, "p50": shown_length(lengths.p50), "p95": shown_length(lengths.p95)}
