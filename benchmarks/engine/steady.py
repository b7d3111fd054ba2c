"""So many jobs each second."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.engine import rows
from benchmarks.engine.nodes import node, wait_for, wait_until_ready
from benchmarks.lags import quantile, spread
from scheduler.models import Execution, Job, Schedule, Status

LATE_SECONDS = 10
ROWS_STORED_EACH_SECOND = 600


class TooSlowError(Exception):
    """The jobs were not stored before they began."""


def steady(*, jobs: int, seconds: int, nodes: int = 1) -> dict[str, Any]:
    """Run jobs each second for so many seconds; tell how late they were, and how many did not run in time."""
    rows.clear()
    with ExitStack() as stack:
        running = [stack.enter_context(node(name=f"node-{number}")) for number in range(nodes)]
        for each in running:
            wait_until_ready(each)
        start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3 + jobs // ROWS_STORED_EACH_SECOND)
        end = start + timedelta(seconds=seconds, microseconds=-1)
        rows.store(_each_second(jobs, start, end))
        if datetime.now(UTC) > start:
            raise TooSlowError
        late = (end - datetime.now(UTC)).total_seconds() + LATE_SECONDS
        wait_for(lambda: _is_over(end), running[0], seconds=late, every=0.5)
        return _result(expected=jobs * seconds)


def _each_second(count: int, start: datetime, end: datetime) -> Iterator[Job]:
    """Half of the jobs by interval, spread over the second; half by cron, which knows whole seconds only.

    Nothing is folded or skipped: every occurrence is to run, and to run in time.
    """
    dates = {"start_date": start.isoformat(), "end_date": end.isoformat()}
    every = {"coalesce": False, "max_instances": 1_000}
    for number in range(count // 2):
        cron = {"trigger": "cron", "second": "*", **dates}
        yield rows.job(f"cron-{number:06}", cron, timezone="America/New_York", **every)
    for number in range(count - count // 2):
        moment = start + spread(number, count - count // 2)
        interval = {"trigger": "interval", "seconds": 1, **dates, "start_date": moment.isoformat()}
        yield rows.job(f"interval-{number:06}", interval, **every)


def _is_over(end: datetime) -> bool:
    return not (
        datetime.now(UTC) <= end
        or Schedule.objects.filter(next_run_time__lte=end).exists()
        or Execution.objects.active().exists()
    )


def _result(*, expected: int) -> dict[str, Any]:
    ran = Execution.objects.filter(status=Status.SUCCEEDED, started_at__isnull=False)
    moments = ran.values_list("scheduled_for", "started_at", "node_id").iterator(chunk_size=10_000)
    lags, nodes = [], Counter[int | None]()
    for scheduled_for, started_at, node_id in moments:
        lags.append((started_at - scheduled_for).total_seconds() if started_at else 0.0)
        nodes[node_id] += 1
    return {
        "lost": expected - len(lags),
        "p50": quantile(lags, 0.5),
        "p99": quantile(lags, 0.99),
        "shares": sorted(nodes.values()),
    }
