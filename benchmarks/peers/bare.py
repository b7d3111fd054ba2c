"""Do a burst as barely as durability allows: python -m benchmarks.peers.bare WORKLOAD PARAMETERS

No scheduler, but the least that one can do: three statements and a commit for so many jobs, plain threads, outcomes in
batches. No policies, no definitions, no capture, no pauses, no other nodes but by their locks. What this takes is what
nobody gets below who writes a row before each run; beside it the benchmark shows what Carnation adds.
"""

import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from typing import Any

import django
from django.db import connection, transaction

from benchmarks.cores import BusyCores
from benchmarks.lags import summary
from benchmarks.peers.timing import wait_until_done
from benchmarks.workloads import do_workload

# As many as a node of Carnation takes at once.
BATCH = 2_000
THREADS = 20
RECORD_SECONDS = 0.05
TABLES = {
    "mysql": """
        CREATE TABLE schedule (id VARCHAR(255) COLLATE utf8mb4_bin PRIMARY KEY, next_run_time DATETIME(6),
            KEY (next_run_time));
        CREATE TABLE execution (id BIGINT PRIMARY KEY, job VARCHAR(255) COLLATE utf8mb4_bin NOT NULL,
            scheduled_for DATETIME(6) NOT NULL, status VARCHAR(16) NOT NULL, started_at DATETIME(6),
            finished_at DATETIME(6), UNIQUE (job, scheduled_for), KEY (status))
    """,
    "postgresql": """
        CREATE TABLE schedule (id TEXT PRIMARY KEY, next_run_time TIMESTAMPTZ);
        CREATE INDEX ON schedule (next_run_time);
        CREATE TABLE execution (id BIGINT PRIMARY KEY, job TEXT NOT NULL, scheduled_for TIMESTAMPTZ NOT NULL,
            status TEXT NOT NULL, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, UNIQUE (job, scheduled_for));
        CREATE INDEX ON execution (status)
    """,
}
LOCK = "SELECT id FROM schedule WHERE next_run_time <= %s ORDER BY next_run_time LIMIT {limit} FOR UPDATE SKIP LOCKED"
# The instants are the same for all, as in this burst they are: no bulk statement could be cheaper.
INSERT = {
    "mysql": """
        INSERT INTO execution (id, job, scheduled_for, status) SELECT v.id, v.job, %s, 'running'
        FROM JSON_TABLE(%s, '$[*]' COLUMNS (id BIGINT PATH '$[0]', job LONGTEXT PATH '$[1]')) AS v
    """,
    "postgresql": """
        INSERT INTO execution (id, job, scheduled_for, status) SELECT (v->>0)::bigint, v->>1, %s, 'running'
        FROM json_array_elements(%s) AS v
    """,
}
MOVE = {
    "mysql": "UPDATE schedule SET next_run_time = %s WHERE id IN ({places})",
    "postgresql": "UPDATE schedule SET next_run_time = %s WHERE id = ANY(%s)",
}
RECORD = {
    "mysql": """
        UPDATE execution e JOIN JSON_TABLE(%s, '$[*]' COLUMNS (id BIGINT PATH '$[0]', began DATETIME(6) PATH '$[1]',
            ended DATETIME(6) PATH '$[2]')) AS v ON v.id = e.id
        SET e.status = 'succeeded', e.started_at = v.began, e.finished_at = v.ended
    """,
    "postgresql": """
        UPDATE execution e SET status = 'succeeded', started_at = (v->>1)::timestamptz,
            finished_at = (v->>2)::timestamptz
        FROM json_array_elements(%s) AS v WHERE e.id = (v->>0)::bigint
    """,
}

Outcome = tuple[int, str, str]


class Bodies:
    """Threads that note when each body began and ended."""

    def __init__(self) -> None:
        self.waiting: SimpleQueue[int] = SimpleQueue()
        self.started: list[float] = []
        self.ended: SimpleQueue[Outcome] = SimpleQueue()
        for _thread in range(THREADS):
            threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            execution_id = self.waiting.get()
            began = time.time()
            self.started.append(began)
            self.ended.put((execution_id, _text(began), _text(time.time())))


def burst(*, jobs: int, limit: float) -> dict[str, Any]:
    """Claim jobs that are due at once, start and record them; no more than `limit` seconds are waited."""
    with connection.cursor() as cursor:
        for table in ("schedule", "execution"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in TABLES[connection.vendor].split(";"):
            cursor.execute(statement)
        due = datetime.now(UTC) + timedelta(seconds=1 + jobs / 5_000)
        names = [f"job-{number:06}" for number in range(jobs)]
        cursor.executemany("INSERT INTO schedule VALUES (%s, %s)", [(name, _moment(due)) for name in names])
    bodies, cores = Bodies(), BusyCores()
    for target in (_claim_until_done, _record_for_ever):
        threading.Thread(target=target, args=(bodies, due), daemon=True).start()
    wait_until_done(lambda: len(bodies.started), jobs, until=due.timestamp() + limit)
    lags = [moment - due.timestamp() for moment in bodies.started]
    seconds = max(lags, default=limit)
    busy = cores.between(due.timestamp(), due.timestamp() + seconds)
    return {**summary(lags, seconds=seconds), "cores": busy}


def _claim_until_done(bodies: Bodies, due: datetime) -> None:
    time.sleep((due - datetime.now(UTC)).total_seconds())
    next_id, following = 1, _moment(due + timedelta(hours=1))
    while count := _claim(_moment(due), following, next_id):
        for execution_id in range(next_id, next_id + count):
            bodies.waiting.put(execution_id)
        next_id += count


def _claim(due: str, following: str, first_id: int) -> int:
    """Lock what is due, write the rows, move the schedules on; return how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK.format(limit=BATCH), [due])
        names = [name for (name,) in cursor.fetchall()]
        if names:
            rows = json.dumps([*enumerate(names, first_id)])
            cursor.execute(INSERT[connection.vendor], [due, rows])
            places = ", ".join(["%s"] * len(names))
            ids: list[Any] = names if connection.vendor == "mysql" else [names]
            cursor.execute(MOVE[connection.vendor].format(places=places), [following, *ids])
    return len(names)


def _record_for_ever(bodies: Bodies, _due: datetime) -> None:
    while True:
        outcomes = [bodies.ended.get()]
        time.sleep(RECORD_SECONDS)
        while not bodies.ended.empty():
            outcomes.append(bodies.ended.get())
        with connection.cursor() as cursor:
            cursor.execute(RECORD[connection.vendor], [json.dumps(outcomes)])


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") + ("+00" if connection.vendor == "postgresql" else "")


def _text(seconds: float) -> str:
    return _moment(datetime.fromtimestamp(seconds, UTC))


def main() -> None:
    """Do it, then leave the threads where they are."""
    django.setup()
    do_workload({"burst": burst})
    os._exit(0)


if __name__ == "__main__":
    main()
