"""A node that is stopped for so long that others declare it dead, and one that is told to end under load."""

import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from scheduler.models import Execution, Job, Status, new_id
from scheduler.models import Node as NodeRow
from scheduler.services.jobs import create_job
from scheduler.services.runs import run_job
from tests.processes import Node, lines_of, wait_for

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("heavy")]

QUICK, SLOW = 120, 12
SLOW_SECONDS = 4


def queue(job_ids: list[str], *, times: int = 1) -> None:
    """Queue runs of each job."""
    now = timezone.now()
    Execution.objects.bulk_create(
        Execution(
            id=new_id(), job_id=job_id, scheduled_for=now, attempt=attempt, origin="manual", revision=1, created_at=now
        )
        for job_id in job_ids
        for attempt in range(1, times + 1)
    )


def add_jobs(prefix: str, count: int, func: str, *args: object, folder: Path | None = None) -> list[str]:
    """Add jobs without a schedule; return their ids."""
    ids = [f"{prefix}{number}" for number in range(count)]
    for job_id in ids:
        where = [str(folder / job_id)] if folder else []
        create_job({"id": job_id, "func": func, "args": [*args, *where], "next_run_time": None, "max_instances": 1000})
    return ids


def begun(folder: Path, job_ids: list[str]) -> set[str]:
    """Return the jobs whose bodies have begun."""
    return {job_id for job_id in job_ids if lines_of(folder / job_id)}


def held_by(name: str, job_ids: list[str]) -> set[str]:
    """Return the jobs that run on the node of this name, as the ledger says."""
    nodes = list(NodeRow.objects.filter(name=name).values_list("pk", flat=True))
    rows = Execution.objects.filter(status=Status.RUNNING, node_id__in=nodes, job_id__in=job_ids)
    return set(rows.values_list("job_id", flat=True))


def suspend(node: Node) -> None:
    """Stop a process between two writes: one that held SQLite's write lock would stop all others, too."""
    node.process.send_signal(signal.SIGSTOP)
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0.5, isolation_level=None)) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                node.process.send_signal(signal.SIGCONT)
                suspend(node)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="takes long, and is the same there as on MariaDB")
def test_node_that_slept_starts_and_records_nothing_that_is_no_longer_its_own(
    start_node: Callable[..., Node], tmp_path: Path
) -> None:
    slow = add_jobs("slow", SLOW, "jobs:sleep", SLOW_SECONDS, folder=tmp_path)
    # A node that has been quick is offered more than it has workers: that is how runs come to wait in its memory.
    queue(add_jobs("quick", 1, "jobs:nothing"), times=QUICK)
    queue(slow)
    sleeper = start_node("--node=sleeper", "--threads=2").wait_until_ready()
    wait_for(lambda: len(begun(tmp_path, slow)) == 2 < len(held_by("sleeper", slow)), what="runs to wait in memory")
    wait_for(lambda: not held_by("sleeper", ["quick0"]), what="the sleeper to have nothing to write")

    suspend(sleeper)
    began, held = begun(tmp_path, slow), held_by("sleeper", slow)
    other = start_node("--node=other").wait_until_ready()
    wait_for(lambda: not held_by("sleeper", slow), what="the sleeper to be declared dead")
    sleeper.process.send_signal(signal.SIGCONT)
    wait_for(lambda: "goes on as a new one" in sleeper.output, what="the sleeper to find out")
    assert other.stop() == 0

    create_job({"id": "after", "func": "jobs:nothing"})
    wait_for(lambda: Execution.objects.filter(job_id="after", status=Status.SUCCEEDED), what="a run of the new node")
    assert sleeper.stop() == 0
    assert len(began) < len(held)
    assert begun(tmp_path, list(held)) == began
    assert set(Execution.objects.filter(status=Status.LOST).values_list("job_id", flat=True)) == held
    assert Execution.objects.get(job_id="after").node_id == NodeRow.objects.filter(name="sleeper").latest("id").pk
    # The bodies that had begun went on to their ends, of which the ledger says nothing.
    assert {len(lines_of(tmp_path / job_id)) for job_id in began} == {2}


def test_node_that_is_told_to_end_under_load_leaves_nothing_running(
    start_node: Callable[..., Node], tmp_path: Path
) -> None:
    start = timezone.now().isoformat()
    for number in range(40):
        trigger = {"trigger": "interval", "seconds": 1, "start_date": start, "max_instances": 100, "coalesce": False}
        create_job({"id": f"job{number}", "func": "jobs:sign", "args": [str(tmp_path / "notes"), "-", 0.5], **trigger})
        run_job(f"job{number}")
    node = start_node("--threads=8", SHUTDOWN_GRACE="20").wait_until_ready()
    wait_for(lambda: len(lines_of(tmp_path / "notes")) > 40, what="load")

    assert node.stop() == 0

    assert not Execution.objects.filter(status=Status.RUNNING).exists()
    # Nothing had to be given up, so it was done within the grace.
    assert not Execution.objects.filter(status=Status.LOST).exists()
    assert Execution.objects.filter(status=Status.SUCCEEDED).count() == len(lines_of(tmp_path / "notes"))
    assert Execution.objects.filter(status=Status.QUEUED).exists()
    assert Job.objects.unfinished().count() == 40
