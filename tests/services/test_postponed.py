"""What waits for the end of a maintenance window waits for as long as the windows say."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from scheduler.models import Execution, Origin, Status
from scheduler.services.postponed import review_postponed
from scheduler.services.windows import create_window
from scheduler.timetables import read_windows
from tests.services.rows import NOW, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def waiting(job_id: str, *, until: float, **more: Any) -> Execution:
    """A run of a job that waits until so many minutes from now."""
    columns = {"reason": "Postponed.", "status": Status.QUEUED, "revision": 1, "created_at": NOW, **more}
    return Execution.objects.create(job_id=job_id, scheduled_for=after(-5), available_at=after(until), **columns)


def review() -> int:
    return review_postponed(read_windows(), now=NOW)


def until_when(execution: Execution) -> float:
    execution.refresh_from_db()
    return (execution.available_at - NOW) / timedelta(minutes=1)


def window(name: str, *, end: float, **more: Any) -> None:
    start = after(-10).isoformat()
    seconds = int((end + 10) * 60)
    create_window({"name": name, "trigger": "date", "run_date": start, "duration_seconds": seconds, **more})


def test_each_waits_for_the_windows_that_concern_its_job() -> None:
    window("all", end=30)
    window("billing", end=50, tags=["billing"])
    make_job("tagged", tags=["billing"])
    make_job("other")
    tagged, other, same = waiting("tagged", until=99), waiting("other", until=99), waiting("gone", until=30)

    assert review() == 2
    assert [until_when(each) for each in (tagged, other, same)] == [50, 30, 30]
    assert "billing" in tagged.reason
    assert same.reason == "Postponed."


def test_without_a_window_in_force_all_may_start() -> None:
    window("over", end=0)
    make_job()
    run = waiting("job", until=30)

    assert review() == 1
    assert until_when(run) == 0
    assert run.reason == "The maintenance window that it waited for was changed or deleted."


@pytest.mark.parametrize(
    "columns",
    [
        {"reason": "", "origin": Origin.RETRY},
        {"status": Status.CANCELLED},
        {"status": Status.RUNNING},
        {"cancel_requested_at": NOW},
    ],
    ids=["waits for its delay", "is over", "runs", "is to be cancelled"],
)
def test_what_waits_for_no_window_is_left_alone(columns: dict[str, Any]) -> None:
    make_job()
    run = waiting("job", until=30, **columns)

    assert review() == 0
    assert until_when(run) == 30
