"""A node ends the pauses that are over, in its turn, and sleeps no longer than until the next."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from scheduler.engine.pulse import feel_pulse
from scheduler.engine.scheduler import LONGEST_SLEEP, SHORTEST_SLEEP, CarnationScheduler
from scheduler.models import Execution, Job, Schedule
from scheduler.services import control
from scheduler.services.jobs import create_job, pause_job
from scheduler.testing import Travel
from tests.engine.test_timetravel import at, hourly, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scheduler() -> CarnationScheduler:
    scheduler = CarnationScheduler(name="here", threads=2)
    scheduler.prepare()
    return scheduler


def paused_job(*, ended: timedelta = timedelta(seconds=1), job_id: str = "job") -> datetime:
    """Make a job of every second whose pause ended so long ago; return when."""
    until = timezone.now() - ended
    start = (until - timedelta(hours=1)).isoformat()
    create_job({"id": job_id, "func": "jobs:nothing", "trigger": "interval", "seconds": 1, "start_date": start})
    Schedule.objects.update(next_run_time=None)
    Job.objects.update(paused=True, synced_paused=True)
    Job.objects.filter(pk=job_id).update(paused_until=until)
    return until


def test_turn_resumes_a_job_and_runs_what_is_due_since(scheduler: CarnationScheduler) -> None:
    until = paused_job(ended=timedelta(seconds=5))

    scheduler.run_once()

    assert Job.objects.get().paused is False
    # Folded, as the job's policies say of what is late.
    execution = Execution.objects.get()
    assert execution.first_scheduled_for is not None
    assert until <= execution.first_scheduled_for < until + timedelta(seconds=1)
    assert execution.occurrences in (4, 5, 6)


@pytest.mark.parametrize("halt", [control.pause_scheduler, control.shutdown_scheduler])
def test_job_resumes_while_the_scheduler_is_halted_and_does_not_run(
    scheduler: CarnationScheduler, halt: object
) -> None:
    paused_job()
    assert callable(halt)
    halt()

    scheduler.run_once()

    assert Job.objects.get().paused is False
    assert not Execution.objects.exists()


def test_node_sleeps_no_longer_than_until_the_end(scheduler: CarnationScheduler) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    pause_job("job", until=timezone.now() + timedelta(seconds=0.4))
    pulse = feel_pulse(scheduler._membership.node, now=timezone.now())

    assert SHORTEST_SLEEP <= scheduler._seconds_until(pulse) <= 0.4


def test_pause_that_somebody_holds_locked_makes_no_hot_loop(scheduler: CarnationScheduler) -> None:
    paused_job()
    pulse = feel_pulse(scheduler._membership.node, now=timezone.now())

    assert pulse.next_resume is not None
    assert scheduler._seconds_until(pulse) == LONGEST_SLEEP


def test_pulse_names_the_first_end_to_the_microsecond(scheduler: CarnationScheduler) -> None:
    first = timezone.now() + timedelta(hours=1)
    for job_id, until in (("late", first + timedelta(seconds=1)), ("soon", first)):
        create_job({"id": job_id, "func": "jobs:nothing", "trigger": "interval", "hours": 1})
        pause_job(job_id, until=until)

    assert feel_pulse(scheduler._membership.node, now=timezone.now()).next_resume == first


def test_pulse_of_jobs_that_are_paused_for_good_names_no_end(scheduler: CarnationScheduler) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    pause_job("job")

    assert feel_pulse(scheduler._membership.node, now=timezone.now()).next_resume is None


def test_job_is_resumed_at_its_instant_on_a_travel(scheduler_travel: Travel) -> None:
    hourly()
    Job.objects.update(paused=True, paused_until=at(11))
    Schedule.objects.update(next_run_time=None)
    Job.objects.update(synced_paused=True)

    assert told(scheduler_travel(at(9), at(12))) == [(11, "succeeded"), (12, "succeeded")]
