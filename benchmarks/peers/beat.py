"""Do a workload with Celery beat, django-celery-beat and one worker: python -m benchmarks.peers.beat ..."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

from benchmarks.lags import spread, summary
from benchmarks.peers.timing import lag_summary, wait_until_done
from benchmarks.processes import ROOT, stop
from benchmarks.workloads import do_workload
from tests.servers import find_program, free_port

# Beat reads all its rows, some hundreds a second, before it looks at the clock.
ROWS_READ_EACH_SECOND = 400
START_SECONDS = 8


def burst(*, jobs: int, limit: float) -> dict[str, Any]:
    """Let hourly jobs be due at once. No more than `limit` seconds are waited."""
    from django_celery_beat.models import IntervalSchedule

    with worker() as notes:
        due = _start(jobs)
        hourly, _made = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.HOURS)
        _store(jobs, lambda number: {"interval": hourly, "last_run_at": due - timedelta(hours=1)})
        with celery("beat", "--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"):
            wait_until_done(lambda: len(read(notes)), jobs, until=due.timestamp() + limit)
            started = [moment for _number, moment in read(notes)]
    last = max(started, default=due.timestamp())
    return summary([moment - due.timestamp() for moment in started], seconds=last - due.timestamp())


def steady(*, jobs: int, seconds: int) -> dict[str, Any]:
    """Run jobs each second, spread; all by interval, since its crontabs know no seconds."""
    from django_celery_beat.models import IntervalSchedule

    with worker() as notes:
        start = _start(jobs)
        end = start + timedelta(seconds=seconds, microseconds=-1)
        firsts = [start + spread(number, jobs) for number in range(jobs)]
        every = IntervalSchedule.objects.create(every=1, period="seconds")
        a_second = timedelta(seconds=1)
        _store(jobs, lambda number: {"interval": every, "last_run_at": firsts[number] - a_second, "expires": end})
        time.sleep(max((start - datetime.now(UTC)).total_seconds() - START_SECONDS / 4, 0))
        with celery("beat", "--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"):
            wait_until_done(lambda: len(read(notes)), jobs * seconds, until=end.timestamp() + 10)
            return lag_summary(read(notes), [first.timestamp() for first in firsts], seconds=seconds)


@contextmanager
def worker() -> Iterator[Path]:
    """A worker that is ready, with a broker of its own; answers the folder of its notes."""
    with ExitStack() as stack:
        os.environ["BROKER_URL"] = stack.enter_context(redis())
        notes = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="carnation-benchmark-")))
        os.environ["NOTES"] = str(notes)
        stack.enter_context(celery("worker"))
        _wait_for_worker()
        yield notes


@contextmanager
def redis() -> Iterator[str]:
    """A Redis server of our own that keeps nothing; answers its URL."""
    port = free_port()
    command = [find_program("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    with running([*command, "--save", "", "--appendonly", "no"]):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def celery(*arguments: str) -> Iterator[None]:
    """A process of Celery's."""
    with tempfile.TemporaryDirectory(prefix="carnation-benchmark-") as folder:
        own_files = ["--pidfile", "", "--schedule", f"{folder}/schedule"] if arguments[0] == "beat" else []
        command = [sys.executable, "-m", "celery", "--app", "benchmarks.peers.celery_app", *arguments, *own_files]
        with running([*command, "--loglevel", "error"]):
            yield


@contextmanager
def running(command: list[str]) -> Iterator[None]:
    """A process for as long as the block lasts."""
    with subprocess.Popen(command, cwd=ROOT, stdout=sys.stderr) as process:
        try:
            yield
        finally:
            stop(process)


def read(notes: Path) -> list[tuple[int, float]]:
    """Read which bodies began when."""
    lines = [line.split() for path in notes.iterdir() for line in path.read_text().splitlines()]
    return [(int(words[0]), float(words[1])) for words in lines if len(words) == 2]


def _wait_for_worker() -> None:
    from benchmarks.peers.celery_app import app

    deadline = time.monotonic() + 60
    while not app.control.ping(timeout=1):
        if time.monotonic() > deadline:
            sys.exit("Celery's worker did not start.")


def _start(jobs: int) -> datetime:
    """A full second by which beat should have read so many rows."""
    seconds = START_SECONDS + jobs // ROWS_READ_EACH_SECOND
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)


def _store(count: int, columns: Callable[[int], dict[str, Any]]) -> None:
    """Write all rows that beat shall read, and nothing else."""
    from django_celery_beat.models import PeriodicTask, PeriodicTasks

    PeriodicTask.objects.all().delete()
    PeriodicTask.objects.bulk_create(
        [
            PeriodicTask(name=f"job-{number}", task="note", args=json.dumps([number]), **columns(number))
            for number in range(count)
        ],
        batch_size=1_000,
    )
    PeriodicTasks.update_changed()


if __name__ == "__main__":
    django.setup()
    do_workload({"burst": burst, "steady": steady})
