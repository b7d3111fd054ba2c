"""Simulations of 200 jobs over 30 days: the typical mix, read from a database, and without one."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.options import Options
from benchmarks.report import Measurement, Verdict, at_most

NOW = datetime.now(UTC)
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Sydney", "UTC", "Africa/Cairo", "Asia/Tokyo")
SECONDS = "s"
TARGET = 2.0


def measure(options: Options) -> Iterator[Measurement | Verdict]:
    """Carnation's, with SQLite in memory: what the database adds is a few statements."""
    _set_up()
    from scheduler.services.planned import read_question
    from scheduler.services.simulation import simulate_planned, simulate_request

    _store(mix())
    change = {"job": {"id": "daily-7", "trigger": "cron", "hour": 5}, "days": 30, "timezone": "Asia/Shanghai"}
    workloads: dict[str, Callable[[], Any]] = {
        "200 jobs as they are": lambda: simulate_planned([], read_question({}, now=NOW)),
        "200 jobs, one changed": lambda: simulate_request(change, now=NOW),
    }
    for workload, simulate in workloads.items():
        samples = tuple(_seconds(simulate) for _round in range(options.rounds))
        measured = Measurement(
            benchmark="simulation", contestant="Carnation", workload=workload, unit=SECONDS, samples=samples
        )
        yield measured
        yield at_most(f"{workload}, 30 days: s", measured, TARGET)
    starts = simulate_planned([], read_question({}, now=NOW)).after.starts
    yield Measurement(
        benchmark="simulation",
        contestant="Carnation",
        workload="200 jobs as they are",
        unit="starts",
        samples=(starts,),
    )


def mix() -> Iterator[dict[str, Any]]:
    """Yield 140 daily jobs in seven zones, 40 hourly, 15 of every five minutes and 5 of every minute."""
    for number in range(140):
        clock = {"hour": number % 24, "minute": 0 if number % 3 else number * 7 % 60}
        yield {"id": f"daily-{number}", "trigger": "cron", **clock, "timezone": ZONES[number % len(ZONES)]}
    for number in range(40):
        yield {"id": f"hourly-{number}", "trigger": "cron", "crontab": f"{number * 3 % 60} * * * *"}
    for number in range(15):
        yield {"id": f"often-{number}", "trigger": "cron", "crontab": "*/5 * * * *", "timezone": ZONES[number % 7]}
    for number in range(5):
        yield {"id": f"minutely-{number}", "trigger": "interval", "minutes": 1}


def _set_up() -> None:
    os.environ["DATABASE_URL"] = "sqlite://:memory:"
    os.environ["DJANGO_SETTINGS_MODULE"] = "carnation.settings"
    os.environ.setdefault("SECRET_KEY", "for-the-benchmark-only")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _store(jobs: Iterator[dict[str, Any]]) -> None:
    from scheduler.models import Execution, Status
    from scheduler.services.jobs import create_job

    for job in jobs:
        create_job({"func": "carnation.jobs:job1", "args": [1, 2], **job})
        ended = {"status": Status.SUCCEEDED, "revision": 1, "created_at": NOW, "started_at": NOW}
        Execution.objects.bulk_create(
            Execution(
                job_id=job["id"],
                scheduled_for=NOW - timedelta(hours=number),
                finished_at=NOW + timedelta(seconds=1 + number),
                **ended,
            )
            for number in range(20)
        )


def _seconds(simulate: Callable[[], Any]) -> float:
    began = time.perf_counter()
    simulate()
    return time.perf_counter() - began
