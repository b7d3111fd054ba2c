"""A crowd of jobs with a long history: 10,000 jobs of all kinds, and 90 days of executions, written in bulk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks.engine import rows
from scheduler.models import (
    Action,
    AuditEntry,
    Execution,
    ExecutionOutput,
    HistoricalJob,
    Job,
    Node,
    Schedule,
    first_id_of,
    new_id,
)
from scheduler.services import revisions
from scheduler.services.calendars import create_calendar
from scheduler.services.definitions import read_new
from scheduler.services.windows import create_window

DAYS = 90
NODES = 20
AT_ONCE = 100_000
# Of triggers; a multiple of the numbers of kinds, and of zones.
KINDS = 240
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Europe/London")
TAGS = ("nightly", "billing", "reports", "mail", "slow", "critical", "import", "export")
BUSY = "job-000000"


def fill(*, jobs: int, executions: int) -> dict[str, Any]:
    """Fill an empty database; one job in ten never ran, one has a hundredth of all executions, and a few are broken."""
    now = timezone.now()
    create_calendar({"name": "china", "country": "CN"})
    create_window({"name": "night", "trigger": "cron", "hour": 2, "duration_seconds": 3600, "tags": ["nightly"]})
    rows.store(_jobs(jobs))
    _change_some(jobs, now=now)
    nodes = _make_nodes(now=now)
    _write_executions(executions, jobs=jobs, nodes=nodes, now=now)
    _write_outputs()
    _write_what_was_done(now=now)
    _analyze()
    return {"jobs": Job.objects.count(), "executions": Execution.objects.count()}


def _jobs(count: int) -> Iterator[Job]:
    for number in range(count):
        tags = sorted({TAGS[number % len(TAGS)], TAGS[number * 7 % len(TAGS)]}) if number % 3 else []
        yield rows.job(
            f"job-{number:06}",
            _trigger(number),
            name=f"{('Nightly report', 'Invoice run', 'Clean up', 'Mail queue')[number % 4]} {number}",
            timezone=ZONES[number % len(ZONES)],
            tags=tags,
            executor="processes" if number % 10 == 0 else "default",
            func=rows.FUNC if number % 5 else "carnation.jobs:job1",
            created_at=timezone.now(),
        )


def _trigger(number: int) -> dict[str, Any]:
    """Return a canonical trigger, one of as many as there are people's favourite times."""
    return _canonical(number % KINDS)


@cache
def _canonical(number: int) -> dict[str, Any]:
    sent = {"id": "job", "func": rows.FUNC, "timezone": ZONES[number % len(ZONES)], **_sent(number)}
    trigger: dict[str, Any] = read_new(sent, now=timezone.now()).when.trigger
    return trigger


def _sent(number: int) -> dict[str, Any]:
    match number % 6:
        case 0:
            return {"trigger": "cron", "crontab": f"{number % 60} {number % 24} * * 1-5"}
        case 1:
            return {"trigger": "interval", "hours": 1 + number % 20, "start_date": "2026-01-01T00:00:00+00:00"}
        case 2:
            return {"trigger": "cron", "hour": number % 24, "minute": number % 60}
        case 3:
            return {"trigger": "date", "run_date": rows.FAR_AWAY}
        case 4:
            return {"trigger": "rrule", "rrule": f"FREQ=MONTHLY;BYDAY=-1FR;BYHOUR={number % 24}"}
    return {"trigger": "manual"}


def _change_some(count: int, *, now: datetime) -> None:
    """One in fifty is paused, one in a hundred broken, one in a hundred finished, and some are late."""
    ids = [f"job-{number:06}" for number in range(count)]
    Job.objects.filter(pk__in=ids[3::50]).update(paused=True, synced_paused=True)
    Job.objects.filter(pk__in=ids[7::100]).update(problem="No registered task is called gone:away.")
    Job.objects.filter(pk__in=ids[9::100]).update(finished_at=now)
    Schedule.objects.filter(pk__in=[*ids[3::50], *ids[7::100], *ids[9::100]]).update(next_run_time=None)
    Schedule.objects.filter(pk__in=ids[11::500]).update(next_run_time=now - timedelta(minutes=10))


def _make_nodes(*, now: datetime) -> list[int]:
    """Twenty nodes, one after the other: all but the last have stopped."""
    first = first_id_of(now - timedelta(days=DAYS))
    step = first_id_of(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=DAYS) / NODES)
    started = [now - timedelta(days=DAYS) + number * timedelta(days=DAYS) / NODES for number in range(NODES)]
    Node.objects.bulk_create(
        Node(
            pk=first + number * step,
            name=f"node-{number % 4}",
            host="benchmark",
            pid=number + 1,
            version="1",
            threads=20,
            started_at=moment,
            heartbeat_at=now,
            last_turn_at=now,
            stopped_at=None if number == NODES - 1 else moment + timedelta(days=1),
        )
        for number, moment in enumerate(started)
    )
    return [first + number * step for number in range(NODES)]


def _write_executions(count: int, *, jobs: int, nodes: list[int], now: datetime) -> None:
    """By INSERT ... SELECT from numbers: to make a million rows here would take minutes."""
    start, span = now - timedelta(days=DAYS), timedelta(days=DAYS)
    microseconds = int(span.total_seconds() * 1_000_000) // count
    digits = " UNION ALL ".join(f"SELECT CAST({digit} AS {_bigint()}) AS d" for digit in range(10))
    tables = ", ".join(f"({digits}) AS d{place}" for place in range(5))
    number = " + ".join(f"d{place}.d * {10**place}" for place in range(5))
    for offset in range(0, count, AT_ONCE):
        values = _values(start=start, microseconds=microseconds, jobs=jobs, nodes=nodes, count=count)
        numbers = f"(SELECT {offset} + {number} AS n FROM {tables}) AS numbers"
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {Execution._meta.db_table} ({', '.join(values)})"
                f" SELECT {', '.join(values.values())} FROM {numbers} WHERE n < {count} ORDER BY n"
            )


def _values(*, start: datetime, microseconds: int, jobs: int, nodes: list[int], count: int) -> dict[str, str]:
    """Return the expression of each column, of the number n, which is the order of time.

    Most succeed; the 100 or so that are lost are all old, so that whoever looks for the newest of them by the primary
    key walks through most of the history.
    """
    ran = max(jobs * 9 // 10, 2)
    old, running, queued = count * 3 // 10, count - 100, count - 50
    modulo = f"MOD(n * 7919, {ran - 1})" if connection.vendor != "sqlite" else f"(n * 7919) % {ran - 1}"
    job_number = f"(CASE WHEN n % 100 = 0 THEN 0 ELSE 1 + {modulo} END)"
    job_id = {
        "mysql": f"CONCAT('job-', LPAD({job_number}, 6, '0'))",
        "postgresql": f"'job-' || LPAD(({job_number})::text, 6, '0')",
        "sqlite": f"printf('job-%%06d', {job_number})".replace("%%", "%"),
    }[connection.vendor]
    status = (
        f"(CASE WHEN n >= {queued} THEN 'queued' WHEN n >= {running} THEN 'running'"
        f" WHEN n < {old} AND n % 3001 = 1 THEN 'lost' WHEN n % 1000 < 30 THEN 'failed'"
        " WHEN n % 1000 < 33 THEN 'timed_out'"
        " WHEN n % 1000 < 45 THEN 'missed' WHEN n % 1000 < 50 THEN 'skipped' WHEN n % 1000 < 52 THEN 'cancelled'"
        " ELSE 'succeeded' END)"
    )
    due = _moment(start, f"n * {microseconds}")
    late = "(CASE WHEN n % 300 = 0 THEN 90000000 ELSE 50000 END)"
    began = _moment(start, f"n * {microseconds} + {late}")
    ended = _moment(start, f"n * {microseconds} + {late} + (n % 60) * 1000000")
    first_id, per_id = first_id_of(start), (microseconds / 1000) * 2**21
    node = "CASE " + " ".join(
        f"WHEN n < {count * (index + 1) // len(nodes)} THEN {node_id}" for index, node_id in enumerate(nodes)
    )
    never = "('missed', 'skipped', 'queued')"
    return {
        "id": f"{first_id} + CAST(n AS {_bigint()}) * {int(per_id)}",
        "job_id": job_id,
        "scheduled_for": due,
        "attempt": "1",
        "status": status,
        "reason": f"(CASE WHEN {status} IN ('failed', 'lost') THEN 'RuntimeError: it broke' ELSE '' END)",
        "origin": "(CASE WHEN n % 500 = 0 THEN 'manual' WHEN n % 700 = 0 THEN 'retry' ELSE 'schedule' END)",
        "revision": "1",
        "priority": "0",
        "available_at": due,
        "node_id": f"(CASE WHEN {status} IN {never} THEN NULL ELSE {node} END END)",
        "occurrences": "1",
        "created_at": due,
        "started_at": f"(CASE WHEN {status} IN {never} THEN NULL ELSE {began} END)",
        "finished_at": f"(CASE WHEN {status} IN ('queued', 'running') THEN NULL ELSE {ended} END)",
    }


def _bigint() -> str:
    """Return what a CAST calls a number of 64 bits."""
    return {"mysql": "UNSIGNED", "postgresql": "bigint", "sqlite": "INTEGER"}[connection.vendor]


def _moment(start: datetime, microseconds: str) -> str:
    text = start.replace(tzinfo=None).isoformat(" ")
    if connection.vendor == "mysql":
        return f"TIMESTAMPADD(MICROSECOND, {microseconds}, '{text}')"
    if connection.vendor == "postgresql":
        return f"(TIMESTAMPTZ '{text}+00' + ({microseconds}) * INTERVAL '1 microsecond')"
    return f"strftime('%Y-%m-%d %H:%M:%f', {start.timestamp()} + ({microseconds}) / 1000000.0, 'unixepoch')"


def _write_outputs() -> None:
    failed = Execution.objects.filter(status="failed").order_by("-pk").values_list("pk", flat=True)[:1_000]
    traceback = (
        "Traceback (most recent call last):\n" + '  File "jobs.py", line 1, in run\n' * 20 + "RuntimeError: it broke"
    )
    ExecutionOutput.objects.bulk_create(
        ExecutionOutput(execution_id=pk, log="line\n" * 500, traceback=traceback) for pk in failed
    )


def _write_what_was_done(*, now: datetime) -> None:
    """An entry and a revision for each job, and a hundred thousand pauses."""
    jobs = list(Job.objects.order_by("pk"))
    HistoricalJob.objects.bulk_create(
        [revisions.revision_of(job, Action.CREATED, now=now) for job in jobs], batch_size=1_000, ignore_conflicts=True
    )
    AuditEntry.objects.bulk_create(
        (
            AuditEntry(
                pk=new_id(), at=now, actor="alice", source="admin", action=Action.PAUSED, revision=1,
                job_id=jobs[number % len(jobs)].pk, details={"paused": [False, True]},
            )
            for number in range(len(jobs) * 10)
        ),
        batch_size=5_000,
    )  # fmt: skip


def _analyze() -> None:
    """Let the planners know the tables, as they do of any that is not brand new."""
    for model in (Execution, Job, Schedule, AuditEntry):
        with connection.cursor() as cursor:
            table = "TABLE " if connection.vendor == "mysql" else ""
            cursor.execute(f"ANALYZE {table}{model._meta.db_table}")
            if connection.vendor == "mysql":
                cursor.fetchall()
