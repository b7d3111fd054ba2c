"""Where bodies run. A new executor is one file with an Executor, and its line in TYPES."""

from collections.abc import Mapping
from typing import Any

from scheduler.engine.executors.base import Connections, Executor
from scheduler.engine.executors.processes import ProcessesExecutor
from scheduler.engine.executors.threads import ThreadsExecutor

TYPES: Mapping[str, type[Executor]] = {
    "threads": ThreadsExecutor,
    "threadpool": ThreadsExecutor,
    "processes": ProcessesExecutor,
    "processpool": ProcessesExecutor,
}

__all__ = ["TYPES", "Connections", "Executor", "create_executor"]


def create_executor(options: Mapping[str, Any], *, max_workers: int | None = None) -> Executor:
    """Return the executor of an entry in SCHEDULER_EXECUTORS; `max_workers` overrules the entry's."""
    executor = TYPES[options["type"]]
    return executor(max_workers or options.get("max_workers", executor.default_workers))
