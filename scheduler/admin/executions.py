"""The ledger: nothing of it can be edited, and what has not ended can be cancelled."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from scheduler.admin.controls import may_operate
from scheduler.admin.execution_page import ExecutionPage
from scheduler.exceptions import CarnationError
from scheduler.models import ACTIVE, Execution, Node, Status
from scheduler.services.executions import cancel_execution
from scheduler.words import said

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
class ExecutionAdmin(ExecutionPage):
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
    paginator = InfinitePaginator
    show_full_result_count = False
    # Nobody knows how many that would be.
    list_disable_select_all = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Execution]:
        """Add the node's name; the node, like the job, may be gone, so neither is joined."""
        queryset: QuerySet[Execution] = super().get_queryset(request)
        names = Node.objects.filter(pk=OuterRef("node_id")).values("name")
        return queryset.annotate(node_name=Subquery(names[:1]))

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Whoever may run jobs may cancel their runs."""
        return may_operate(request)

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
        reason = said(execution.reason)
        return reason if len(reason) <= 80 else f"{reason[:79]}…"
