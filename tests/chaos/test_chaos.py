"""
Nodes are killed, connections cut and servers stopped, under load: the ledger is whole, and no body ran twice.

The short form is for every run of the tests. `make chaos` is the long one; CHAOS_SEED repeats what a seed has brought.
"""

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.chaos.swarm import (
    LEAD,
    Accountant,
    Event,
    Season,
    Swarm,
    Visitor,
    WebServer,
    default_database,
    kill_connections,
    let_happen,
)
from tests.servers import PrivateServer, private_mariadb, private_postgresql

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("heavy")]

SECONDS = int(os.environ.get("CHAOS_SECONDS", "20"))
JOBS = int(os.environ.get("CHAOS_JOBS", "100"))
SEED = int(os.environ.get("CHAOS_SEED") or random.randrange(1_000_000))
KILL_EVERY = 5
KINDS: list[dict[str, Any]] = [
    {"coalesce": False, "max_instances": 1_000},
    {"coalesce": True, "max_instances": 1_000},
    # While a run hangs on a dead node, the next ones are skipped.
    {"coalesce": True, "max_instances": 1},
    # While the database is away, some are missed.
    {"coalesce": False, "max_instances": 1_000, "misfire_grace_time": 1},
]


@pytest.fixture
def server(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[PrivateServer | None]:
    """A server of our own, of the kind that is being tested; None for SQLite, which has none. Its database is ours."""
    with ExitStack() as stack:
        private = {"mysql": private_mariadb, "postgresql": private_postgresql}.get(connection.vendor)
        server = stack.enter_context(private()) if private else None
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(default_database(server.url if server else f"sqlite:///{tmp_path}/chaos.sqlite3"))
        yield server


def troubles(chance: random.Random, swarm: Swarm, server: PrivateServer | None) -> list[Event]:
    """A node dies every five seconds; all connections die twice; the server is away once, for a sixth of the time."""
    moments = [second - chance.random() for second in range(KILL_EVERY, SECONDS, KILL_EVERY)]
    kills = [Event(second=moment, happen=lambda: swarm.kill_one(chance)) for moment in moments]
    end = Event(second=SECONDS, happen=lambda: None)
    if server is None:
        return [*kills, end]
    cuts = [chance.uniform(0.1, 0.4), chance.uniform(0.8, 0.95)]
    away = chance.uniform(0.45, 0.6)
    return [
        *kills,
        *(Event(second=SECONDS * cut, happen=lambda: kill_connections(server.url)) for cut in cuts),
        Event(second=SECONDS * away, happen=server.stop),
        Event(second=SECONDS * (away + 1 / 6), happen=server.start),
        end,
    ]


def test_every_occurrence_has_one_row_and_no_body_runs_twice(server: PrivateServer | None, tmp_path: Path) -> None:
    print(f"CHAOS_SEED={SEED}")
    chance = random.Random(SEED)
    with ExitStack() as stack:
        swarm = Swarm(3 if server else 2, folder=tmp_path)
        stack.callback(swarm.kill)
        web = WebServer(log=tmp_path / "web.log")
        stack.callback(web.stop)
        swarm.wait_until_ready()
        web.wait_until_ready()
        start = datetime.now(UTC) + LEAD
        season = Season(start=start, end=start + timedelta(seconds=SECONDS), notes=tmp_path / "notes")
        unbroken = season.add_jobs("job", JOBS, KINDS)
        visitor = Visitor(web, season.add_jobs("visited", 5, KINDS), seed=SEED, pause_seconds=0.05)
        visitor.start()
        connection.close()

        let_happen(troubles(chance, swarm, server), meanwhile=swarm.tend)
        visitor.leave()
        season.wait_until_over()

        assert swarm.stop() == [0] * len(swarm)
        accountant = Accountant(season=season, deaths=swarm.deaths)
        complaints = accountant.audit(unbroken=unbroken)
        print(f"{accountant.summary()}; {len(swarm.deaths)} nodes killed; {len(visitor.answers)} visits")
        assert (complaints, swarm.quitters) == ([], [])
        assert web.ask("GET", "/scheduler/jobs")[0] == 200
        assert server or not visitor.refused
