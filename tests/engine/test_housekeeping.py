"""The housekeeper does each duty when it is time, whatever becomes of the others."""

import pytest
from pytest_django.fixtures import Settings

from scheduler.engine.housekeeping import Housekeeper
from scheduler.models import AN_HOUR, Execution, Forecast, HourlyStatistics
from scheduler.services import counting, forecast, retention
from scheduler.services.nodes import register_node
from tests.overview.rows import made
from tests.services.rows import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def housekeeper() -> Housekeeper:
    """One of a node that has registered, at NOW."""
    register_node(name="here", pid=1, threads=1, now=NOW)
    return Housekeeper(clock=lambda: NOW)


def test_hours_are_counted_before_what_is_old_goes(
    housekeeper: Housekeeper, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.engine.housekeeping.REST_SECONDS", 0)
    settings.SCHEDULER_KEEP_EXECUTIONS = 1
    for _run in range(3):
        made(NOW - 2 * AN_HOUR)

    housekeeper.do_duties()

    assert Execution.objects.count() == 1
    assert HourlyStatistics.objects.get(pk=NOW - 2 * AN_HOUR).counts == {"succeeded": 3}
    assert Forecast.objects.exists()


def test_duty_that_fails_keeps_no_other_from_being_done(
    housekeeper: Housekeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def fail(**_options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("scheduler.engine.housekeeping.connection.close", lambda: None)
    monkeypatch.setattr(forecast, "renew_forecast", fail)
    monkeypatch.setattr(counting, "count_hours", lambda **_options: done.append("count"))
    monkeypatch.setattr(retention, "prune", lambda **_options: done.append("prune"))

    housekeeper.do_duties()

    assert done == ["count", "prune"]


def test_each_duty_falls_to_one_node(housekeeper: Housekeeper, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(forecast, "renew_forecast", lambda **_options: done.append("foretell"))
    monkeypatch.setattr(counting, "count_hours", lambda **_options: done.append("count"))
    monkeypatch.setattr(retention, "prune", lambda **_options: done.append("prune"))

    housekeeper.do_duties()
    Housekeeper(clock=lambda: NOW).do_duties()

    assert done == ["foretell", "count", "prune"]
