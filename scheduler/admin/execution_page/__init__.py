"""The page of one execution: what became of it, what it prints, why it failed, and the ways to cancel or repeat it."""

from scheduler.admin.execution_page.pages import ExecutionPage

__all__ = ["ExecutionPage"]
