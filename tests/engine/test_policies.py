"""The policies end to end: nodes in processes of their own, bodies in threads and in children."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from scheduler.actors import acting
from scheduler.models import DEAD_AFTER, Execution, ExecutionOutput, Origin, Status
from scheduler.models import Node as NodeRow
from scheduler.services.executions import cancel_execution
from scheduler.services.jobs import create_job
from scheduler.services.runs import run_job
from tests.engine.test_processes import is_alive
from tests.processes import Node, lines_of, wait_for

pytestmark = pytest.mark.engine


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


def add(job_id: str, func: str, *args: Any, **more: Any) -> None:
    """Add a job that runs by hand only, unless `more` says otherwise."""
    never = {} if "trigger" in more else {"trigger": "date", "run_date": "2136-01-01"}
    create_job({"id": job_id, "func": f"jobs:{func}", "args": list(args), **never, **more})


def ended(job_id: str, **about: Any) -> Execution:
    """Wait until a run has ended, and return its row."""
    rows = Execution.objects.final().filter(job_id=job_id, **about)
    return wait_for(rows.first, what=f"{job_id} to end")


def pids_in(notes: Path) -> list[int]:
    return [int(line.split()[0]) for line in lines_of(notes)]


@pytest.mark.portable
def test_hung_child_is_ended_and_the_next_run_comes_on_time(start_node: Callable[..., Node], notes: Path) -> None:
    start_node().wait_until_ready()
    # Until the children are there.
    add("first", "nothing", executor="processes", trigger=None)
    ended("first")

    add("hung", "hang", str(notes), executor="processes", timeout=1, trigger="interval", seconds=6)
    first = ended("hung")
    second = wait_for(
        lambda: Execution.objects.filter(job_id="hung", scheduled_for__gt=first.scheduled_for).first(),
        what="the next run",
    )

    assert (first.status, first.reason) == (Status.TIMED_OUT, "It ran longer than its timeout of 1 s.")
    assert "in hang" in first.output.traceback
    assert not is_alive(pids_in(notes)[0])
    assert (second.scheduled_for - first.scheduled_for, second.status) == (timedelta(seconds=6), Status.RUNNING)


@pytest.mark.portable
def test_program_that_a_body_runs_ends_with_a_node_that_is_killed(start_node: Callable[..., Node], notes: Path) -> None:
    node = start_node().wait_until_ready()
    add("hung", "hang_with_program", str(notes), executor="processes", trigger=None)
    program, body = wait_for(
        lambda: pids if len(pids := pids_in(notes)) == 2 else None, what="the body and its program"
    )
    assert is_alive(program)

    node.kill()

    wait_for(lambda: not is_alive(program) and not is_alive(body), what="both to be gone", seconds=10)


def test_any_output_of_threads_and_processes_is_kept(start_node: Callable[..., Node]) -> None:
    kept = "null \\x00 emoji 😀 康乃馨 surrogate \\ud800"
    start_node().wait_until_ready()
    for executor in ("default", "processes"):
        add(executor, "talk_strangely", executor=executor)
        run_job(executor)

    for executor in ("default", "processes"):
        row = ended(executor)
        assert (row.status, row.reason) == (Status.SUCCEEDED, "")
        assert row.output.log.splitlines()[:2] == [f"{kept} from stdout", f"{kept} from stderr"]
        assert "from logging" in row.output.log
        assert (row.output.progress_done, row.output.progress_total) == (1, 2)
        assert row.output.progress_text == kept


def test_output_can_be_followed_while_a_child_runs(start_node: Callable[..., Node]) -> None:
    start_node().wait_until_ready()
    add("talks", "talk", "early", 30, executor="processes")
    execution = run_job("talks")

    output = wait_for(
        ExecutionOutput.objects.filter(pk=execution.pk, progress_done__isnull=False).first, what="the first words"
    )

    assert "early from stdout" in output.log
    assert (output.progress_done, output.progress_total, output.progress_text) == (1, 2, "early")
    execution.refresh_from_db()
    assert execution.status == Status.RUNNING
    cancel_execution(execution.pk)
    assert ended("talks").status == Status.CANCELLED


def test_run_by_hand_with_arguments_is_cancelled_by_hand(start_node: Callable[..., Node], notes: Path) -> None:
    start_node().wait_until_ready()
    for executor, func in (("default", "wait_until_told"), ("processes", "hang_in_order")):
        add(executor, func, "nowhere", executor=executor)
        path = notes.with_name(executor)
        execution = run_job(executor, {"args": [str(path)]})
        if executor == "processes":
            wait_for(partial(lines_of, path), what="the body to begin")
        wait_for(Execution.objects.filter(pk=execution.pk, status=Status.RUNNING).exists, what="the run to start")

        with acting(name="Eve", source="admin"):
            cancel_execution(execution.pk)

        row = ended(executor)
        assert (row.status, row.reason) == (Status.CANCELLED, "Cancelled by Eve.")
        assert lines_of(path)[-1].split()[0] in ("told", "tidied")


def test_failing_run_is_tried_again_until_it_succeeds(start_node: Callable[..., Node], notes: Path) -> None:
    start_node().wait_until_ready()
    add("flaky", "fail_until", str(notes), 2, retries=5, retry_delay=1, retry_max_delay=1, retry_on=["OSError"])
    run_job("flaky")

    ended("flaky", status=Status.SUCCEEDED)

    rows = list(Execution.objects.order_by("attempt").values_list("attempt", "status", "origin"))
    assert rows == [
        (1, Status.FAILED, Origin.MANUAL),
        (2, Status.FAILED, Origin.RETRY),
        (3, Status.SUCCEEDED, Origin.RETRY),
    ]
    assert [line.rsplit(" ", 1)[0] for line in lines_of(notes)] == ["try 1", "try 2", "try 3"]


def test_sigterm_under_load_leaves_no_row_running_and_no_process(
    start_node: Callable[..., Node], tmp_path: Path
) -> None:
    for number in range(6):
        executor = ("default", "processes")[number % 2]
        add(f"hung{number}", "hang", str(tmp_path / executor), executor=executor)
        run_job(f"hung{number}")
    for number in range(20):
        add(f"busy{number}", "talk", "busy", 0.2, trigger="interval", seconds=1, max_instances=5)
    node = start_node(SHUTDOWN_GRACE="2").wait_until_ready()
    wait_for(lambda: len(lines_of(tmp_path / "processes")) == 3, what="the children's bodies")
    wait_for(lambda: len(lines_of(tmp_path / "default")) == 3, what="the threads' bodies")

    assert node.stop() == 0

    assert not Execution.objects.filter(status=Status.RUNNING).exists()
    hung = Execution.objects.filter(job_id__in=[f"hung{number}" for number in range(6)])
    assert set(hung.values_list("status", flat=True)) == {Status.LOST}
    assert not any(map(is_alive, pids_in(tmp_path / "processes")))


def test_run_of_a_node_that_is_killed_is_run_once_more_by_another(
    start_node: Callable[..., Node], tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    for job_id, on_lost in (("again", "rerun"), ("once", "fail")):
        add(job_id, "sleep_first", str(tmp_path / job_id), str(begun), on_lost=on_lost, executor="processes")
        run_job(job_id)
    first = start_node("--node=first").wait_until_ready()
    wait_for(lambda: len(lines_of(begun)) == 2, what="both bodies to begin")
    children = pids_in(begun)
    start_node("--node=second").wait_until_ready()

    first.kill()

    wait_for(lambda: not any(map(is_alive, children)), what="the children to die with their node")
    recovery = wait_for(
        lambda: Execution.objects.final().filter(origin=Origin.RECOVERY).first(), what="the recovery to end"
    )
    assert (recovery.job_id, recovery.status, recovery.attempt) == ("again", Status.SUCCEEDED, 2)
    assert (len(lines_of(tmp_path / "again")), len(lines_of(tmp_path / "once"))) == (2, 1)
    assert Execution.objects.filter(status=Status.LOST).count() == 2
    assert Execution.objects.count() == 3
    assert NodeRow.objects.get(name="first").stopped_at is not None
    assert timezone.now() - NodeRow.objects.get(name="first").heartbeat_at > DEAD_AFTER
