"""Makes up two weeks of history, and jobs that have it: for pictures, in a database that is thrown away."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from scheduler.models import Execution, Status, first_id_of
from scheduler.services.counting import count_hours
from scheduler.services.forecast import renew_forecast
from scheduler.services.jobs import create_job
from scheduler.services.windows import create_window

DAYS = 14
# Id, name, trigger; how many seconds a run takes, and of how many runs one fails.
JOBS: tuple[tuple[str, str, dict[str, Any], float, int], ...] = (
    ("invoices", "Send invoices", {"crontab": "*/20 6-20 * * *"}, 8, 400),
    ("rates", "Fetch exchange rates", {"crontab": "7 * * * *"}, 2, 60),
    ("stock", "Reconcile the stock", {"crontab": "*/10 * * * *"}, 25, 900),
    ("mirror", "Mirror the product pictures", {"crontab": "*/15 8-18 * * *"}, 90, 200),
    ("backup", "Back up the database", {"crontab": "0 */4 * * *"}, 420, 50),
    ("digest", "Digest for the team", {"crontab": "30 7,12,17 * * 1-5"}, 5, 40),
    ("sessions", "Forget old sessions", {"crontab": "45 */2 * * *"}, 3, 300),
)
STEPS = {"invoices": 20, "rates": 60, "stock": 10, "mirror": 15, "backup": 240, "digest": 300, "sessions": 120}


def make_history() -> None:
    """Make the jobs, what they ran, and what the nodes would have counted of it by now."""
    now, chance = timezone.now(), random.Random(5)  # noqa: S311 - the same pictures each time
    for job_id, name, trigger, _seconds, _part in JOBS:
        definition = {"id": job_id, "name": name, "func": "jobs:job1", "args": [1, 2], "trigger": "cron", **trigger}
        create_job({**definition, "maintenance": "once", "tags": ["billing"] if job_id == "invoices" else []})
    move = (now + timedelta(minutes=100)).isoformat()
    create_window({"name": "move", "trigger": "date", "run_date": move, "duration_seconds": 4500, "tags": ["billing"]})
    Execution.objects.bulk_create(_runs(chance, now=now), batch_size=1_000)
    while count_hours(now=now):
        pass
    renew_forecast(now=now)


def _runs(chance: random.Random, *, now: datetime) -> Iterator[Execution]:
    number = 0
    for job_id, _name, _trigger, seconds, part in JOBS:
        step = timedelta(minutes=STEPS[job_id])
        moment = (now - timedelta(days=DAYS)).replace(minute=7 if job_id == "rates" else 0, second=0, microsecond=0)
        while moment < now - step / 2:
            number += 1
            yield _run(job_id, moment, number, seconds, chance, is_bad=chance.randrange(part) == 0)
            moment += step


def _run(
    job_id: str, moment: datetime, number: int, seconds: float, chance: random.Random, *, is_bad: bool
) -> Execution:
    late = timedelta(seconds=chance.lognormvariate(-4.2, 0.7) * (20 if chance.random() < 0.02 else 1))
    length = timedelta(seconds=seconds * chance.lognormvariate(0, 0.3))
    return Execution(
        id=first_id_of(moment) + number,
        job_id=job_id,
        scheduled_for=moment,
        available_at=moment,
        status=Status.FAILED if is_bad else Status.SUCCEEDED,
        reason="ConnectionError: no answer" if is_bad else "",
        revision=1,
        created_at=moment,
        started_at=moment + late,
        finished_at=moment + late + length,
    )
