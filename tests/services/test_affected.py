"""What a maintenance window will do, foretold by job, name and time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduler.models import Job, MaintenanceWindow
from scheduler.services.affected import MOST_OCCURRENCES, MOST_SPANS, Effect, affected_by, next_span_of
from scheduler.services.jobs import create_job, pause_job
from scheduler.services.windows import create_window, read_window
from tests.services.rows import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def window(*, start: float = 60, minutes: int = 30, **more: Any) -> MaintenanceWindow:
    """A window that begins so many minutes from now, and is not stored."""
    date = {"trigger": "date", "run_date": after(start).isoformat()}
    return read_window({"name": "deploy", **date, "duration_seconds": 60 * minutes, **more}, now=NOW)


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def job(job_id: str, *, every: int = 10, **more: Any) -> None:
    trigger = {"trigger": "interval", "minutes": every, "start_date": NOW.isoformat()}
    create_job({"id": job_id, "func": "jobs:nothing", "name": job_id.title(), **trigger, **more})


def effect_of(row: MaintenanceWindow) -> Effect:
    return affected_by(row, now=NOW)


def shown(effect: Effect) -> list[tuple[str, float, float | None]]:
    """Job, scheduled for, runs at; in minutes from now."""
    minute = timedelta(minutes=1)
    return [
        (each.job_id, (each.scheduled_for - NOW) / minute, (each.at - NOW) / minute if each.at else None)
        for each in effect.occurrences
    ]


def test_occurrences_are_named_by_job_and_time_with_what_becomes_of_them() -> None:
    job("all", every=20, maintenance="all")
    job("once", maintenance="once")
    job("skip", every=15)

    effect = effect_of(window())

    assert effect.jobs == 3
    assert shown(effect) == [
        ("all", 60, 90),
        ("once", 60, 90),
        ("skip", 60, None),
        ("once", 70, None),
        ("skip", 75, None),
        ("all", 80, 90),
        ("once", 80, None),
    ]
    first = effect.occurrences[0]
    assert (first.name, first.maintenance, "deploy" in first.reason) == ("All", "all", True)


def test_of_a_job_that_is_paused_for_a_while_what_comes_afterwards_is_affected() -> None:
    job("job")
    job("broken")
    for job_id in ("job", "broken"):
        pause_job(job_id, until=after(75))
    Job.objects.filter(pk="broken").update(problem="func: There is no task.")

    effect = effect_of(window())

    assert shown(effect) == [("job", 80, None)]


def test_only_what_is_scheduled_and_concerned_is_affected() -> None:
    job("tagged", tags=["billing"])
    job("other", tags=["x"])
    job("paused", tags=["billing"])
    pause_job("paused")
    job("rare", every=10_000, tags=["billing"])
    create_job({"id": "later", "func": "jobs:nothing", "run_date": after(90).isoformat(), "tags": ["billing"]})

    effect = effect_of(window(tags=["billing"]))

    assert {each.job_id for each in effect.occurrences} == {"tagged"}
    assert effect.jobs == 1


def test_run_that_somebody_moved_by_hand_is_affected() -> None:
    job("moved", every=1000, next_run_time=after(61).isoformat())

    assert shown(effect_of(window())) == [("moved", 61, None)]


def test_next_spans_are_shown_up_to_a_bound() -> None:
    job("job", every=60)
    row = read_window({"name": "n", "trigger": "interval", "hours": 2, "duration_seconds": 60}, now=NOW)

    effect = effect_of(row)

    assert [(span.start - NOW) / timedelta(hours=1) for span in effect.spans] == [2, 4, 6][:MOST_SPANS]
    assert [each.scheduled_for for each in effect.occurrences] == [span.start for span in effect.spans]


def test_occurrences_are_shown_up_to_a_bound() -> None:
    create_job({"id": "often", "func": "jobs:nothing", "trigger": "interval", "seconds": 1})

    effect = effect_of(window())

    assert (len(effect.occurrences), effect.has_more) == (MOST_OCCURRENCES, True)


def test_window_that_is_over_affects_nothing() -> None:
    job("job")

    assert effect_of(window(start=-60)) == Effect(spans=(), jobs=0, occurrences=(), has_more=False)


def test_window_in_force_is_shown_from_now_on() -> None:
    job("job")

    effect = effect_of(window(start=-15))

    assert [span.start for span in effect.spans] == [after(-15)]
    assert [at for _job, at, _runs in shown(effect)] == [0, 10]


def test_other_windows_lengthen_the_wait() -> None:
    create_window({"name": "longer", "trigger": "date", "run_date": after(80).isoformat(), "duration_seconds": 3600})
    job("all", every=20, maintenance="all")

    assert shown(effect_of(window())) == [("all", 60, 140), ("all", 80, 140)]


def test_run_that_waits_since_another_window_is_the_one_that_runs_once() -> None:
    create_window({"name": "earlier", "trigger": "date", "run_date": after(40).isoformat(), "duration_seconds": 1800})
    job("once", maintenance="once")

    assert shown(effect_of(window())) == [("once", 60, None), ("once", 70, None), ("once", 80, None)]


def test_change_of_a_stored_window_is_foretold_instead_of_it() -> None:
    create_window({"name": "deploy", "trigger": "date", "run_date": after(60).isoformat(), "duration_seconds": 7200})
    job("all", every=20, maintenance="all")

    assert shown(effect_of(window())) == [("all", 60, 90), ("all", 80, 90)]


def test_broken_jobs_and_windows_are_left_out() -> None:
    job("bad")
    Job.objects.update(trigger=[5], tags=5)
    MaintenanceWindow.objects.create(name="bad", trigger=[5], timezone="UTC", duration_seconds=60)

    assert effect_of(window()).jobs == 0
    assert next_span_of(MaintenanceWindow.objects.get(), now=datetime.now(UTC)) is None


@pytest.mark.parametrize("jobs", [1, 30])
def test_number_of_statements_is_constant(jobs: int) -> None:
    for number in range(jobs):
        job(f"job{number:02}")

    with CaptureQueriesContext(connection) as captured:
        effect = effect_of(window())

    assert (effect.jobs, len(captured)) == (jobs, 3)
