"""Fills the shop's database: jobs, calendars, windows, people, and the history of some days."""

import os
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, User

from scheduler import clock
from scheduler.actors import acting
from scheduler.models import Execution, ExecutionOutput, Job, Node, Origin, Status, first_id_of
from scheduler.services.calendars import create_calendar
from scheduler.services.counting import count_hours
from scheduler.services.forecast import renew_forecast
from scheduler.services.jobs import change_job, create_job, pause_job
from scheduler.services.runs import run_job
from scheduler.services.windows import create_window
from scheduler.timetables import timetable_of
from scheduler.words import reasons

SHANGHAI = {"timezone": "Asia/Shanghai"}
BERLIN = {"timezone": "Europe/Berlin"}
JOBS: list[dict[str, Any]] = [
    {"id": "nightly-report", "name": "Nightly report", "func": "shop.jobs:nightly_report", "args": ["sales"],
     "trigger": "cron", "crontab": "30 2 * * *", "tags": ["reports"], **SHANGHAI},
    {"id": "invoices", "name": "Send the invoices", "func": "shop.jobs:send_invoices", "kwargs": {"month": "2026-11"},
     "trigger": "cron", "hour": "8-18/2", "minute": 15, "calendar": "china", "retries": 2, "tags": ["billing"],
     **SHANGHAI},
    {"id": "orders", "name": "Import orders", "func": "shop.jobs:import_orders", "args": ["Tmall", 500],
     "trigger": "interval", "hours": 3, "overlap": "queue", "timeout": 7200, "tags": ["orders"], **SHANGHAI},
    {"id": "prices-acme", "name": "Prices of Acme", "func": "shop.jobs:refresh_prices", "args": ["Acme"],
     "trigger": "interval", "minutes": 20, "jitter": 60, "tags": ["prices"], **BERLIN},
    {"id": "prices-globex", "name": "Prices of Globex", "func": "shop.jobs:refresh_prices", "args": ["Globex"],
     "trigger": "interval", "minutes": 30, "tags": ["prices"], **BERLIN},
    {"id": "health", "name": "Is the shop well?", "func": "shop.jobs:check_shop", "args": ["https://shop.example"],
     "trigger": "interval", "minutes": 5, "max_instances": 2, "tags": ["operations"], **SHANGHAI},
    {"id": "month-end", "name": "Close the month", "func": "shop.jobs:close_month", "trigger": "cron",
     "crontab": "0 23 L * *", "tags": ["billing"], **SHANGHAI},
    {"id": "last-friday", "name": "Sales of the month", "func": "shop.jobs:nightly_report", "args": ["monthly"],
     "trigger": "rrule", "rrule": "FREQ=MONTHLY;BYDAY=-1FR", "start_date": "2026-01-01T17:00:00",
     "tags": ["reports"], **BERLIN},
    {"id": "cleanup-uploads", "name": "Clean up the uploads", "func": "shop.jobs:clean_up", "args": ["uploads", 30],
     "trigger": "cron", "day_of_week": "sun", "hour": 4, "maintenance": "once", "tags": ["operations"], **SHANGHAI},
    {"id": "cleanup-carts", "name": "Clean up the carts", "func": "shop.jobs:clean_up", "args": ["carts", 7],
     "trigger": "cron", "crontab": "45 4 * * *", "tags": ["operations"], **SHANGHAI},
    {"id": "resync", "name": "Read all orders again", "func": "shop.jobs:import_orders", "args": ["archive"],
     "trigger": "manual", "tags": ["orders"], **SHANGHAI},
]  # fmt: skip
DAYS = 3
# Of a job's past runs: what became of one in so many, and why.
MISHAPS: dict[int, tuple[Status, str]] = {
    11: (Status.FAILED, "ConnectionError: the supplier's server does not answer."),
    17: (Status.TIMED_OUT, str(reasons.TIMED_OUT % {"seconds": 60})),
    23: (Status.SKIPPED, str(reasons.TOO_MANY % {"most": 1})),
    37: (Status.MISSED, str(reasons.LATE % {"late": "4211", "grace": "3600"})),
    71: (Status.LOST, str(reasons.NODE_DIED)),
}


def open_shop() -> None:
    """Fill an empty database."""
    now = clock.now()
    _hire()
    with acting(name="mei", source="admin"):
        _plan(now)
    _remember(now)
    with acting(name="jonas", source="rest"):
        pause_job("cleanup-carts")
        run_job("invoices", {"kwargs": {"month": "2026-10"}})
        run_job("nightly-report")
        run_job("orders")
    # Somebody has taken a function away.
    Job.objects.filter(pk="resync").update(func="shop.jobs:read_all_again")
    # What nodes do by and by: a day of hours at a time.
    while count_hours(now=now):
        pass
    renew_forecast(now=now)


def _hire() -> None:
    User.objects.create_superuser("admin", "admin@shop.example", os.environ["DEMO_PASSWORD"], first_name="Mei")
    for name, group in (("jonas", "operators"), ("li.na", "viewers")):
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get_or_create(name=group)[0])


def _plan(now: datetime) -> None:
    anniversary = {"day": "2031-05-12", "working": False, "name": "Anniversary"}
    create_calendar({"name": "china", "description": "Offices in China", "country": "CN", "makeup_days": True,
                     "days": [anniversary]})  # fmt: skip
    create_calendar({"name": "bavaria", "description": "The office in Munich", "country": "DE", "subdivision": "BY"})
    create_window({"name": "night of the move", "trigger": "cron", "day_of_week": "sat", "hour": 2,
                   "duration_seconds": 7200, "note": "The database moves.", **SHANGHAI})  # fmt: skip
    create_window({"name": "stocktaking", "trigger": "date", "run_date": (now + timedelta(days=9)).isoformat(),
                   "duration_seconds": 14400, "tags": ["orders", "prices"], "note": "All is counted."})  # fmt: skip
    begun = (now - timedelta(days=DAYS)).replace(minute=0, second=0, microsecond=0).isoformat()
    for job in JOBS:
        create_job({**job, "start_date": begun} if job["trigger"] == "interval" else job)
    change_job("nightly-report", {"trigger": "cron", "crontab": "0 3 * * *", **SHANGHAI})
    change_job("orders", {"args": ["Tmall", 1000], "timeout": 3600})


def _remember(now: datetime) -> None:
    """Write the executions of the last days, as two nodes would have written them."""
    chance = random.Random(4)  # noqa: S311 - the pictures are to be the same each time
    nodes = [_node(name, now, stopped=now - timedelta(minutes=2)) for name in ("tokyo-1", "tokyo-2")]
    executions: list[Execution] = []
    for job in Job.objects.unfinished():
        for number, moment in enumerate(_occurrences(job, now), start=1):
            executions.append(_execution(job, moment, number, chance.choice(nodes), chance))
    executions.sort(key=lambda each: each.pk)
    Execution.objects.bulk_create(executions)
    ExecutionOutput.objects.bulk_create(
        ExecutionOutput(execution=each, log="1,204 prices read\n", traceback="") for each in executions
    )


def _node(name: str, now: datetime, *, stopped: datetime) -> Node:
    return Node.objects.create(
        name=name,
        host=name,
        pid=4711,
        version="1.0",
        threads=20,
        started_at=now - timedelta(days=DAYS),
        heartbeat_at=stopped,
        last_turn_at=stopped,
        stopped_at=stopped,
        stop_reason=str(reasons.STOPPED),
    )


def _occurrences(job: Job, now: datetime) -> Iterator[datetime]:
    moment = timetable_of(job).next_after(now - timedelta(days=DAYS))
    while moment is not None and moment < now:
        yield moment
        moment = timetable_of(job).next_after(moment)


def _execution(job: Job, moment: datetime, number: int, node: Node, chance: random.Random) -> Execution:
    mishap = next((MISHAPS[each] for each in MISHAPS if number % each == 0), (Status.SUCCEEDED, ""))
    status, reason = mishap
    took = timedelta(seconds=chance.lognormvariate(1.2, 0.5))
    ran = status not in (Status.SKIPPED, Status.MISSED)
    started = moment + timedelta(milliseconds=chance.randint(2, 60))
    return Execution(
        id=first_id_of(moment) + chance.randrange(2**21),
        job=job,
        scheduled_for=moment,
        status=status,
        reason=reason,
        origin=Origin.SCHEDULE,
        revision=job.revision,
        node=node if ran else None,
        created_at=moment,
        available_at=moment,
        started_at=started if ran else None,
        finished_at=started + took if ran else moment,
    )
