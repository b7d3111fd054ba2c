"""Short ways for the tests of services to make jobs and to look at rows."""

from datetime import UTC, datetime
from typing import Any

from scheduler.models import Execution, Job, Schedule
from scheduler.services.jobs import create_job

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 18, tzinfo=UTC)
HOURLY = {"trigger": "interval", "hours": 1, "start_date": "2026-06-01T00:30:00+00:00"}
NEXT_HOURLY = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)


def make_job(job_id: str = "job", **fields: Any) -> Job:
    """Create a job that runs every hour at half past, unless the fields say otherwise."""
    trigger = {} if "trigger" in fields else HOURLY
    return create_job({"id": job_id, "func": "jobs:nothing", **trigger, **fields})


def next_run_of(job_id: str = "job") -> datetime | None:
    """Return what the job's schedule says; raise when there is none."""
    next_run_time: datetime | None = Schedule.objects.get(pk=job_id).next_run_time
    return next_run_time


def executions_of(job_id: str = "job") -> list[tuple[str, datetime]]:
    """Return status and instant of the job's executions, oldest first."""
    return list(Execution.objects.filter(job_id=job_id).order_by("id").values_list("status", "scheduled_for"))
