"""Two nodes and a web server with two workers write to one SQLite file at once, and none finds it locked."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.chaos.swarm import LEAD, Accountant, Season, Swarm, Visitor, WebServer

pytestmark = [
    pytest.mark.engine,
    pytest.mark.xdist_group("heavy"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite's one write lock"),
]

SECONDS = 8
VISITORS = 4


@pytest.mark.django_db(transaction=True)
def test_nobody_ever_finds_the_database_locked(tmp_path: Path) -> None:
    with ExitStack() as stack:
        swarm = Swarm(2, folder=tmp_path)
        stack.callback(swarm.kill)
        web = WebServer(log=tmp_path / "web.log", workers=2)
        stack.callback(web.stop)
        swarm.wait_until_ready()
        web.wait_until_ready()
        start = datetime.now(UTC) + LEAD
        season = Season(start=start, end=start + timedelta(seconds=SECONDS), notes=tmp_path / "notes")
        unbroken = season.add_jobs("job", 60, [{"coalesce": False, "max_instances": 1_000}])
        visited = season.add_jobs("visited", 5, [{"max_instances": 1_000}])
        visitors = [Visitor(web, visited, seed=seed, pause_seconds=0) for seed in range(VISITORS)]
        for visitor in visitors:
            visitor.start()

        season.wait_until_over()
        for visitor in visitors:
            visitor.leave()
        season.wait_until_over()

        assert swarm.stop() == [0, 0]
        assert [answer for visitor in visitors for answer in visitor.refused] == []
        assert all(len(visitor.answers) > SECONDS for visitor in visitors)
        assert swarm.said("locked") == []
        assert swarm.said("Traceback") == []
        assert "locked" not in web.log.read_text()
        assert Accountant(season=season, deaths={}).audit(unbroken=unbroken) == []
