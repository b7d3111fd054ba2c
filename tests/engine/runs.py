"""Runs as a claim would hand them over."""

from typing import Any

from scheduler.engine.definitions import Run
from scheduler.models import Execution


def run_of(execution: Execution, **more: Any) -> Run:
    """Return the run of an execution's row."""
    return Run(
        **{
            "execution_id": execution.pk,
            "node_id": execution.node_id or 0,
            "job_id": execution.job_id,
            "func": "jobs:nothing",
            "args": "[]",
            "kwargs": "{}",
            "scheduled_for": execution.scheduled_for,
            "executor": "default",
            "revision": execution.revision,
            "attempt": execution.attempt,
            **more,
        }
    )
