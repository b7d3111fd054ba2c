"""Makes up two weeks of history, and jobs that have it: for pictures, in a database that is thrown away."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from scheduler.models import Execution, Job, Status, first_id_of
from scheduler.services.counting import count_hours
from scheduler.services.forecast import renew_forecast
from scheduler.services.jobs import create_job
from scheduler.services.windows import create_window
from scheduler.timetables import timetable_of
from scheduler.triggers.instants import moment_of

DAYS = 14


class Demo(NamedTuple):
    """A job, how many seconds a run of it takes, and of how many runs one fails."""

    id: str
    name: str
    crontab: str
    seconds: float
    part: int


JOBS = (
    Demo("invoices", "Send invoices", "*/20 6-20 * * *", 8, 400),
    Demo("rates", "Fetch exchange rates", "7 * * * *", 2, 60),
    Demo("stock", "Reconcile the stock", "*/10 * * * *", 25, 900),
    Demo("mirror", "Mirror the product pictures", "*/15 8-19 * * *", 90, 200),
    Demo("backup", "Back up the database", "0 */4 * * *", 420, 50),
    Demo("digest", "Digest for the team", "30 7,12,17 * * 1-5", 5, 40),
    Demo("sessions", "Forget old sessions", "45 */2 * * *", 3, 300),
    Demo("search", "Renew the search index", "*/30 * * * *", 40, 150),
    *(Demo(f"books-{shop}", f"Close the books of shop {shop}", "0 3 * * *", 60, 30) for shop in range(1, 9)),
)


def make_history() -> None:
    """Make the jobs, what they ran, and what the nodes would have counted of it by now."""
    now, chance = timezone.now(), random.Random(5)  # noqa: S311 - the same pictures each time
    move = (now + timedelta(minutes=100)).isoformat()
    create_window({"name": "move", "trigger": "date", "run_date": move, "duration_seconds": 4500, "tags": ["billing"]})
    runs: list[Execution] = []
    for demo in JOBS:
        tags = ["billing"] if demo.id == "invoices" else []
        made = {"id": demo.id, "name": demo.name, "func": "jobs:job1", "args": [1, 2], "crontab": demo.crontab}
        job = create_job({**made, "trigger": "cron", "maintenance": "once", "tags": tags})
        runs += _runs(job, demo, chance, now=now)
    # Ids are in the order of time, as if they had been made then.
    runs.sort(key=lambda run: run.scheduled_for)
    for number, run in enumerate(runs):
        run.pk = first_id_of(run.scheduled_for) + number
    Execution.objects.bulk_create(runs, batch_size=1_000)
    while count_hours(now=now):
        pass
    renew_forecast(now=now)


def _runs(job: Job, demo: Demo, chance: random.Random, *, now: datetime) -> Iterator[Execution]:
    for stamp in timetable_of(job).stamps(now - timedelta(days=DAYS), now - timedelta(minutes=8), most=10_000):
        moment, is_bad = moment_of(stamp), chance.randrange(demo.part) == 0
        late = timedelta(seconds=chance.lognormvariate(-4.2, 0.7) * (20 if chance.random() < 0.02 else 1))
        length = timedelta(seconds=demo.seconds * chance.lognormvariate(0, 0.3))
        yield Execution(
            job_id=job.pk,
            scheduled_for=moment,
            available_at=moment,
            status=Status.FAILED if is_bad else Status.SUCCEEDED,
            reason="ConnectionError: no answer" if is_bad else "",
            revision=1,
            created_at=moment,
            started_at=moment + late,
            finished_at=moment + late + length,
        )
