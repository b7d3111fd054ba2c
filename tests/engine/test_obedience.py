"""What other processes write is obeyed, by whichever path they write it, and never undone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from scheduler.models import Execution, Job, Schedule, Status
from scheduler.services import control
from scheduler.services.jobs import change_job, create_job, delete_job, pause_job, resume_job
from tests.processes import Node, lines_of, wait_for

pytestmark = pytest.mark.engine


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def node(start_node: Callable[..., Node]) -> Node:
    return start_node().wait_until_ready()


def add(notes: Path, **trigger: object) -> None:
    create_job({"id": "job", "func": "jobs:note", "args": [str(notes)], **trigger})


def ran(notes: Path, times: int = 1) -> None:
    wait_for(lambda: len(lines_of(notes)) >= times, what=f"{times} runs")


def test_added_job_runs(node: Node, notes: Path) -> None:
    add(notes)

    ran(notes)


def test_job_moved_earlier_runs(node: Node, notes: Path) -> None:
    add(notes, trigger="interval", hours=1)

    change_job("job", {"trigger": "interval", "seconds": 1})

    ran(notes)


def test_job_moved_earlier_by_an_update_runs(node: Node, notes: Path) -> None:
    add(notes, trigger="interval", hours=1)
    now = timezone.now().isoformat()

    Job.objects.update(trigger={"trigger": "interval", "seconds": 1, "start_date": now})

    ran(notes, times=2)


@pytest.mark.parametrize("by_update", [False, True])
def test_paused_job_stays_paused(node: Node, notes: Path, by_update: bool) -> None:
    add(notes, trigger="interval", seconds=1)
    ran(notes)

    if by_update:
        Job.objects.update(paused=True)
        wait_for(lambda: not Job.objects.stale().exists(), what="the node to notice")
    else:
        pause_job("job")
    wait_for(lambda: not Execution.objects.active().exists(), what="the last run to end")
    runs = len(lines_of(notes))

    assert Job.objects.get().paused
    assert Schedule.objects.get().next_run_time is None
    # Another job's runs prove that the node went on through the time in which this one would have run.
    create_job(
        {"id": "witness", "func": "jobs:note", "args": [f"{notes}-witness"], "trigger": "interval", "seconds": 1}
    )
    wait_for(lambda: len(lines_of(Path(f"{notes}-witness"))) >= 3, what="the witness")
    assert len(lines_of(notes)) == runs


def test_resumed_job_runs_again(node: Node, notes: Path) -> None:
    add(notes, trigger="interval", seconds=1)
    pause_job("job")
    runs = len(lines_of(notes))

    resume_job("job")

    ran(notes, times=runs + 1)


@pytest.mark.parametrize("by_update", [False, True])
def test_deleted_job_runs_no_more(node: Node, notes: Path, by_update: bool) -> None:
    add(notes, trigger="interval", seconds=1)
    ran(notes)

    if by_update:
        Job.objects.all().delete()
        wait_for(lambda: not Schedule.objects.exists(), what="the schedule to go")
    else:
        delete_job("job")

    assert not Schedule.objects.exists()
    assert Execution.objects.filter(job_id="job").exists()


def test_stopped_scheduler_starts_nothing_until_it_is_started(node: Node, notes: Path) -> None:
    control.shutdown_scheduler()
    add(notes)
    wait_for(
        lambda: Schedule.objects.filter(next_run_time__lt=timezone.now() - timedelta(seconds=2)).exists(), what="2 s"
    )

    assert not lines_of(notes)
    control.start_scheduler()
    ran(notes)
    wait_for(lambda: Execution.objects.filter(status=Status.SUCCEEDED).exists(), what="the record")
