"""Jobs and executions as JSON.

A client lists all jobs often, and they change seldom: all of a job's JSON but its next run time is kept for as long as
its row is the same, and the last list's for as long as all rows are, so that a list costs the query and little more.
"""

import json
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any

from scheduler.explanations import Explanation
from scheduler.models import Execution, ExecutionOutput, MaintenanceWindow, shown_zone
from scheduler.queries import ListedJob, unpack
from scheduler.services.affected import Effect
from scheduler.triggers.windows import Span
from scheduler.words import said


class RenderedJson(str):
    """Text that is JSON already; the renderer passes it on as it is."""

    __slots__ = ()


def render_job(job: ListedJob) -> RenderedJson:
    """Return one job as JSON."""
    before, after, zone = _parts(job[:-1])
    return RenderedJson(f"{before}{_render_moment(job.next_run_time, zone)}{after}")


# The last list only: all clients are shown the same one.
@lru_cache(maxsize=1)
def render_jobs(jobs: tuple[ListedJob, ...]) -> RenderedJson:
    """Return a bare list of jobs as JSON."""
    return RenderedJson(f"[{', '.join([render_job(job) for job in jobs])}]")


def render_json(data: Any) -> str:
    """Return data as the original renders it: one line, keys in alphabetical order at every level, ASCII."""
    return json.dumps(data, sort_keys=True)


@lru_cache(maxsize=10_000)
def _parts(columns: tuple[Any, ...]) -> tuple[str, str, tzinfo]:
    """Return the JSON before and after the next run time, and the zone in which that is shown."""
    job = ListedJob._make((*columns, None))
    trigger = json.loads(job.trigger)
    zone = shown_zone(trigger, job.timezone)
    beside = unpack(job.packed)
    data = {
        "id": job.id,
        "name": job.name,
        "func": job.func,
        "args": json.loads(job.args),
        "kwargs": json.loads(job.kwargs),
        **(trigger if isinstance(trigger, dict) else {"trigger": None}),
        "timezone": job.timezone,
        **beside,
        "paused_until": _show_moment(beside["paused_until"], zone),
        "executor": job.executor,
        "retry_on": json.loads(job.retry_on),
        "tags": json.loads(job.tags),
    }
    earlier = {name: value for name, value in data.items() if name < "next_run_time"}
    later = {name: value for name, value in data.items() if name > "next_run_time"}
    before = f'{render_json(earlier)[:-1]}, "next_run_time": '
    return before, f", {render_json(later)[1:]}", zone


def _render_moment(moment: str | None, zone: tzinfo) -> str:
    """Return an instant as JSON in a zone."""
    shown = _show_moment(moment, zone)
    return "null" if shown is None else f'"{shown}"'


def _show_moment(moment: str | None, zone: tzinfo) -> str | None:
    """Return an instant, which the database writes in UTC with or without saying so, in a zone."""
    if moment is None:
        return None
    instant = datetime.fromisoformat(moment.strip())
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return instant.astimezone(zone).isoformat()


def represent_execution(execution: Execution, *, node: str | None) -> dict[str, Any]:
    """Return an execution without its large texts. The id is a text: JavaScript cannot hold 63-bit numbers."""
    duration = execution.duration
    return {
        "id": str(execution.pk),
        "job_id": execution.job_id,
        "scheduled_for": execution.scheduled_for.isoformat(),
        "attempt": execution.attempt,
        "status": execution.status,
        "reason": said(execution.reason),
        "origin": execution.origin,
        "revision": execution.revision,
        "priority": execution.priority,
        "args": execution.args,
        "kwargs": execution.kwargs,
        "node": node,
        "occurrences": execution.occurrences,
        "first_scheduled_for": _iso(execution.first_scheduled_for),
        "created_at": _iso(execution.created_at),
        "available_at": _iso(execution.available_at),
        "cancel_requested_at": _iso(execution.cancel_requested_at),
        "started_at": _iso(execution.started_at),
        "finished_at": _iso(execution.finished_at),
        "duration_seconds": duration.total_seconds() if duration is not None else None,
    }


def represent_window(window: MaintenanceWindow, *, next_span: Span | None) -> dict[str, Any]:
    """Return a maintenance window, its trigger among its fields as a job's is, and its span that is or comes next."""
    trigger = window.trigger if isinstance(window.trigger, dict) else {"trigger": None}
    return {
        "name": window.name,
        **trigger,
        "timezone": window.timezone,
        "duration_seconds": window.duration_seconds,
        "tags": window.tags,
        "note": window.note,
        "created_at": _iso(window.created_at),
        "created_by": window.created_by,
        "next": _represent_span(next_span) if next_span else None,
    }


def represent_effect(effect: Effect) -> dict[str, Any]:
    """Return what a maintenance window does in its next spans."""
    return {
        "spans": [_represent_span(span) for span in effect.spans],
        "jobs": effect.jobs,
        "occurrences": [
            {
                "job_id": each.job_id,
                "name": each.name,
                "scheduled_for": each.scheduled_for.isoformat(),
                "maintenance": each.maintenance,
                "runs_at": _iso(each.at),
                "reason": each.reason,
            }
            for each in effect.occurrences
        ],
        "has_more": effect.has_more,
    }


def _represent_span(span: Span) -> dict[str, str]:
    return {
        "start": span.start.astimezone(span.zone).isoformat(),
        "end": span.end.astimezone(span.zone).isoformat(),
    }


def represent_output(output: ExecutionOutput | None) -> dict[str, Any]:
    """Return an execution's large texts; null where nothing was kept."""
    return {
        "log": output.log or None if output else None,
        "progress": _represent_progress(output) if output else None,
        "result": output.result or None if output else None,
        "traceback": output.traceback or None if output else None,
    }


def _represent_progress(output: ExecutionOutput) -> dict[str, Any] | None:
    if output.progress_done is None and not output.progress_text:
        return None
    return {"done": output.progress_done, "total": output.progress_total, "text": output.progress_text}


def represent_explanation(explanation: Explanation) -> dict[str, Any]:
    """Return why a job did, or did not, run; instants as the job's clock shows them."""
    asked, zone = explanation.asked, explanation.asked.zone
    return {
        "job_id": explanation.job_id,
        "at": asked.start.astimezone(zone).isoformat(),
        "until": asked.end.astimezone(zone).isoformat(),
        "verdict": explanation.verdict.value,
        "sentence": explanation.sentence,
        "before": _iso(explanation.before and explanation.before.astimezone(zone)),
        "after": _iso(explanation.after and explanation.after.astimezone(zone)),
        "marks": [{"code": mark.code, "reason": said(mark.reason)} for mark in explanation.marks],
        "executions": [
            represent_execution(each, node=getattr(each, "node_name", None)) for each in explanation.executions
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
