"""What jobs compile to: a shared timetable where they share a trigger, and their own where their ids spread them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.engine.definitions import Definitions
from scheduler.models import Job
from scheduler.services.jobs import create_job
from scheduler.timetables import timetable_of

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize("crontab", ["H 3 * * *", "h/20 * * * *", "0 H(1-5) * * thu"])
def test_node_spreads_a_crontab_as_the_services_do(crontab: str) -> None:
    jobs = [
        {"id": f"job{number}", "func": "jobs:nothing", "trigger": "cron", "crontab": crontab} for number in range(4)
    ]
    for fields in jobs:
        create_job(fields)

    compiled = Definitions().load(f"job{number}" for number in range(4))

    for job in Job.objects.all():
        assert compiled[job.pk].timetable.next_after(NOW) == timetable_of(job).next_after(NOW)


@pytest.mark.parametrize(
    "trigger",
    [
        {"trigger": "interval", "hours": 1, "start_date": "2031-01-01"},
        {"trigger": "cron", "crontab": "0 3 * MAR thu"},
        {"trigger": "cron", "crontab": "@hourly"},
        {"trigger": "cron", "hour": "3"},
    ],
)
def test_jobs_of_one_trigger_share_its_timetable(trigger: dict[str, Any]) -> None:
    for job_id in ("a", "b"):
        create_job({"id": job_id, "func": "jobs:nothing", **trigger})

    compiled = Definitions().load(["a", "b"])

    assert compiled["a"].timetable is compiled["b"].timetable
