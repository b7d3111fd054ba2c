"""The ledger: nothing of it can be edited, and what has not ended can be cancelled."""

from django.contrib import admin

from scheduler.admin.execution_list import ExecutionList
from scheduler.admin.execution_page import ExecutionPage
from scheduler.models import Execution


@admin.register(Execution)
class ExecutionAdmin(ExecutionList, ExecutionPage):
    """What ran, what did not, and why. Never counts its rows, which may be millions."""
