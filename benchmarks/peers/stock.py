"""Do a workload with APScheduler or django-apscheduler: python -m benchmarks.peers.stock WORKLOAD PARAMETERS"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import django
from apscheduler.events import EVENT_JOB_MISSED
from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from benchmarks.lags import spread, summary
from benchmarks.peers.bodies import STARTED
from benchmarks.peers.stores import create_job, create_scheduler, store_jobs
from benchmarks.peers.timing import lag_summary, wait_until_done
from benchmarks.workloads import do_workload

ROWS_STORED_EACH_SECOND = 2_000


def burst(*, store: str, grace: int | None, jobs: int, limit: float) -> dict[str, Any]:
    """Let hourly jobs be due at once; `grace` is their misfire_grace_time. No more than `limit` seconds are waited."""
    scheduler = create_scheduler(store)
    due = _start(jobs)
    trigger = IntervalTrigger(hours=1, start_date=due, timezone=UTC)
    policies = {"misfire_grace_time": grace, "coalesce": True, "max_instances": 1}
    missed: list[object] = []
    scheduler.add_listener(missed.append, EVENT_JOB_MISSED)
    _run(scheduler, [create_job(scheduler, n, trigger, next_run_time=due, **policies) for n in range(jobs)], due)
    wait_until_done(lambda: len(STARTED) + len(missed), jobs, until=due.timestamp() + limit)
    started = [moment for _number, moment in STARTED]
    last = max(started, default=due.timestamp())
    return summary([moment - due.timestamp() for moment in started], seconds=last - due.timestamp())


def steady(*, store: str, grace: int | None, jobs: int, seconds: int) -> dict[str, Any]:
    """Run jobs each second, half by interval and spread, half by cron; nothing is folded, skipped or missed."""
    scheduler = create_scheduler(store)
    start = _start(jobs)
    end = start + timedelta(seconds=seconds, microseconds=-1)
    firsts = [start if number % 2 else start + spread(number, jobs) for number in range(jobs)]
    policies = {"misfire_grace_time": grace, "coalesce": False, "max_instances": 1_000}
    stored = [
        create_job(scheduler, number, _every_second(number, first, end), next_run_time=first, **policies)
        for number, first in enumerate(firsts)
    ]
    _run(scheduler, stored, start)
    wait_until_done(lambda: len(STARTED), jobs * seconds, until=end.timestamp() + 10)
    return lag_summary(list(STARTED), [first.timestamp() for first in firsts], seconds=seconds)


def _every_second(number: int, first: datetime, end: datetime) -> Any:
    if number % 2:
        return CronTrigger(second="*", start_date=first, end_date=end, timezone="America/New_York")
    return IntervalTrigger(seconds=1, start_date=first, end_date=end, timezone=UTC)


def _start(jobs: int) -> datetime:
    """A full second by which so many jobs should be stored."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3 + jobs // ROWS_STORED_EACH_SECOND)


def _run(scheduler: BackgroundScheduler, jobs: Sequence[Job], start: datetime) -> None:
    store_jobs(scheduler, jobs)
    if datetime.now(UTC) > start:
        raise TimeoutError("The jobs were not stored before they were due.")
    scheduler.start()


def main() -> None:
    """Do it; then leave without waiting for a scheduler that may be far behind."""
    django.setup()
    do_workload({"burst": burst, "steady": steady})
    os._exit(0)


if __name__ == "__main__":
    main()
