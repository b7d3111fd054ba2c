"""`manage.py previewjob`."""

import pytest
from django.core.management import CommandError, call_command

from scheduler.services.jobs import create_job

pytestmark = pytest.mark.django_db
NIGHTLY = '{"trigger": "cron", "hour": 1, "minute": 30, "timezone": "America/New_York"}'


def test_command_prints_an_occurrence_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("previewjob", "--trigger", NIGHTLY, "--start", "2026-11-01", "--count", "2")

    assert capsys.readouterr().out.splitlines() == [
        "Runs at 01:30 every day (America/New_York).",
        "2026-11-01 01:30:00 EDT",
        "  (2026-11-01 01:30:00)  The clocks go back, and 01:30 comes twice; only the first counts.",
        "2026-11-02 01:30:00 EST",
    ]


def test_stored_job_is_previewed(capsys: pytest.CaptureFixture[str]) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": 9, "allowed_hours": "08:00-10:00"})

    call_command("previewjob", "job", "--start", "2999-01-01", "--count", "1")

    said, *lines = capsys.readouterr().out.splitlines()
    assert said == "Runs at 09:00 every day (UTC). It runs only from 08:00 to 10:00, the end excluded."
    assert lines == ["2999-01-01 09:00:00 UTC"]


def test_many_that_are_dropped_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    half_hourly = '{"trigger": "cron", "minute": "*/30", "allowed_hours": "09:00-09:30"}'

    call_command("previewjob", "--trigger", half_hourly, "--start", "2999-01-01", "--count", "1")

    assert "(2999-01-01 00:00:00 to 2999-01-01 08:30:00, 18 in all)" in capsys.readouterr().out


def test_manual_job_has_nothing_to_come(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("previewjob", "--trigger", '{"trigger": "manual"}')

    assert capsys.readouterr().out.splitlines()[1:] == ["Nothing comes any more."]


@pytest.mark.parametrize(
    "arguments",
    [[], ["nowhere"], ["--trigger", "{"], ["--trigger", "5"], ["--trigger", '{"trigger": "cron", "hour": 99}']],
)
def test_what_cannot_be_previewed_is_an_error(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("previewjob", *arguments)
