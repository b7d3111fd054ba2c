"""The admin: jobs to edit, executions and nodes to look at, tokens, users, and the audit log.

A registration is an import here. Every write goes through `scheduler.services`.
"""

from scheduler.admin import audit, calendars, executions, jobs, nodes, stock, tokens, windows

__all__ = ["audit", "calendars", "executions", "jobs", "nodes", "stock", "tokens", "windows"]
