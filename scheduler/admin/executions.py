"""The ledger, read-only."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from scheduler.admin.readonly import ReadOnlyAdmin
from scheduler.models import Execution, ExecutionOutput, Job, Node, Status

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
    paginator = InfinitePaginator
    show_full_result_count = False
    fieldsets: ClassVar = [
        (None, {"fields": ["job_link", "status", "reason", "origin", "attempt", "revision", "node_name"]}),
        (
            _("Times"),
            {
                "fields": [
                    "scheduled_for", "occurrences", "first_scheduled_for",
                    "created_at", "started_at", "finished_at", "shown_duration",
                ]
            },
        ),
        (_("Output"), {"fields": ["result", "traceback"]}),
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

    @display(description=_("return value"))
    def result(self, execution: Any) -> str:
        """What the body returned."""
        return _preformatted(execution.kept_output.result if execution.kept_output else "")

    @display(description=_("traceback"))
    def traceback(self, execution: Any) -> str:
        """Where the body failed."""
        return _preformatted(execution.kept_output.traceback if execution.kept_output else "")


def _preformatted(text: str) -> str:
    return format_html('<pre style="overflow-wrap: anywhere; white-space: pre-wrap">{}</pre>', text) if text else ""
