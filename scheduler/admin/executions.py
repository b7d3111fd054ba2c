"""The ledger: nothing of it can be edited, and what has not ended can be cancelled."""

from django.contrib import admin

from scheduler.admin.execution_list import ExecutionList
from scheduler.admin.execution_page import ExecutionPage
from scheduler.models import Execution, Status

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
class ExecutionAdmin(ExecutionList, ExecutionPage):
    """What ran, what did not, and why. Never counts its rows, which may be millions."""
