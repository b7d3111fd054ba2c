"""A clock that stands still, for services that read it."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.services.rows import NOW


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; `clock.move_to` sets it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
