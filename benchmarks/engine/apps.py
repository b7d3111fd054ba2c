"""The app that the benchmarks' tasks belong to."""

import os

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Has the statements of this process counted, where the environment names a file for the count."""

    name = "benchmarks.engine"
    label = "benchmarks"

    def ready(self) -> None:
        """Count from the first connection on."""
        if path := os.environ.get("COUNT_STATEMENTS_IN"):
            from benchmarks.engine.counting import count_statements

            count_statements(path)
