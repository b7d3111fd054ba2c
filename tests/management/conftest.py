"""Fixtures for the tests of commands."""

from functools import partial

import pytest

from scheduler.services.comparisons import compare_plan


@pytest.fixture(autouse=True)
def _all_the_time_to_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no comparison end for want of time, however slow the machine is."""
    monkeypatch.setattr("scheduler.management.importing.compare_plan", partial(compare_plan, clock=lambda: 0.0))
