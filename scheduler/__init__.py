"""Carnation's app: jobs, schedules, executions."""

__version__ = "0.1.0"
