"""The watch over running bodies."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from scheduler.engine import warden as warden_module
from scheduler.engine.warden import Warden
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


class FakeExecutor:
    """Counts how often it is tended; fails where it is told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.rounds: list[float] = []
        self._fails = fails

    def tend(self, *, now: float) -> None:
        self.rounds.append(now)
        if self._fails:
            raise RuntimeError

    def bodies(self) -> list[Any]:
        return []


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warden_module, "ROUND_SECONDS", 0.01)
    monkeypatch.setattr(warden_module, "FOLLOW_EVERY_SECONDS", 0.01)


def watch(*executors: Any) -> Iterator[Warden]:
    warden = Warden(executors)
    warden.start()
    yield warden
    warden.stop()


def test_each_executor_is_tended_by_the_monotonic_clock_also_where_another_fails() -> None:
    broken, sound = FakeExecutor(fails=True), FakeExecutor()

    for _warden in watch(broken, sound):
        wait_for(lambda: len(sound.rounds) >= 3, what="three rounds")

    assert sound.rounds == sorted(sound.rounds)
    assert sound.rounds[-1] <= time.monotonic()
    assert len(broken.rounds) >= 3


def test_database_that_is_away_keeps_no_timeout_from_coming(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("the server has gone away")

    monkeypatch.setattr(warden_module, "follow", away)
    executor = FakeExecutor()

    for _warden in watch(executor):
        wait_for(lambda: len(executor.rounds) >= 5, what="rounds")

    assert len([record for record in caplog.records if getattr(record, "action", "") == "follow_failed"]) == 1


def test_outputs_are_followed_again_once_the_database_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[float] = []

    def sometimes(_bodies: Any, *, now: float) -> None:
        calls.append(now)
        if len(calls) % 2:
            raise OperationalError("the server has gone away")

    monkeypatch.setattr(warden_module, "follow", sometimes)

    for _warden in watch(FakeExecutor()):
        wait_for(lambda: len(calls) >= 4, what="four tries")


def test_stopped_warden_has_ended() -> None:
    watched = list(watch(FakeExecutor()))

    assert not watched[0].is_alive()
