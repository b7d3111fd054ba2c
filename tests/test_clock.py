"""The present moment, and who goes by another."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from scheduler import clock

pytestmark = pytest.mark.pure

THEN = datetime(2031, 5, 6, tzinfo=UTC)


def test_present_moment_is_that_of_the_machine() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_another_clock_holds_within_and_not_after() -> None:
    with clock.going_by(lambda: THEN):
        within = clock.now()

    assert within == THEN
    assert clock.now() != THEN


def test_thread_goes_by_the_clock_of_the_machine() -> None:
    told: list[datetime] = []
    with clock.going_by(lambda: THEN):
        thread = Thread(target=lambda: told.append(clock.now()))
        thread.start()
        thread.join()

    assert told[0] != THEN
