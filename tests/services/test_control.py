"""What all nodes are told."""

import pytest

from scheduler.exceptions import SchedulerAlreadyRunning, SchedulerNotRunning
from scheduler.models import DesiredState, SchedulerState
from scheduler.queries import desired_state
from scheduler.services.control import pause_scheduler, resume_scheduler, shutdown_scheduler, start_scheduler

pytestmark = pytest.mark.django_db


def test_scheduler_runs_until_somebody_says_otherwise() -> None:
    assert desired_state() == DesiredState.RUNNING


def test_pause_and_resume_may_be_repeated() -> None:
    pause_scheduler()
    pause_scheduler()
    assert desired_state() == DesiredState.PAUSED

    resume_scheduler()
    resume_scheduler()
    assert desired_state() == DesiredState.RUNNING


def test_stopped_scheduler_starts_again() -> None:
    shutdown_scheduler()
    assert desired_state() == DesiredState.STOPPED

    start_scheduler()
    assert desired_state() == DesiredState.RUNNING
    assert SchedulerState.objects.count() == 1


def test_paused_scheduler_can_be_shut_down() -> None:
    pause_scheduler()

    shutdown_scheduler()

    assert desired_state() == DesiredState.STOPPED


@pytest.mark.parametrize("act", [pause_scheduler, resume_scheduler, shutdown_scheduler])
def test_stopped_scheduler_can_only_be_started(act: object) -> None:
    assert callable(act)
    shutdown_scheduler()

    with pytest.raises(SchedulerNotRunning, match="Scheduler is not running"):
        act()

    assert desired_state() == DesiredState.STOPPED


def test_running_or_paused_scheduler_cannot_be_started() -> None:
    with pytest.raises(SchedulerAlreadyRunning, match="Scheduler is already running"):
        start_scheduler()
    pause_scheduler()

    with pytest.raises(SchedulerAlreadyRunning):
        start_scheduler()

    assert desired_state() == DesiredState.PAUSED
