"""Jobs that are due at one instant."""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.cores import BusyCores
from benchmarks.engine import rows
from benchmarks.engine.counting import statements_in
from benchmarks.engine.nodes import RunningNode, node, wait_for, wait_until_ready
from benchmarks.lags import summary
from scheduler.models import Execution, Schedule, Status

LONGEST_SLEEP = timedelta(seconds=1.2)
# To look costs the database something, which the peers, who look into their own memory, don't pay.
LOOK_SECONDS = 0.5


def burst(*, jobs: int, limit: float) -> dict[str, Any]:
    """Let hourly jobs that do nothing be due at once on a node that is idle, with the default policies."""
    prepare(jobs)
    with node() as running:
        wait_until_ready(running)
        return fire(running, limit=limit)


def statements(*, jobs: int, limit: float) -> dict[str, Any]:
    """Count what a node executes from a burst's due instant until its last run is recorded, for each run."""
    prepare(jobs)
    with tempfile.NamedTemporaryFile() as count, node(COUNT_STATEMENTS_IN=count.name) as running:
        wait_until_ready(running)
        before = statements_in(Path(count.name))
        fires = fire(running, limit=limit)["fires"]
        return {"statements": (statements_in(Path(count.name)) - before) / fires}


def prepare(jobs: int) -> None:
    """Store jobs that are not due yet, and nothing else."""
    rows.clear()
    rows.store(rows.hourly(jobs))


def fire(running: RunningNode, *, limit: float) -> dict[str, Any]:
    """Make the stored jobs due, wait until all is recorded, and tell what the ledger says."""
    due = make_due_soon()
    time.sleep((due - datetime.now(UTC)).total_seconds())
    cores = BusyCores()
    every = LOOK_SECONDS
    wait_for(lambda: not Schedule.objects.filter(next_run_time__lte=due).exists(), running, seconds=limit, every=every)
    wait_for(lambda: not Execution.objects.active().exists(), running, seconds=limit, every=every)
    ended = Execution.objects.filter(status=Status.SUCCEEDED).values_list("started_at", flat=True)
    lags = [(moment - due).total_seconds() for moment in ended if moment]
    seconds = max(lags, default=limit)
    busy = cores.between(due.timestamp(), due.timestamp() + seconds)
    return {**summary(lags, seconds=seconds), "cores": busy}


def make_due_soon() -> datetime:
    """Make all jobs due so late that a node, which may be asleep for a second, knows of it beforehand."""
    lead = timedelta(seconds=2)
    while True:
        due = datetime.now(UTC) + lead
        rows.make_all_due(due)
        if due > datetime.now(UTC) + LONGEST_SLEEP:
            return due
        # The node may have claimed them: its history goes, and they are due again, later.
        lead *= 2
        Execution.objects.all().delete()
