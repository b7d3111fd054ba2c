"""Nodes follow the calendars: what changes while they run holds from the next turn on."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from scheduler.engine.ledger import Room
from scheduler.engine.scheduler import CarnationScheduler
from scheduler.models import CalendarDay, Execution, Job, Schedule, Status, WorkCalendar
from scheduler.services.calendars import create_calendar, set_days
from scheduler.services.jobs import create_job
from scheduler.services.schedules import sync_stale_schedules
from scheduler.triggers import SpecialDay

pytestmark = pytest.mark.django_db(transaction=True)

OFF = SpecialDay(is_working=False)
DAILY: dict[str, Any] = {
    "func": "jobs:nothing",
    "trigger": "cron",
    "hour": "9",
    "calendar": "china",
    "timezone": "UTC",
    # The days of this clock pass before the outcomes are recorded.
    "max_instances": 100,
}


class Clock:
    """A clock that the test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(at(9, 18, 8))


@pytest.fixture
def scheduler(clock: Clock) -> CarnationScheduler:
    create_calendar({"name": "china", "country": "CN"})
    with time_machine.travel(clock.now, tick=False):
        create_job({"id": "job", **DAILY})
    scheduler = CarnationScheduler(name="here", threads=2, clock=clock)
    scheduler.prepare()
    scheduler._start_workers()
    return scheduler


def turn(scheduler: CarnationScheduler) -> None:
    scheduler._turn()
    scheduler._wait_for_bodies()


def next_run() -> datetime | None:
    moment: datetime | None = Schedule.objects.get(pk="job").next_run_time
    return moment


def test_chinas_calendar_says_when_a_job_runs(scheduler: CarnationScheduler, clock: Clock) -> None:
    ran = []
    while (moment := next_run()) is not None and moment < at(10, 13):
        clock.now = moment
        turn(scheduler)
        ran.append(moment)
    scheduler._drain()

    september, october = (18, 20, 21, 22, 23, 24, 28, 29, 30), (8, 9, 10, 12)
    assert ran == [*(at(9, day) for day in september), *(at(10, day) for day in october)]
    assert set(Execution.objects.values_list("scheduled_for", flat=True)) == set(ran)


def test_changed_calendar_moves_the_next_run_within_a_turn(scheduler: CarnationScheduler, clock: Clock) -> None:
    turn(scheduler)
    assert next_run() == at(9, 18)

    set_days("china", {date(2026, 9, 18): OFF})
    turn(scheduler)
    scheduler._drain()

    assert next_run() == at(9, 20)
    assert not Execution.objects.exists()


def test_node_that_has_compiled_a_job_forgets_it_when_its_calendar_changes(
    scheduler: CarnationScheduler, clock: Clock
) -> None:
    clock.now = at(9, 18)
    turn(scheduler)
    assert next_run() == at(9, 20)

    set_days("china", {date(2026, 9, 21): OFF})
    clock.now = at(9, 20)
    for _turn in range(2):
        turn(scheduler)
    scheduler._drain()

    assert next_run() == at(9, 22)
    assert Execution.objects.filter(status=Status.SUCCEEDED).count() == 2


def test_claim_goes_by_the_calendar_that_another_node_has_adapted_its_jobs_to(
    scheduler: CarnationScheduler, clock: Clock
) -> None:
    """This node felt the pulse before the change, and claims after it."""
    clock.now = at(9, 18)
    turn(scheduler)
    set_days("china", {date(2026, 9, 21): OFF})
    sync_stale_schedules(now=at(9, 19), limit=10)

    scheduler._store.claim(scheduler._membership.node, now=at(9, 20), room=Room({}))
    scheduler._drain()

    assert next_run() == at(9, 22)


def test_calendar_that_vanished_quarantines_its_jobs_and_no_other(scheduler: CarnationScheduler, clock: Clock) -> None:
    with time_machine.travel(clock.now, tick=False):
        create_job({"id": "other", "func": "jobs:nothing", "trigger": "cron", "hour": "9", "timezone": "UTC"})
    WorkCalendar.objects.all().delete()
    clock.now = at(9, 18)
    turn(scheduler)
    scheduler._drain()

    job = Job.objects.get(pk="job")
    assert "china" in job.problem
    assert Execution.objects.get(job_id="job").status == Status.SKIPPED
    assert Execution.objects.get(job_id="other").status == Status.SUCCEEDED


def test_calendar_written_past_the_services_is_seen_with_the_next_change_of_any(
    scheduler: CarnationScheduler, clock: Clock
) -> None:
    clock.now = at(9, 18)
    turn(scheduler)
    CalendarDay.objects.create(calendar_id="china", day=date(2026, 9, 21))
    clock.now = at(9, 20)
    turn(scheduler)
    unseen = next_run()

    create_calendar({"name": "another"})
    clock.now = at(9, 21)
    turn(scheduler)
    scheduler._drain()

    assert unseen == at(9, 21)
    assert next_run() == at(9, 22)


def test_turn_with_calendars_costs_one_statement_as_before(
    scheduler: CarnationScheduler, django_assert_max_num_queries: Any
) -> None:
    turn(scheduler)

    with django_assert_max_num_queries(1):
        scheduler._turn()
    scheduler._drain()
