"""Many hands on one job: nobody fails for another's sake, and job and schedule stay a pair."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from scheduler.exceptions import JobAlreadyExists, JobNotFound
from scheduler.models import Job, Schedule
from scheduler.services.jobs import change_job, create_job, delete_job, pause_job, resume_job
from scheduler.services.runs import run_job

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 15
HOURLY = {"id": "job", "func": "jobs:nothing", "trigger": "interval", "hours": 1}


def recreate() -> None:
    delete_job("job")
    create_job(HOURLY)


def edit() -> None:
    change_job("job", {"trigger": "interval", "minutes": 5})
    change_job("job", {"name": "edited"})


def toggle() -> None:
    pause_job("job")
    resume_job("job")
    run_job("job")


def hammer(work: Callable[[], None], errors: list[Exception]) -> None:
    try:
        for _round in range(ROUNDS):
            try:
                work()
            except (JobNotFound, JobAlreadyExists):
                continue
    except Exception as error:
        errors.append(error)
    finally:
        connection.close()


def test_edits_at_once_never_fail_each_other() -> None:
    create_job(HOURLY)
    errors: list[Exception] = []
    threads = [threading.Thread(target=hammer, args=(work, errors)) for work in (recreate, edit, toggle, edit)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert errors == []
    states: dict[str, Any] = dict(Job.objects.values_list("pk", "paused"))
    for job_id, next_run_time in Schedule.objects.values_list("pk", "next_run_time"):
        assert states[job_id] == (next_run_time is None)
    assert not Job.objects.stale().exists()
