"""The REST API beside Flask-APScheduler's, each behind one gunicorn worker, with 1,000 jobs.

Everybody answers the same requests of one client, one at a time. No job ever becomes due: the peers' schedulers,
which live in their web processes, are started but idle.
"""

import json
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import product

from benchmarks.clients import Client, UnexpectedAnswerError, basic
from benchmarks.databases import mariadb_database
from benchmarks.options import Options
from benchmarks.processes import gunicorn, run
from benchmarks.report import Measurement, ratio
from tests.servers import Server, mariadb

JOBS = 1_000
USERNAME, PASSWORD = "benchmark", "the-password-of-a-benchmark"
REQUESTS_IN_A_ROUND = {"list": 20, "one job": 200, "POST": 100}


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """Somebody who answers, and the function that jobs name there."""

    name: str
    client: Client
    func: str

    def list(self, _number: int) -> bytes:
        """Ask for all jobs."""
        return self.client.send("GET", "/scheduler/jobs")

    def show(self, number: int) -> bytes:
        """Ask for one job, each time another."""
        return self.client.send("GET", f"/scheduler/jobs/job-{number * 7 % JOBS:04}")

    def add(self, number: int, *, prefix: str = "more") -> bytes:
        """Add a job."""
        trigger = {"trigger": "interval", "hours": 1, "start_date": "2099-01-01T00:00:00+00:00"}
        job = {"id": f"{prefix}-{number:04}", "func": self.func, "args": [1, 2], **trigger}
        return self.client.send("POST", "/scheduler/jobs", job)

    def remove(self, number: int) -> None:
        """Delete what `add` added."""
        self.client.send("DELETE", f"/scheduler/jobs/more-{number:04}")


def measure(options: Options) -> Iterator[Measurement]:
    """Requests per second of each contestant at each workload, and how Carnation's compare with the peers'."""
    with ExitStack() as stack:
        server = stack.enter_context(mariadb())
        ours, peers = start_carnation(server, stack), start_peers(server, stack)
        for contestant in (ours[0], *peers):
            populate(contestant)
        for contestant in (*ours, *peers):
            warm_up(contestant)
        for workload in REQUESTS_IN_A_ROUND:
            yield from compare(ours, peers, race([*ours, *peers], workload, options.rounds))


def start_carnation(server: Server, stack: ExitStack) -> list[Contestant]:
    """Carnation on MariaDB, as two contestants: one server, asked with a token and with a password."""
    environment = {
        "DATABASE_URL": stack.enter_context(mariadb_database(server, "carnation")),
        "DJANGO_SETTINGS_MODULE": "carnation.settings",
        "SECRET_KEY": "for-the-benchmark-only",
    }
    run("manage.py", "migrate", "--verbosity", "0", environment=environment)
    token = run("-m", "benchmarks.accounts", USERNAME, PASSWORD, environment=environment)
    port = stack.enter_context(gunicorn("carnation.wsgi", environment=environment))
    credentials = {"token": f"Token {token}", "Basic": basic(USERNAME, PASSWORD)}
    return [
        Contestant(name=f"Carnation, {kind}", client=Client(port, authorization=header), func="carnation.jobs:job1")
        for kind, header in credentials.items()
    ]


def start_peers(server: Server, stack: ExitStack) -> list[Contestant]:
    """Flask-APScheduler with its memory store and, on the same MariaDB, its database store."""
    url = stack.enter_context(mariadb_database(server, "peer"))
    stores = {"memory store": "", "database store": url.replace("mysql:", "mysql+mysqldb:", 1) + "?charset=utf8mb4"}
    peers = []
    for store, store_url in stores.items():
        environment = {"JOB_STORE_URL": store_url, "API_PASSWORD": PASSWORD}
        port = stack.enter_context(gunicorn("benchmarks.flask_peer:create_app()", environment=environment))
        client = Client(port, authorization=basic(USERNAME, PASSWORD))
        peers.append(Contestant(name=f"Flask-APScheduler, {store}", client=client, func="benchmarks.flask_peer:job1"))
    return peers


def populate(contestant: Contestant) -> None:
    """Add the jobs that are listed."""
    for number in range(JOBS):
        contestant.add(number, prefix="job")


def warm_up(contestant: Contestant) -> None:
    """Fill the caches of everybody; raises UnexpectedAnswerError where a list is not of all jobs."""
    for number in range(3):
        listed = json.loads(contestant.list(number))
        if len(listed) != JOBS:
            raise UnexpectedAnswerError(f"{contestant.name} lists {len(listed)} of {JOBS} jobs")
        contestant.show(number)


def race(contestants: Sequence[Contestant], workload: str, rounds: int) -> dict[str, Measurement]:
    """Let all contestants answer in turn, request by request; a sample is what the median request of a round makes."""
    rates: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for _round in range(rounds):
        seconds: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
        for number, (place, contestant) in product(range(REQUESTS_IN_A_ROUND[workload]), enumerate(contestants)):
            # Another number for each: the two of ours share one server and its jobs.
            seconds[contestant.name].append(seconds_taken(contestant, workload, number * len(contestants) + place))
        for name, taken in seconds.items():
            rates[name].append(1 / statistics.median(taken))
    measured = partial(Measurement, benchmark="api", workload=workload, unit="requests/s")
    return {name: measured(contestant=name, samples=tuple(samples)) for name, samples in rates.items()}


def seconds_taken(contestant: Contestant, workload: str, number: int) -> float:
    """Send one request; what it added is removed again, untimed."""
    send = {"list": contestant.list, "one job": contestant.show, "POST": contestant.add}[workload]
    began = time.perf_counter()
    send(number)
    seconds = time.perf_counter() - began
    if workload == "POST":
        contestant.remove(number)
    return seconds


def compare(
    ours: Sequence[Contestant], peers: Sequence[Contestant], measured: dict[str, Measurement]
) -> Iterator[Measurement]:
    """What was measured, then each of ours beside each peer."""
    yield from measured.values()
    for mine, peer in product(ours, peers):
        yield ratio(measured[mine.name], measured[peer.name])
