"""`manage.py runapscheduler`."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from scheduler import conf
from scheduler.actors import Actor, current_actor, name_of_system_user
from scheduler.engine.scheduler import CarnationScheduler
from scheduler.management.commands import runapscheduler
from scheduler.models import Execution, Node, Status
from scheduler.services.declared import Report
from scheduler.services.jobs import create_job
from tests.processes import ROOT, environment_for_processes, lines_of
from tests.processes import Node as NodeProcess


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


@pytest.mark.portable
@pytest.mark.engine
def test_host_is_allowed_in_any_case(start_node: Callable[..., NodeProcess]) -> None:
    node = start_node("--once", SCHEDULER_ALLOWED_HOSTS=conf.current_host().upper())

    assert node.process.wait(60) == 0, node.output


@pytest.mark.django_db
def test_what_a_node_does_is_done_by_that_node(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Actor] = []

    def prepare(scheduler: CarnationScheduler) -> Report:
        seen.append(current_actor())
        return Report()

    monkeypatch.setattr(CarnationScheduler, "prepare", prepare)
    monkeypatch.setattr(CarnationScheduler, "run_once", lambda scheduler: seen.append(current_actor()))
    monkeypatch.setattr(runapscheduler, "_favour_the_loop", lambda: None)

    call_command("runapscheduler", node="tokyo-1", once=True)

    assert seen == [Actor(name="tokyo-1", source="engine")] * 2


@pytest.mark.pure
def test_what_a_command_does_is_done_by_the_user_of_its_process() -> None:
    program = "from scheduler.actors import current_actor; print(current_actor())"

    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", program]
    said = subprocess.run(command, cwd=ROOT, env=environment_for_processes(), capture_output=True, text=True)

    assert said.stdout.strip() == str(Actor(name=name_of_system_user(), source="command")), said.stderr
