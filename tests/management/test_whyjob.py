"""`manage.py whyjob`."""

import pytest
from django.core.management import CommandError, call_command

from scheduler.services.jobs import create_job

pytestmark = pytest.mark.django_db


def test_command_prints_a_sentence_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "minute": 0})

    call_command("whyjob", "job", "2999-06-01T09:30")

    assert capsys.readouterr().out.splitlines() == [
        "The job is not due then, by its trigger.",
        "The nearest before: 2999-06-01 09:00:00 UTC.",
        "The nearest after: 2999-06-01 10:00:00 UTC.",
    ]


@pytest.mark.parametrize(("job_id", "at"), [("nowhere", "2999-06-01T09:30"), ("job", "soon")])
def test_what_cannot_be_explained_is_an_error(job_id: str, at: str) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "minute": 0})

    with pytest.raises(CommandError):
        call_command("whyjob", job_id, at)
