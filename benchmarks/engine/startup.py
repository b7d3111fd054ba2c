"""The start of a node on a database with many jobs."""

import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.engine import rows
from benchmarks.engine.nodes import node, wait_for
from scheduler.models import Execution

TIMEOUT_SECONDS = 120


def store(*, jobs: int) -> dict[str, Any]:
    """Store jobs that never become due."""
    rows.store(rows.one_shots(jobs))
    return {"jobs": jobs}


def startup() -> dict[str, Any]:
    """Start a node when one more job is due; tell when its body began, and how much memory the node ever had."""
    due = datetime.now(UTC)
    job_id = f"due-{due.timestamp()}"
    rows.store([rows.job(job_id, {"trigger": "date", "run_date": due.isoformat()})])
    started = Execution.objects.filter(job_id=job_id, started_at__isnull=False).values_list("started_at", flat=True)
    with node() as running:
        moment = wait_for(started.first, running, seconds=TIMEOUT_SECONDS)
        time.sleep(1)
        seconds = moment.timestamp() - running.started_at if moment else float(TIMEOUT_SECONDS)
        return {"seconds": seconds, "megabytes": running.most_megabytes()}
