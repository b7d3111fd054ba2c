"""`manage.py runapscheduler`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from scheduler import conf
from scheduler.models import Execution, Node, Status
from scheduler.services.jobs import create_job
from tests.processes import Node as NodeProcess
from tests.processes import lines_of


@pytest.mark.engine
def test_once_runs_what_is_due_and_exits(start_node: Callable[..., NodeProcess], tmp_path: Path) -> None:
    create_job({"id": "due", "func": "jobs:note", "args": [str(tmp_path / "notes")]})
    create_job({"id": "later", "func": "jobs:nothing", "trigger": "cron", "year": 9998})

    node = start_node("--once", "--node", "single")

    assert node.process.wait(60) == 0, node.output
    assert len(lines_of(tmp_path / "notes")) == 1
    assert [(row.job_id, row.status) for row in Execution.objects.all()] == [("due", Status.SUCCEEDED)]
    assert Node.objects.get().name == "single"
    assert Node.objects.get().stopped_at is not None
    assert "SCHEDULER_JOBS: 0 added, 0 changed, 0 unchanged." in node.output


@pytest.mark.django_db
@pytest.mark.parametrize("threads", [0, -1])
def test_less_than_one_thread_is_refused(threads: int) -> None:
    with pytest.raises(CommandError, match="--threads must be at least 1"):
        call_command("runapscheduler", threads=threads, once=True)

    assert not Node.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("hosts", [[], ["elsewhere"]])
def test_host_that_is_not_allowed_is_refused(settings: Settings, hosts: list[str]) -> None:
    settings.SCHEDULER_ALLOWED_HOSTS = hosts

    with pytest.raises(CommandError, match="not in SCHEDULER_ALLOWED_HOSTS"):
        call_command("runapscheduler", once=True)

    assert not Node.objects.exists()


@pytest.mark.engine
def test_host_is_allowed_in_any_case(start_node: Callable[..., NodeProcess]) -> None:
    node = start_node("--once", SCHEDULER_ALLOWED_HOSTS=conf.current_host().upper())

    assert node.process.wait(60) == 0, node.output
