"""Travels in time on a copy of the stored jobs, as `manage.py timetravel` does."""

import random
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.engine.rows import clear, job, store
from scheduler.engine.timetravel.copying import private_copy
from scheduler.engine.timetravel.journey import travel
from scheduler.models import Job

START = datetime(2026, 3, 1, tzinfo=UTC)
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Sydney", "Asia/Kolkata")
DAILY, HOURLY, QUARTERLY = 140, 50, 10


def time_travel(*, mix: str, days: int) -> dict[str, Any]:
    """Store a mix of jobs, and travel; answer how long that took, by the wall clock and of a core."""
    clear()
    store(_MIXES[mix]())
    began, began_of_core = time.perf_counter(), time.process_time()
    with private_copy():
        ledger = travel(start=START, end=START + timedelta(days=days))
    return {
        "seconds": time.perf_counter() - began,
        "of_core": time.process_time() - began_of_core,
        "rows": len(ledger),
        "instants": len({row.scheduled_for for row in ledger}),
    }


def _mixed(step: int) -> Iterable[Job]:
    """Return daily, hourly and quarter-hourly jobs, at minutes that `step` divides."""
    chance = random.Random(1)
    for number in range(DAILY):
        expression = f"{chance.randrange(0, 60, step)} {chance.randrange(24)} * * *"
        yield _cron(f"daily-{number}", expression, chance.choice(ZONES))
    for number in range(HOURLY):
        yield _cron(f"hourly-{number}", f"{chance.randrange(0, 60, step)} * * * *", chance.choice(ZONES))
    for number in range(QUARTERLY):
        yield _cron(f"quarterly-{number}", "*/15 * * * *", chance.choice(ZONES))


def _each_minute() -> Iterable[Job]:
    yield _cron("minutely", "* * * * *", "UTC")


def _cron(job_id: str, expression: str, zone: str) -> Job:
    return job(job_id, {"trigger": "cron", "crontab": expression}, timezone=zone)


_MIXES = {"mixed": lambda: _mixed(5), "spread": lambda: _mixed(1), "minutely": _each_minute}
