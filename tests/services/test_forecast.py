"""How many runs will start is foretold from the triggers, and stored."""

from datetime import timedelta

import pytest
import time_machine

from scheduler.models import A_BIN, Forecast, Job, Schedule
from scheduler.services import forecast
from scheduler.services.forecast import claim_forecast, renew_forecast
from scheduler.services.jobs import pause_job
from scheduler.services.nodes import register_node
from scheduler.services.windows import create_window
from tests.services.rows import NOW, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def foretold() -> dict[int, int]:
    """Return how many runs start, by minutes from now."""
    made = renew_forecast(now=NOW)
    minutes = (made.start - NOW) // timedelta(minutes=1)
    return {minutes + 5 * number: count for number, count in enumerate(made.starts) if count}


def test_each_job_is_foretold_for_four_days() -> None:
    make_job("hourly")
    make_job("daily", trigger="cron", hour=9)

    found = foretold()

    assert (found[30], sum(found.values())) == (1, 4 * 24 + 4)


def test_jobs_of_one_trigger_count_each() -> None:
    for number in range(3):
        make_job(f"job-{number}")

    assert foretold()[30] == 3


def test_paused_and_broken_jobs_do_not_count() -> None:
    make_job("paused")
    pause_job("paused")
    make_job("broken")
    Schedule.objects.filter(pk="broken").update(next_run_time=None)
    make_job("unreadable")
    Job.objects.filter(pk="unreadable").update(trigger=5, timezone="Mars")

    assert foretold() == {}


def test_job_that_is_paused_for_a_while_counts_from_the_end_of_its_pause_on() -> None:
    make_job()
    pause_job("job", until=NOW + timedelta(hours=2))

    assert min(foretold()) == 150


def test_windows_leave_out_what_they_skip() -> None:
    make_job()
    create_window({"name": "now", "trigger": "date", "run_date": NOW.isoformat(), "duration_seconds": 3600})

    assert min(foretold()) == 90


def test_pages_of_jobs_are_read_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "JOBS_AT_ONCE", 2)
    for number in range(5):
        make_job(f"job-{number}")

    assert foretold()[30] == 5


def test_of_too_many_occurrences_fewer_days_are_foretold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "MOST_OCCURRENCES", 60)
    make_job()

    assert max(foretold()) < 48 * 60
    assert max(foretold()) > 46 * 60


def test_of_far_too_many_nothing_is_foretold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "MOST_OCCURRENCES", 2)
    make_job()

    assert foretold() == {}


def test_bins_begin_on_the_clock(clock: time_machine.Traveller) -> None:
    make_job()

    made = renew_forecast(now=NOW + timedelta(minutes=33, seconds=20))

    assert made.start == NOW + timedelta(minutes=30)
    # That of half past was before now.
    assert made.starts[0] == 0
    assert made.starts[timedelta(hours=1) // A_BIN] == 1


def test_there_is_one_forecast() -> None:
    renew_forecast(now=NOW)
    renew_forecast(now=NOW + timedelta(hours=1))

    assert Forecast.objects.get().made_at == NOW + timedelta(hours=1)


def test_foretelling_rests_between_jobs() -> None:
    rests = []
    for number in range(3):
        make_job(f"job-{number}")

    renew_forecast(now=NOW, rest=lambda: rests.append(1))

    assert len(rests) >= 3


def test_foretelling_falls_to_one_node_every_ten_minutes() -> None:
    register_node(name="here", pid=1, threads=1, now=NOW)

    assert [claim_forecast(now=NOW) for _node in range(3)] == [True, False, False]
    assert not claim_forecast(now=NOW + timedelta(minutes=9))
    assert claim_forecast(now=NOW + timedelta(minutes=10))
