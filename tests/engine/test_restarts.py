"""Nodes that are killed, stopped and started again: nothing moves, nothing is lost, nothing needs a truncate."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from scheduler.models import Execution, Job, Schedule, Status
from scheduler.models import Node as NodeRow
from scheduler.services.jobs import create_job, pause_job
from scheduler.services.runs import run_job
from tests.processes import Node, lines_of, wait_for

pytestmark = pytest.mark.engine

# Each takes a start; on a server there are those of tests/chaos besides.
KILLS = 10 if connection.vendor == "sqlite" else 3
DECLARED = [{"id": "job1", "func": "carnation.jobs:job1", "args": [1, 2], "trigger": "interval", "seconds": 2}]


def test_kills_lose_no_job_and_keep_the_grid(start_node: Callable[..., Node]) -> None:
    create_job({"id": "other", "func": "jobs:nothing", "trigger": "interval", "seconds": 1})
    for kill in range(KILLS):
        node = start_node(DECLARED_JOBS=json.dumps(DECLARED)).wait_until_ready()
        assert NodeRow.objects.count() == kill + 1
        node.kill()
        assert "Traceback" not in node.output
    start_node(DECLARED_JOBS=json.dumps(DECLARED))
    wait_for(lambda: Execution.objects.filter(job_id="job1", status=Status.SUCCEEDED).exists(), what="a run of job1")

    grid = datetime.fromisoformat(Job.objects.get(pk="job1").trigger["start_date"])
    next_run_time = Schedule.objects.get(pk="job1").next_run_time
    assert next_run_time is not None
    assert (next_run_time - grid) % timedelta(seconds=2) == timedelta(0)
    assert set(Job.objects.values_list("pk", flat=True)) == {"job1", "other"}
    for execution in Execution.objects.filter(job_id="job1"):
        assert (execution.scheduled_for - grid) % timedelta(seconds=2) == timedelta(0)


def test_restart_keeps_next_run_times_and_pauses(start_node: Callable[..., Node]) -> None:
    create_job({"id": "hourly", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    create_job({"id": "paused", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    pause_job("paused")
    before = dict(Schedule.objects.values_list("pk", "next_run_time"))

    for _restart in range(2):
        assert start_node().wait_until_ready().stop() == 0

    assert dict(Schedule.objects.values_list("pk", "next_run_time")) == before
    assert Job.objects.get(pk="paused").paused


@pytest.mark.portable
def test_renamed_task_breaks_its_job_until_it_is_named_back(start_node: Callable[..., Node], tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    create_job({"id": "job", "func": "jobs:old_name", "args": [str(notes)], "trigger": "interval", "seconds": 1})
    first = start_node().wait_until_ready()
    wait_for(lambda: len(lines_of(notes)) >= 1, what="a first run")
    first.stop()

    renamed = start_node(SAMPLE_RENAMED="1").wait_until_ready()
    wait_for(lambda: Execution.objects.filter(status=Status.SKIPPED).exists(), what="a skipped run")
    renamed.stop()
    problem = Job.objects.get().problem
    history = Execution.objects.count()
    ran_before = len(lines_of(notes))

    start_node().wait_until_ready()
    wait_for(lambda: len(lines_of(notes)) > ran_before, what="a run under the old name")

    assert "jobs:old_name" in problem
    assert history >= 2
    assert Job.objects.get().problem == ""


def test_stopping_node_gives_its_bodies_a_grace_and_records_the_rest(
    start_node: Callable[..., Node], tmp_path: Path
) -> None:
    short, endless = tmp_path / "short", tmp_path / "endless"
    for name, seconds, path in (("short", 1, short), ("endless", 600, endless)):
        create_job({"id": name, "func": "jobs:sleep", "args": [seconds, str(path)], "next_run_time": None})
        run_job(name)
    node = start_node(SHUTDOWN_GRACE="3").wait_until_ready()
    wait_for(lambda: lines_of(short) and lines_of(endless), what="both bodies to begin")

    assert node.stop() == 0

    assert Execution.objects.get(job_id="short").status == Status.SUCCEEDED
    lost = Execution.objects.get(job_id="endless")
    assert (lost.status, bool(lost.reason)) == (Status.LOST, True)
    assert not Execution.objects.active().exists()


def test_what_a_stopping_node_has_not_begun_goes_back_into_the_queue(
    start_node: Callable[..., Node], tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    for number in range(4):
        job = {"id": f"job{number}", "func": "jobs:sleep", "args": [2, str(begun)], "next_run_time": None}
        create_job(job)
        run_job(f"job{number}")
    node = start_node("--threads=1", SHUTDOWN_GRACE="10").wait_until_ready()
    wait_for(lambda: lines_of(begun), what="a body to begin")

    assert node.stop() == 0

    waiting = Execution.objects.filter(status=Status.QUEUED)
    assert waiting.count() + Execution.objects.filter(status=Status.SUCCEEDED).count() == 4
    assert waiting.exists()
    assert not waiting.exclude(node=None).exists()


def test_occurrence_missed_while_no_node_ran_is_caught_up_once(start_node: Callable[..., Node], tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    start = timezone.now() - timedelta(seconds=95)
    create_job(
        {
            "id": "job",
            "func": "jobs:note",
            "args": [str(notes)],
            "trigger": "interval",
            "seconds": 10,
            "start_date": start.isoformat(),
            "next_run_time": start.isoformat(sep=" "),
        }
    )

    start_node().wait_until_ready()
    wait_for(Execution.objects.exists, what="the run that catches up")

    caught_up = Execution.objects.earliest("id")
    assert caught_up.first_scheduled_for == start
    assert caught_up.occurrences == (caught_up.scheduled_for - start) // timedelta(seconds=10) + 1
