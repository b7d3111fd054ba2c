"""`manage.py importflask`, also against a Flask-APScheduler that really runs."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_apscheduler import APScheduler
from werkzeug.serving import make_server

from scheduler.models import Job
from tests.management.importing import lines_with, refuse, run

pytestmark = pytest.mark.django_db


class Config:
    """A configuration as Flask-APScheduler's users write it."""

    SCHEDULER_TIMEZONE = "Asia/Shanghai"
    SCHEDULER_API_ENABLED = True
    SCHEDULER_JOBS = (
        {
            "id": "a",
            "func": "tests.sample.jobs:greet",
            "args": ("you",),
            "trigger": "cron",
            "day_of_week": "0",
            "hour": 3,
        },
        {"id": "b", "func": "tests.sample.jobs:nothing", "trigger": "interval", "minutes": 5},
    )


@pytest.fixture
def original() -> Iterator[str]:
    """The original, whose jobs never come due here."""
    app = Flask("original")
    app.config.from_object(Config)
    app.config["SCHEDULER_JOBS"] = [dict(job) for job in Config.SCHEDULER_JOBS]
    scheduler: Any = APScheduler()
    scheduler.init_app(app)
    scheduler.start(paused=True)
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/scheduler/jobs"
    server.shutdown()
    thread.join()
    server.server_close()
    scheduler.shutdown()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_jobs_of_the_original_are_taken_over_by_its_address(original: str) -> None:
    said = run("importflask", original, "--timezone", "Asia/Shanghai")

    assert len(lines_with(said.out, "equal to [", "in the next 1000 occurrences")) == 2
    jobs = {job.pk: job for job in Job.objects.all()}
    assert (jobs["a"].args, jobs["a"].trigger["day_of_week"], jobs["a"].timezone) == (["you"], "0", "Asia/Shanghai")
    assert jobs["b"].trigger["minutes"] == 5


def test_python_settings_are_read_when_asked_for() -> None:
    said = run("importflask", "--python", f"{__name__}.Config")

    assert lines_with(said.out, "nothing to compare")
    assert Job.objects.get(pk="a").timezone == "Asia/Shanghai"


def test_file_is_read_and_functions_are_mapped(tmp_path: Path) -> None:
    path = tmp_path / "jobs.json"
    path.write_text(json.dumps([{"id": "a", "func": "old:job", "trigger": "cron", "hour": "1", "minute": "30"}]))

    said = run("importflask", str(path), "--map", "old:job=jobs:nothing", "--timezone", "Europe/London")

    assert lines_with(said.out, "differs from [cron, hour=1, minute=30]", "there ", "here ", "The clocks")
    assert Job.objects.get().func == "jobs:nothing"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--python", "nowhere.Config"], "cannot be imported"),
        (["--python", "tests.management.importing"], "no list called SCHEDULER_JOBS"),
        (["http://127.0.0.1:1/scheduler/jobs"], "could not be read"),
        ([], "required"),
    ],
)
def test_what_cannot_be_read_is_an_error(arguments: list[str], words: str) -> None:
    assert words in refuse("importflask", *arguments).out
