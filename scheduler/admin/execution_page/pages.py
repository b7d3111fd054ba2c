"""The addresses of an execution's page: the page, what is new on it, its output as text, cancel, and run again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduler import clock
from scheduler.admin.controls import go_back, may_operate, only_posted
from scheduler.admin.execution_page.following import plain
from scheduler.admin.execution_page.showing import live_context, page_context, state_of
from scheduler.admin.readonly import ReadOnlyAdmin
from scheduler.dossiers import Dossier, read_dossier, read_output
from scheduler.exceptions import CarnationError
from scheduler.links import execution_url
from scheduler.models import Execution, Status, id_in
from scheduler.services.executions import cancel_execution
from scheduler.services.repeats import run_again, run_as_defined_now

# What stops the page from asking: HTMX takes this status for that.
STOP_ASKING = 286
_AGAIN: dict[str, Callable[[int], Execution]] = {"then": run_again, "now": run_as_defined_now}


class ExecutionPage(ReadOnlyAdmin):
    """One execution, to be read, followed, cancelled and repeated."""

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses beside the page's own."""
        views = {"live": self.live_view, "log": self.log_view, "cancel": self.cancel_view, "again": self.again_view}
        ours = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"scheduler_execution_{name}")
            for name, view in views.items()
        ]
        return [*ours, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the page; it has no form that could be sent to it."""
        self._check_may_view(request)
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        execution_id = id_in(object_id)
        dossier = read_dossier(execution_id) if execution_id else None
        if dossier is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return missing
        context = {
            **self.admin_site.each_context(request),
            **self._page_context(request, dossier),
            "opts": self.opts,
            "title": gettext("Execution of {job}").format(job=dossier.job or dossier.execution.job_id),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "scheduler/execution/page.html", context)

    def live_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Answer what is new since the page's cursor; where the state has changed, all of the page but its frame."""
        self._check_may_view(request)
        cursor = request.GET.get("cursor", "")
        execution = Execution.objects.filter(pk=_id_of(object_id)).first()
        if execution is None:
            return TemplateResponse(request, "scheduler/execution/gone.html", status=STOP_ASKING)
        if state_of(execution) == request.GET.get("state"):
            context = live_context(execution, read_output(execution), cursor=cursor, now=clock.now())
            return TemplateResponse(request, "scheduler/execution/live.html", context)
        dossier = read_dossier(execution.pk)
        if dossier is None:
            return TemplateResponse(request, "scheduler/execution/gone.html", status=STOP_ASKING)
        context = self._page_context(request, dossier, cursor=cursor)
        return TemplateResponse(request, "scheduler/execution/changed.html", context)

    def log_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show all that is kept of the output, as a text."""
        self._check_may_view(request)
        execution = Execution.objects.filter(pk=_id_of(object_id)).first()
        if execution is None:
            raise Http404
        return HttpResponse(plain(read_output(execution).log), content_type="text/plain; charset=utf-8")

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Cancel one execution, and go back to where the button was."""
        if request.method != "POST":
            return only_posted(request, execution_url(_id_of(object_id)))
        self._check_may_operate(request)
        try:
            execution = cancel_execution(_id_of(object_id))
        except CarnationError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _cancelled(execution))
        return go_back(request, otherwise="admin:scheduler_execution_changelist")

    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Run it again, as it was or as its job is defined now, and go to the page of the new run."""
        if request.method != "POST":
            return only_posted(request, execution_url(_id_of(object_id)))
        self._check_may_operate(request)
        service = _AGAIN.get(request.POST.get("definition", ""))
        if service is None:
            messages.error(request, _("Say by which definition it is to run again."))
            return go_back(request, otherwise="admin:scheduler_execution_changelist")
        try:
            run = service(_id_of(object_id))
        except CarnationError as error:
            messages.error(request, str(error))
            return go_back(request, otherwise="admin:scheduler_execution_changelist")
        return HttpResponseRedirect(execution_url(run.pk))

    def _page_context(self, request: HttpRequest, dossier: Dossier, *, cursor: str = "") -> dict[str, Any]:
        return {
            **page_context(dossier, now=clock.now(), cursor=cursor),
            "may_operate": may_operate(request),
            "may_see_job": request.user.has_perm("scheduler.view_job"),
        }

    def _check_may_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _check_may_operate(self, request: HttpRequest) -> None:
        if not may_operate(request):
            raise PermissionDenied


def _id_of(object_id: str) -> int:
    """Read an id. Raises Http404 for what is none."""
    execution_id = id_in(object_id)
    if execution_id is None:
        raise Http404
    return execution_id


def _cancelled(execution: Execution) -> str:
    told = _("The run of {job} is told to stop.") if execution.status == Status.RUNNING else _CANCELLED
    return str(told).format(job=execution.job_id)


_CANCELLED = _("The run of {job} is cancelled.")
