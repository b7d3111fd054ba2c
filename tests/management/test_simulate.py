"""`manage.py simulate`."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from scheduler.services.jobs import create_job

pytestmark = pytest.mark.django_db
DAILY = {"func": "jobs:nothing", "trigger": "cron", "hour": 9}


@pytest.fixture(autouse=True)
def jobs() -> Iterator[None]:
    """Three jobs at nine."""
    with time_machine.travel(datetime(2026, 6, 1, 12, tzinfo=UTC), tick=False):
        for number in range(3):
            create_job({"id": f"job-{number}", **DAILY})
        yield


def test_command_prints_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    change = json.dumps({"id": "job-0", "trigger": "cron", "hour": 10})

    call_command("simulate", "--job", change, "--days", "2", "--delete", "job-1")

    assert capsys.readouterr().out.splitlines() == [
        "2 jobs, 2 days from 2026-06-01 12:00 UTC",
        "job-0 (changed): 0 added, 0 removed, 2 moved, 0 kept",
        "  2026-06-02 09:00:00 -> 2026-06-02 10:00:00",
        "  2026-06-03 09:00:00 -> 2026-06-03 10:00:00",
        "job-1 (deleted): 0 added, 2 removed, 0 moved, 0 kept",
        "  - 2026-06-02 09:00:00",
        "  - 2026-06-03 09:00:00",
        "Before: 6 starts; the busiest minute has 3 (2026-06-02 09:00:00); at once run at most 3 (2026-06-02 09:00:00)",
        "After:  4 starts; the busiest minute has 1 (2026-06-02 09:00:00); at once run at most 1 (2026-06-02 09:00:00)",
        "2 jobs have no run on record; each counts as one second.",
        "Nothing stands out.",
    ]


def test_findings_have_a_spread(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("simulate", "--cap", "2")

    lines = capsys.readouterr().out.splitlines()
    assert "herd at 2026-06-02 09:00:00: 3 runs start within one minute, 2 may; so it is in 30 minutes." in lines[3]
    assert any(line.strip().startswith('job-1: {"trigger": "cron", "crontab": "H 9 * * *"') for line in lines)


def test_changes_may_come_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"jobs": [{"id": "new", **DAILY}], "days": 1}))

    call_command("simulate", str(path))

    assert "new (new): 1 added, 0 removed, 0 moved, 0 kept" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["nowhere.json"], ["--job", "{"], ["--job", "[]"], ["--days", "99"]])
def test_what_cannot_be_simulated_is_an_error(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("simulate", *arguments)
