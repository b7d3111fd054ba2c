"""The rows that nodes work on: stored in bulk, in step with their schedules, and taken away again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from scheduler.models import Execution, ExecutionOutput, Job, JsonText, Schedule
from scheduler.services.schedules import sync_stale_schedules

FUNC = "benchmarks.engine.jobs:no_op"
FAR_AWAY = "2099-01-01T00:00:00+00:00"


def clear() -> None:
    """Take all jobs and their history away."""
    tables = [model._meta.db_table for model in (ExecutionOutput, Execution, Schedule, Job)]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, allow_cascade=True))


def store(jobs: Iterable[Job]) -> None:
    """Store jobs and their schedules."""
    Job.objects.bulk_create(jobs, batch_size=1_000)
    while sync_stale_schedules(now=timezone.now(), limit=5_000):
        pass


def job(job_id: str, trigger: dict[str, Any], **columns: Any) -> Job:
    """Return a job that does nothing, with the default policies where none are named."""
    return Job(**{"id": job_id, "name": job_id, "func": FUNC, "trigger": trigger, "timezone": "UTC", **columns})


def one_shots(count: int, *, run_date: str = FAR_AWAY) -> Iterable[Job]:
    """Return jobs that run once."""
    return (job(f"job-{number:06}", {"trigger": "date", "run_date": run_date}) for number in range(count))


def hourly(count: int) -> Iterable[Job]:
    """Return jobs that run each hour, from a moment that `make_all_due` sets."""
    return (job(f"job-{number:06}", _each_hour_from(FAR_AWAY)) for number in range(count))


@transaction.atomic
def make_all_due(moment: datetime) -> None:
    """Let all hourly jobs be due at one moment, with schedules that agree."""
    Job.objects.update(trigger=_each_hour_from(moment.isoformat()))
    Job.objects.update(
        synced_trigger=JsonText("trigger"), synced_timezone=F("timezone"), synced_paused=F("paused"), finished_at=None
    )
    Schedule.objects.update(next_run_time=moment)


def _each_hour_from(moment: str) -> dict[str, Any]:
    return {"trigger": "interval", "hours": 1, "start_date": moment}
