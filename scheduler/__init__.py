"""Carnation's app: jobs, schedules, executions."""
