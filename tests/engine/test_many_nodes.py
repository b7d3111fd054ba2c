"""Several nodes on one database: every occurrence runs exactly once, counted by what the bodies wrote."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from scheduler.models import Execution, Job, Status
from scheduler.services.schedules import sync_stale_schedules
from tests.processes import Node, lines_of, wait_for

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("many-nodes")]

SECONDS = 20
# Until the first is due; a busy machine takes a while to store all jobs, and what is due before is never planned.
LEAD = timedelta(seconds=5)


def jobs_of_every_second(count: int, *, path: Path, start: datetime, end: datetime) -> None:
    """Add jobs that run each second from `start` to `end`, both inclusive, and write their ids."""
    trigger = {"trigger": "interval", "seconds": 1, "start_date": start.isoformat(), "end_date": end.isoformat()}
    Job.objects.bulk_create(
        Job(
            id=f"job{number}",
            name="job",
            func="jobs:note",
            args=[str(path), f"job{number}"],
            trigger=trigger,
            timezone="UTC",
            # A slow machine may run late, but here every single occurrence is to run.
            coalesce=False,
            max_instances=1000,
        )
        for number in range(count)
    )
    while sync_stale_schedules(now=timezone.now(), limit=200):
        pass


def test_two_nodes_run_every_occurrence_exactly_once(start_node: Callable[..., Node], tmp_path: Path) -> None:
    count = 20 if connection.vendor == "sqlite" else 100
    notes = tmp_path / "notes"
    nodes = [start_node(f"--node={name}").wait_until_ready() for name in ("one", "two")]
    start = datetime.now(UTC) + LEAD

    jobs_of_every_second(count, path=notes, start=start, end=start + timedelta(seconds=SECONDS - 1))
    wait_for(lambda: Job.objects.unfinished().count() == 0, what="all schedules to be used up")
    wait_for(lambda: not Execution.objects.active().exists(), what="all runs to be recorded")

    ran = Counter(line.split()[0] for line in lines_of(notes))
    assert ran == {f"job{number}": SECONDS for number in range(count)}
    assert Execution.objects.count() == count * SECONDS
    assert Execution.objects.filter(status=Status.SUCCEEDED).count() == count * SECONDS
    assert Execution.objects.order_by().values("node").distinct().count() == len(nodes)
    assert [node.stop() for node in nodes] == [0, 0]


def test_burst_with_default_settings_misses_nothing(start_node: Callable[..., Node], tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    due = timezone.now() + timedelta(seconds=2)
    Job.objects.bulk_create(
        Job(
            id=f"job{number}",
            name="job",
            func="jobs:note",
            args=[str(notes), f"job{number}"],
            trigger={"trigger": "date", "run_date": due.isoformat()},
            timezone="UTC",
        )
        for number in range(300)
    )

    start_node().wait_until_ready()
    wait_for(lambda: Execution.objects.filter(status=Status.SUCCEEDED).count() == 300, what="300 runs")

    assert len(lines_of(notes)) == 300
    assert Execution.objects.count() == 300
