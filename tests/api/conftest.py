"""Fixtures of the API's tests."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from rest_framework.test import APIClient

from tests.api.reference import importable_tasks, make_reference
from tests.api.replay import Both

NOW = datetime(2030, 11, 22, 7, 57, 28, 669561, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still at NOW until the test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def both(api: APIClient, clock: time_machine.Traveller) -> Iterator[Both]:
    """Carnation and the original, side by side."""
    with importable_tasks():
        yield Both(carnation=api, original=make_reference())
