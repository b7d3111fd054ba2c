"""The ledger: nothing of it can be edited, and what has not ended can be cancelled."""

import json
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from scheduler.admin.controls import go_back, may_operate
from scheduler.admin.readonly import ReadOnlyAdmin
from scheduler.exceptions import CarnationError
from scheduler.models import ACTIVE, Execution, ExecutionOutput, Job, Node, Status
from scheduler.services.executions import cancel_execution

STATUS_LABELS = {
    Status.QUEUED: "info",
    Status.RUNNING: "info",
    Status.SUCCEEDED: "success",
    Status.FAILED: "danger",
    Status.TIMED_OUT: "danger",
    Status.LOST: "danger",
    Status.CANCELLED: "warning",
    Status.MISSED: "warning",
    Status.SKIPPED: "warning",
}


@admin.register(Execution)
class ExecutionAdmin(ReadOnlyAdmin):
    """What ran, what did not, and why. Never counts its rows, which may be millions."""

    list_display = (
        "job_id",
        "shown_status",
        "scheduled_for",
        "shown_duration",
        "origin",
        "node_name",
        "reason_in_short",
    )
    list_display_links = ("job_id",)
    list_filter = ("status", "origin", "scheduled_for")
    list_per_page = 50
    search_fields = ("job__id__startswith",)
    search_help_text = _("Search by the beginning of a job's id.")
    ordering = ("-id",)
    sortable_by = ()
    actions = ("cancel_selected",)
    change_form_outer_before_template = "scheduler/execution_head.html"
    paginator = InfinitePaginator
    show_full_result_count = False
    # Nobody knows how many that would be.
    list_disable_select_all = True
    fieldsets: ClassVar = [
        (
            None,
            {
                "fields": [
                    "job_link", "status", "reason", "own_args", "own_kwargs", "origin", "attempt", "revision",
                    "priority", "node_name",
                ]
            },
        ),
        (
            _("Times"),
            {
                "fields": [
                    "scheduled_for", "occurrences", "first_scheduled_for", "created_at", "available_at",
                    "cancel_requested_at", "started_at", "finished_at", "shown_duration",
                ]
            },
        ),
        (_("Output"), {"fields": ["progress", "log", "result", "traceback"]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Execution]:
        """Add the node's name; the node, like the job, may be gone, so neither is joined."""
        queryset: QuerySet[Execution] = super().get_queryset(request)
        names = Node.objects.filter(pk=OuterRef("node_id")).values("name")
        return queryset.annotate(node_name=Subquery(names[:1]))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Read the execution together with its output and whether its job is still there."""
        execution = super().get_object(request, object_id, from_field)
        if execution is not None:
            execution.kept_output = ExecutionOutput.objects.filter(pk=execution.pk).first()
            execution.job_exists = Job.objects.filter(pk=execution.job_id).exists()
        return execution

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Whoever may run jobs may cancel their runs."""
        return may_operate(request)

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the button."""
        view = self.admin_site.admin_view(self.cancel_view)
        return [path("<path:object_id>/cancel/", view, name="scheduler_execution_cancel"), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Offer the button to those who may use it."""
        context = {"has_cancel_permission": self.has_cancel_permission(request), "active": ACTIVE}
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Cancel one execution, and go back to where the button was."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_cancel_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        try:
            execution = cancel_execution(int(object_id))
        except CarnationError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _cancelled(execution))
        return go_back(request, otherwise="admin:scheduler_execution_changelist")

    @admin.action(description=_("Cancel the selected executions"), permissions=["cancel"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Execution]) -> None:
        """Cancel those that have not ended yet."""
        count = 0
        for execution_id in list(queryset.filter(status__in=ACTIVE).order_by("pk").values_list("pk", flat=True)):
            try:
                cancel_execution(execution_id)
            except CarnationError as error:
                messages.warning(request, str(error))
            else:
                count += 1
        done = ngettext(
            "%d execution is cancelled or told to stop.", "%d executions are cancelled or told to stop.", count
        )
        messages.success(request, done % count)

    @display(description=_("status"), label=STATUS_LABELS)
    def shown_status(self, execution: Execution) -> tuple[str, str]:
        """The status, coloured."""
        return execution.status, execution.get_status_display()

    @display(description=_("duration"))
    def shown_duration(self, execution: Execution) -> str:
        """How long the body ran."""
        duration = execution.duration
        return "" if duration is None else f"{duration.total_seconds():.3f} s"

    @display(description=_("node"))
    def node_name(self, execution: Any) -> str:
        """The name of the node that ran it."""
        return execution.node_name or ""

    @display(description=_("reason"))
    def reason_in_short(self, execution: Execution) -> str:
        """The beginning of the reason."""
        return execution.reason if len(execution.reason) <= 80 else f"{execution.reason[:79]}…"

    @display(description=_("job"))
    def job_link(self, execution: Any) -> str:
        """A link to the job, if it is still there."""
        if not execution.job_exists:
            return str(execution.job_id)
        url = reverse("admin:scheduler_job_change", args=[quote(execution.job_id)])
        return format_html('<a class="text-primary-600 underline" href="{}">{}</a>', url, execution.job_id)

    @display(description=_("positional arguments"))
    def own_args(self, execution: Execution) -> str:
        """The arguments of this run, where it has its own."""
        return _arguments(execution.args)

    @display(description=_("keyword arguments"))
    def own_kwargs(self, execution: Execution) -> str:
        """The arguments of this run, where it has its own."""
        return _arguments(execution.kwargs)

    @display(description=_("progress"))
    def progress(self, execution: Any) -> str:
        """How far the body said it has come."""
        return _progress(execution.kept_output) if execution.kept_output else ""

    @display(description=_("log"))
    def log(self, execution: Any) -> str:
        """What the body printed and logged."""
        return _preformatted(execution.kept_output.log if execution.kept_output else "")

    @display(description=_("return value"))
    def result(self, execution: Any) -> str:
        """What the body returned."""
        return _preformatted(execution.kept_output.result if execution.kept_output else "")

    @display(description=_("traceback"))
    def traceback(self, execution: Any) -> str:
        """Where the body failed."""
        return _preformatted(execution.kept_output.traceback if execution.kept_output else "")


def _cancelled(execution: Execution) -> str:
    if execution.status == Status.RUNNING:
        return gettext("The run of {job} is told to stop.").format(job=execution.job_id)
    return gettext("The run of {job} is cancelled.").format(job=execution.job_id)


def _arguments(own: Any) -> str:
    return gettext("Those of the job.") if own is None else _preformatted(json.dumps(own, ensure_ascii=False))


def _progress(output: ExecutionOutput) -> str:
    """Return a bar, where it is known of how much, beside what else is known."""
    done, total, text = output.progress_done, output.progress_total, output.progress_text
    if done is None:
        return text
    said = f"{done:g}" if total is None else gettext("%(done)g of %(total)g") % {"done": done, "total": total}
    percent = min(max(100 * done / total, 0), 100) if total else None
    return render_to_string("unfold/components/progress.html", {"title": text, "description": said, "value": percent})


def _preformatted(text: str) -> str:
    return format_html('<pre style="overflow-wrap: anywhere; white-space: pre-wrap">{}</pre>', text) if text else ""
