"""The admin: jobs to edit, executions and nodes to look at, tokens and users.

A registration is an import here. Every write goes through `scheduler.services`.
"""

from scheduler.admin import calendars, executions, jobs, nodes, stock, tokens, windows

__all__ = ["calendars", "executions", "jobs", "nodes", "stock", "tokens", "windows"]
