"""How soon a node obeys what another process changes."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Max

from benchmarks.engine import rows
from benchmarks.engine.nodes import RunningNode, node, wait_for, wait_until_ready
from benchmarks.lags import quantile
from scheduler.models import Execution
from scheduler.services.jobs import change_job, create_job, pause_job
from scheduler.services.runs import run_job

OBEYED_WITHIN_SECONDS = 30
CHANGES = ("add", "edit", "run now", "pause")


def pickup(*, change: str, tries: int) -> dict[str, Any]:
    """Make one kind of change again and again, at moments that have nothing to do with the node's own."""
    rows.clear()
    rows.store(_jobs_to_pause(tries) if change == "pause" else rows.one_shots(tries))
    with node() as running:
        wait_until_ready(running)
        waits = _pause_all(tries) if change == "pause" else [_try(running, change, number) for number in range(tries)]
    return {"tries": len(waits), "p50": quantile(waits, 0.5), "p99": quantile(waits, 0.99)}


def _try(running: RunningNode, change: str, number: int) -> float:
    """Make a change that asks for a run at once; return the seconds from then until its body began."""
    # Longer than the node's sleep: it lies down again after each run, and is to be met at any point of its sleep.
    time.sleep(random.uniform(0.2, 1.2))
    asked_at = datetime.now(UTC)
    job_id = _ask(change, number, asked_at)
    started = Execution.objects.filter(job_id=job_id, started_at__isnull=False).values_list("started_at", flat=True)
    moment = wait_for(started.first, running, seconds=OBEYED_WITHIN_SECONDS)
    return (moment - asked_at).total_seconds() if moment else OBEYED_WITHIN_SECONDS


def _ask(change: str, number: int, now: datetime) -> str:
    """Add a job that is due now, let one be due now, or run one now; return its id."""
    job_id, when = f"job-{number:06}", {"trigger": "date", "run_date": now.isoformat()}
    asks: dict[str, Callable[[], object]] = {
        "add": partial(create_job, {"id": f"new-{number}", "func": rows.FUNC, **when}),
        "edit": partial(change_job, job_id, when),
        "run now": partial(run_job, job_id),
    }
    asks[change]()
    return f"new-{number}" if change == "add" else job_id


def _jobs_to_pause(count: int) -> list[Any]:
    start = datetime.now(UTC)
    return [
        rows.job(
            f"job-{number:06}",
            {
                "trigger": "interval",
                "seconds": 1,
                "start_date": (start + timedelta(seconds=number / count)).isoformat(),
            },
        )
        for number in range(count)
    ]


def _pause_all(count: int) -> list[float]:
    """Pause jobs of every second one by one; return the seconds for which each still had bodies begin."""
    paused_at = {}
    for number in range(count):
        time.sleep(random.uniform(0, 0.1))
        job_id = f"job-{number:06}"
        paused_at[job_id] = datetime.now(UTC)
        pause_job(job_id)
    time.sleep(3)
    last = Execution.objects.order_by().values_list("job_id").annotate(last=Max("started_at"))
    return [max((moment - paused_at[job_id]).total_seconds(), 0) for job_id, moment in last]
