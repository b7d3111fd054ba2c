"""Nodes and a web server to torment, visitors who keep them busy, and an accountant who checks the books afterwards."""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, connections
from django.db.utils import ConnectionHandler

from carnation.settings import tuned
from scheduler.models import ACTIVE, Execution, ExecutionOutput, Job, Origin, Status
from scheduler.models import Node as NodeRow
from scheduler.services.schedules import sync_stale_schedules
from scheduler.services.tokens import create_token
from tests.processes import ROOT, Node, environment_for_processes, lines_of, wait_for
from tests.servers import free_port, maintenance_url, mariadb_connection

SECOND = timedelta(seconds=1)
# From now to a season's start; a busy machine takes a while to store all jobs, and what is due before is never planned.
LEAD = timedelta(seconds=5)


@contextmanager
def default_database(url: str) -> Iterator[None]:
    """Let this thread, and the processes that it starts, use an empty database of their own, with all its tables."""
    before = connections["default"]
    config = tuned(dict(environ.Env.db_url_config(url)))
    connections["default"] = ConnectionHandler({"default": config})["default"]
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connections["default"] = before


def kill_connections(url: str) -> None:
    """End every connection to the database of a URL, whatever it is doing."""
    if url.startswith("mysql"):
        admin = mariadb_connection(urlsplit(url))
        cursor = admin.cursor()
        cursor.execute("SELECT id FROM information_schema.processlist WHERE db = 'carnation' AND id <> connection_id()")
        for (connection_id,) in cursor.fetchall():
            # One that has just ended by itself is no error.
            cursor.execute(f"BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR 1094 BEGIN END; KILL {connection_id}; END")
        admin.close()
    else:
        import psycopg

        with psycopg.connect(maintenance_url(url), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'carnation'")


class Swarm:
    """Nodes of which some are killed, and replaced, as by a supervisor."""

    def __init__(self, size: int, *, folder: Path) -> None:
        self.deaths: dict[int, datetime] = {}
        self.quitters: list[str] = []
        self._folder = folder
        self._count = 0
        self._nodes = [self._start() for _ in range(size)]

    def __len__(self) -> int:
        return len(self._nodes)

    def wait_until_ready(self) -> None:
        """Wait until all have registered."""
        for node in self._nodes:
            node.wait_until_ready()

    def kill_one(self, chance: random.Random) -> None:
        """Kill a node with SIGKILL, and start another in its place."""
        place = chance.randrange(len(self._nodes))
        node = self._nodes[place]
        node.kill()
        self.deaths[node.process.pid] = datetime.now(UTC)
        self._nodes[place] = self._start()

    def tend(self) -> None:
        """Replace those that have ended by themselves, which only one that found no database at its start may do."""
        for place, node in enumerate(self._nodes):
            if node.process.poll() is not None:
                if "The database is not ready" not in node.output:
                    self.quitters.append(node.output)
                self._nodes[place] = self._start()

    def stop(self) -> list[int]:
        """Stop all in order; return their exit statuses."""
        return [node.stop() for node in self._nodes]

    def kill(self) -> None:
        """Kill what still runs."""
        for node in self._nodes:
            node.kill()

    def said(self, words: str) -> list[str]:
        """Return the lines of all logs that contain these words."""
        logs = sorted(self._folder.glob("node-*.log"))
        return [line for log in logs for line in log.read_text().splitlines() if words in line]

    def _start(self) -> Node:
        self._count += 1
        return Node(f"--node=node-{self._count}", log=self._folder / f"node-{self._count}.log", environment={})


class WebServer:
    """The project's web server, on a port of its own."""

    def __init__(self, *, log: Path, workers: int = 1) -> None:
        self.port = free_port()
        self.log = log
        user = User.objects.create_superuser("visitor", password="right password")
        self.token, _row = create_token(user=user, name="visitors")
        command = [sys.executable, "-m", "gunicorn", "carnation.wsgi", f"--bind=127.0.0.1:{self.port}"]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [*command, f"--workers={workers}", "--threads=4", "--no-control-socket"],
                cwd=ROOT,
                env=environment_for_processes(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self) -> None:
        """Wait until it answers."""
        wait_for(lambda: self.ask("GET", "/scheduler/jobs")[0] == 200, what="the web server to answer")

    def ask(self, method: str, path: str) -> tuple[int, str]:
        """Send a request; return the answer's status, 0 where there is none, and its text."""
        client = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            client.request(method, path, headers={"Authorization": f"Token {self.token}"})
            response = client.getresponse()
            return response.status, response.read().decode(errors="replace")
        except (OSError, HTTPException) as error:
            return 0, repr(error)
        finally:
            client.close()

    def stop(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(60)


class Visitor(threading.Thread):
    """Lists, runs, pauses and resumes the jobs of these ids, over and over, until `leave`."""

    def __init__(self, web: WebServer, job_ids: list[str], *, seed: int, pause_seconds: float) -> None:
        super().__init__(name="visitor", daemon=True)
        self.answers: list[tuple[str, int, str]] = []
        self._web, self._job_ids = web, job_ids
        self._chance = random.Random(seed)
        self._pause_seconds = pause_seconds
        self._leaving = threading.Event()

    def run(self) -> None:
        """Visit."""
        while not self._leaving.wait(self._pause_seconds):
            job = f"/scheduler/jobs/{self._chance.choice(self._job_ids)}"
            posts = [("POST", f"{job}/{action}") for action in ("run", "run", "pause", "resume", "resume")]
            method, path = self._chance.choice([("GET", "/scheduler/jobs"), ("GET", f"{job}/executions"), *posts])
            status, text = self._web.ask(method, path)
            self.answers.append((f"{method} {path}", status, text))

    def leave(self) -> None:
        """Make the last visit, and leave no job paused: what is queued of such a one waits."""
        self._leaving.set()
        self.join(120)
        for job_id in self._job_ids:
            self._web.ask("POST", f"/scheduler/jobs/{job_id}/resume")

    @property
    def refused(self) -> list[tuple[str, int, str]]:
        """The answers that say that the server failed, and those that never came."""
        return [answer for answer in self.answers if not 0 < answer[1] < 500]


@dataclass(frozen=True, kw_only=True)
class Season:
    """Jobs that are due each second from `start` to `end`, both inclusive, on their notes."""

    start: datetime
    end: datetime
    notes: Path

    def add_jobs(self, prefix: str, count: int, kinds: list[dict[str, Any]]) -> list[str]:
        """Add jobs of these kinds in turn; return their ids."""
        ends = {"start_date": self.start.isoformat(), "end_date": self.end.isoformat()}
        ids = [f"{prefix}{number}" for number in range(count)]
        Job.objects.bulk_create(
            Job(
                id=job_id,
                name=job_id,
                func="jobs:sign",
                # Every other round of jobs takes its time, so that there is something to die in the middle of.
                args=[str(self.notes), job_id, number // len(kinds) % 2 * 0.2],
                trigger={"trigger": "interval", "seconds": 1, **ends},
                timezone="UTC",
                **kinds[number % len(kinds)],
            )
            for number, job_id in enumerate(ids)
        )
        while sync_stale_schedules(now=datetime.now(UTC), limit=200):
            pass
        return ids

    def instants(self) -> set[int]:
        """Return the number of every occurrence; the first is 0."""
        return set(range((self.end - self.start) // SECOND + 1))

    def wait_until_over(self) -> None:
        """Wait until all schedules are used up and no run is open. Runs of the killed are open until others notice."""
        due = Job.objects.unfinished().filter(paused=False)
        wait_for(lambda: not due.exists(), what="all schedules to be used up", seconds=180)
        wait_for(lambda: not Execution.objects.active().exists(), what="every run to end", seconds=180)


@dataclass(kw_only=True)
class Accountant:
    """Holds the ledger against the calendar, against what the bodies signed, and against who was killed."""

    season: Season
    deaths: Mapping[int, datetime]
    complaints: list[str] = field(default_factory=list)

    def audit(self, *, unbroken: list[str]) -> list[str]:
        """Return everything that is wrong. Jobs of the ids `unbroken` were never paused, and so have no gap."""
        self._rows = list(Execution.objects.order_by("id"))
        self._pids = dict(NodeRow.objects.values_list("pk", "pid"))
        self._check_rows()
        self._check_calendar(set(unbroken))
        self._check_bodies()
        return self.complaints

    def summary(self) -> str:
        """Return how many rows there are of each status."""
        return str(dict(Counter(row.status for row in self._rows)))

    def _check_rows(self) -> None:
        for row in self._rows:
            self._expect(row.status not in ACTIVE, row, "is not final")
            self._expect(row.status not in (Status.FAILED, Status.CANCELLED, Status.TIMED_OUT), row, "is unheard-of")
            self._expect(bool(row.reason) == (row.status != Status.SUCCEEDED), row, "must have a reason, or none")
            if row.status == Status.LOST:
                death = self.deaths.get(self._pids[row.node_id or 0])
                self._expect(death is not None and row.created_at <= death, row, "is lost though its node lived")

    def _check_calendar(self, unbroken: set[str]) -> None:
        """Each occurrence is in exactly one row, be it by itself or folded together with others."""
        covered: dict[str, Counter[int]] = {job_id: Counter() for job_id in unbroken}
        for row in self._rows:
            if row.origin == Origin.SCHEDULE and row.attempt == 1:
                first, last = (
                    self._number(row.first_scheduled_for or row.scheduled_for),
                    self._number(row.scheduled_for),
                )
                self._expect(row.occurrences == last - first + 1, row, f"counts {row.occurrences}, not {first}..{last}")
                covered.setdefault(row.job_id, Counter()).update(range(first, last + 1))
        for job_id, counts in covered.items():
            if twice := sorted(number for number, count in counts.items() if count > 1):
                self.complaints.append(f"{job_id} has several rows for {twice}")
            if outside := sorted(counts.keys() - self.season.instants()):
                self.complaints.append(f"{job_id} has rows outside of its time: {outside}")
            if job_id in unbroken and (gaps := sorted(self.season.instants() - counts.keys())):
                self.complaints.append(f"{job_id} has no row for {gaps}")

    def _check_bodies(self) -> None:
        """Each body signed once: for the one row that kept its signature, or else for one that died with its node."""
        signed = {line.split()[1]: line.split() for line in lines_of(self.season.notes)}
        results = dict(ExecutionOutput.objects.values_list("execution_id", "result"))
        died: Counter[tuple[str, int]] = Counter()
        for row in self._rows:
            if row.status == Status.SUCCEEDED:
                signature = json.loads(results.get(row.pk) or "null")
                self._expect(
                    signed.pop(signature, None) is not None, row, f"succeeded, but its {signature} is not there"
                )
            elif row.status == Status.LOST:
                died[row.job_id, self._pids[row.node_id or 0]] += 1
        for (job_id, pid), count in Counter((words[0], int(words[2])) for words in signed.values()).items():
            if count > died[job_id, pid]:
                self.complaints.append(f"{count} bodies of {job_id} in {pid} have no row that says that they ran")

    def _number(self, moment: datetime) -> int:
        number, rest = divmod(moment - self.season.start, SECOND)
        if rest:
            self.complaints.append(f"{moment} is not an occurrence")
        return number

    def _expect(self, condition: bool, row: Execution, complaint: str) -> None:
        if not condition:
            self.complaints.append(f"{row} ({row.status}, {row.reason!r}): {complaint}")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something bad that happens, so many seconds after the beginning."""

    second: float
    happen: Callable[[], None]


def let_happen(events: list[Event], *, meanwhile: Callable[[], None]) -> None:
    """Let everything happen in its time."""
    begun = time.monotonic()
    for event in sorted(events, key=lambda event: event.second):
        while (left := begun + event.second - time.monotonic()) > 0:
            meanwhile()
            time.sleep(min(left, 0.25))
        event.happen()
