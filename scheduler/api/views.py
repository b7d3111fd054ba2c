"""The endpoints: parse, one call, render."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from scheduler import clock, conf, queries
from scheduler.api.contract import ContractViewSet
from scheduler.api.http import (
    next_page,
    read_json,
    read_json_or_nothing,
    read_moment,
    read_page,
)
from scheduler.api.representation import (
    RenderedJson,
    render_job,
    render_jobs,
    represent_execution,
    represent_explanation,
    represent_output,
)
from scheduler.exceptions import ExecutionNotFound, InvalidInput, JobNotFound
from scheduler.explanations import explain_instant
from scheduler.models import DesiredState, Execution, ExecutionOutput, Job
from scheduler.services import control, executions, jobs, runs
from scheduler.services.definitions import read_backfill
from scheduler.services.pause_fields import read_pause


class SchedulerViewSet(ContractViewSet):
    """The scheduler as a whole."""

    title = gettext_lazy("Scheduler")
    about = gettext_lazy("The scheduler as a whole.")
    permissions: ClassVar = {
        "info": "scheduler.view_job",
        **dict.fromkeys(("pause", "resume", "start", "shutdown"), "scheduler.change_schedulerstate"),
    }

    def info(self, request: Request) -> Response:
        """Say whether the nodes are told to run; `nodes` is how many are alive."""
        desired = queries.desired_state()
        return Response(
            {
                "current_host": conf.current_host(),
                "allowed_hosts": conf.allowed_hosts(),
                "running": desired != DesiredState.STOPPED,
                "state": desired.value,
                "nodes": queries.count_nodes(),
            }
        )

    def pause(self, request: Request) -> HttpResponse:
        """Let no occurrence start."""
        control.pause_scheduler()
        return HttpResponse(status=204)

    def resume(self, request: Request) -> HttpResponse:
        """Undo a pause."""
        control.resume_scheduler()
        return HttpResponse(status=204)

    def start(self, request: Request) -> HttpResponse:
        """Let stopped nodes work again."""
        control.start_scheduler()
        return HttpResponse(status=204)

    def shutdown(self, request: Request) -> HttpResponse:
        """Let the nodes stand by. The body's `wait` is moot: what runs goes on, in other processes."""
        if not isinstance(read_json_or_nothing(request) or {}, dict):
            raise InvalidInput({"body": _("Send a JSON object.")})
        control.shutdown_scheduler()
        return HttpResponse(status=204)


class JobViewSet(ContractViewSet):
    """Jobs. A finished one is not there."""

    title = gettext_lazy("Jobs")
    about = gettext_lazy("A finished job is not there.")
    permissions: ClassVar = {
        "list": "scheduler.view_job",
        "retrieve": "scheduler.view_job",
        "executions": "scheduler.view_job",
        "why": "scheduler.view_job",
        "create": "scheduler.add_job",
        "destroy": "scheduler.delete_job",
        "partial_update": "scheduler.change_job",
        **dict.fromkeys(("pause", "resume", "run", "backfill"), "scheduler.operate_job"),
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look for no id that holds a null character: PostgreSQL would refuse the question."""
        super().initial(request, *args, **kwargs)
        refuse_null_characters(kwargs.get("job_id", ""))

    def list(self, request: Request) -> Response:
        """Answer all jobs, the next one first."""
        return Response(render_jobs(queries.list_jobs()))

    def create(self, request: Request) -> Response:
        """Add a job."""
        job = jobs.create_job(read_json(request))
        return answer_job(job.id)

    def retrieve(self, request: Request, job_id: str) -> Response:
        """Answer one job."""
        found = queries.list_jobs(job_id)
        if not found:
            raise JobNotFound(id=job_id)
        return Response(render_job(found[0]))

    def partial_update(self, request: Request, job_id: str) -> Response:
        """Change what was sent, and keep the rest."""
        jobs.change_job(job_id, read_json(request), unfinished_only=True)
        return answer_job(job_id)

    def destroy(self, request: Request, job_id: str) -> HttpResponse:
        """Delete a job; its history stays."""
        jobs.delete_job(job_id, unfinished_only=True)
        return HttpResponse(status=204)

    def pause(self, request: Request, job_id: str) -> Response:
        """Pause a job; the body may say why, and until when."""
        pause = read_pause(_read_object(request), zone=conf.timezone(), now=clock.now())
        jobs.pause_job(job_id, reason=pause.reason, until=pause.until, unfinished_only=True)
        return answer_job(job_id)

    def resume(self, request: Request, job_id: str) -> Response:
        """Resume a job; null when it has no occurrence left."""
        jobs.resume_job(job_id, unfinished_only=True)
        return answer_job(job_id)

    def run(self, request: Request, job_id: str) -> Response:
        """Queue a run, with the body's arguments where it has any; Location is the execution's address."""
        execution = runs.run_job(job_id, _read_own_arguments(request), unfinished_only=True)
        answer = answer_job(job_id)
        answer.headers["Location"] = f"{conf.api_prefix()}/executions/{execution.pk}"
        return answer

    def backfill(self, request: Request, job_id: str) -> Response:
        """Queue the occurrences of a range of the past that never ran."""
        backfill = read_backfill(read_json(request), now=clock.now())
        queued = runs.backfill_job(
            job_id, start=backfill.start, end=backfill.end, arguments=backfill.arguments, unfinished_only=True
        )
        return Response({"executions": [str(execution.pk) for execution in queued], "count": len(queued)})

    def executions(self, request: Request, job_id: str) -> Response:
        """Answer a page of the job's executions, newest first; a job that is gone still has its history."""
        before, limit = read_page(request)
        page = queries.page_of_executions(job_id, before=before, limit=limit + 1)
        if not page and before is None and not Job.objects.filter(pk=job_id).exists():
            raise JobNotFound(id=job_id)
        shown, more = page[:limit], len(page) > limit
        nodes = queries.names_of_nodes(shown)
        results = [represent_execution(each, node=nodes.get(each.node_id or 0)) for each in shown]
        following = next_page("jobs", job_id, "executions", before=shown[-1].pk, limit=limit) if more else None
        return Response({"results": results, "next": following})

    def why(self, request: Request, job_id: str) -> Response:
        """Say why the job did, or did not, run at an instant; of a job that is gone, too."""
        explanation = explain_instant(job_id, _read_instant(request), now=clock.now())
        return Response(represent_explanation(explanation))


class ExecutionViewSet(ContractViewSet):
    """Single executions, with their output."""

    title = gettext_lazy("Executions")
    about = gettext_lazy("Single executions, with their output.")
    permissions: ClassVar = {"retrieve": "scheduler.view_job", "cancel": "scheduler.operate_job"}

    def retrieve(self, request: Request, execution_id: int) -> Response:
        """Answer one execution."""
        execution = Execution.objects.filter(pk=execution_id).first()
        if execution is None:
            raise ExecutionNotFound(id=execution_id)
        return _answer_execution(execution)

    def cancel(self, request: Request, execution_id: int) -> Response:
        """Cancel an execution: a queued one at once, a running one within a second or so."""
        return _answer_execution(executions.cancel_execution(execution_id))


def _answer_execution(execution: Execution) -> Response:
    output = ExecutionOutput.objects.filter(pk=execution.pk).first()
    node = queries.names_of_nodes([execution]).get(execution.node_id or 0)
    return Response({**represent_execution(execution, node=node), **represent_output(output)})


def refuse_null_characters(job_id: str) -> None:
    """Say of an id that cannot be that it is not there."""
    if "\0" in job_id:
        raise JobNotFound(id=job_id)


def answer_job(job_id: str) -> Response:
    """Answer a job after it was written; null if it has finished since, which a node may have been quick to do."""
    found = queries.list_jobs(job_id)
    return Response(render_job(found[0]) if found else RenderedJson("null"))


def _read_object(request: Request) -> dict[str, Any]:
    """Return the body where it is an object; what clients of the original send to an action may be anything."""
    body = read_json_or_nothing(request)
    return body if isinstance(body, dict) else {}


def _read_own_arguments(request: Request) -> dict[str, Any]:
    """Return what the body says about this run's arguments; all else in it is ignored, as in the original."""
    sent = _read_object(request)
    return {name: sent[name] for name in ("args", "kwargs") if sent.get(name) is not None}


def _read_instant(request: Request) -> str:
    text = read_moment(request, "at")
    if text is None:
        raise InvalidInput({"at": _("This field is required.")})
    return text
