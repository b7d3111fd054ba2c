"""`manage.py importcrontab`."""

from pathlib import Path

import pytest

from scheduler.models import Job
from scheduler.services.jobs import change_job
from tests.management.importing import lines_with, refuse, run

pytestmark = pytest.mark.django_db

CRONTAB = "# Clean up\n0 3 * * 1-5 root clean all\n@reboot root boot\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "crontab"
    path.write_text(CRONTAB)
    return path


def test_lines_become_jobs_and_are_compared_with_cron(file: Path) -> None:
    said = run("importcrontab", str(file), "--system", "--task", "jobs:call_program", "--timezone", "Europe/London")

    assert lines_with(said.out, "equal to [0 3 * * 1-5] in the next 1000 occurrences")
    assert lines_with(said.out, "! line 3: @reboot root boot left out")
    assert lines_with(said.out, "note: Not handed over", "user")
    job = Job.objects.get()
    assert (job.pk, job.name, job.kwargs, job.timezone) == (
        "clean-all",
        "Clean up",
        {"command": "clean all"},
        "Europe/London",
    )


def test_importing_again_finds_the_jobs_and_keeps_what_was_edited(file: Path) -> None:
    run("importcrontab", str(file), "--system", "--task", "jobs:call_program")
    change_job("clean-all", {"retries": 3})
    file.write_text(CRONTAB.replace("0 3", "0 4"))

    said = run("importcrontab", str(file), "--system", "--task", "jobs:call_program")

    assert lines_with(said.out, "crontab: 0 3 * * 1-5 -> 0 4 * * 1-5")
    assert "0 added, 1 changed" in said.out
    assert Job.objects.get().retries == 3


def test_mapping_names_tasks_for_commands(file: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("clean all: {func: jobs:greet, args: [all], id: clean}\n")

    run("importcrontab", str(file), "--system", "--mapping", str(mapping))

    assert Job.objects.get().args == ["all"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--system"], "Say which task"),
        (["--task", "nowhere:f", "--system"], "No registered task"),
        (["--system", "--task", "jobs:nothing"], "keyword arguments"),
        (["--task", "jobs:call_program", "--timezone", "Mars"], "No time zone"),
        (["--task", "jobs:call_program", "--map", "nothing"], "old=module:function"),
    ],
)
def test_mistakes_are_told(file: Path, options: list[str], words: str) -> None:
    assert words in refuse("importcrontab", str(file), *options).err
    assert not Job.objects.exists()
