"""Many hands on many jobs: what is done to all of them together, and to one, never fails for another's sake."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from scheduler.exceptions import JobAlreadyExists, JobNotFound
from scheduler.models import Job, Schedule
from scheduler.services import bulk
from scheduler.services.jobs import change_job, create_job, pause_job
from scheduler.services.runs import run_job

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8
IDS = tuple(f"job-{number:02}" for number in range(12))


def make(job_id: str) -> None:
    create_job({"id": job_id, "func": "jobs:nothing", "trigger": "interval", "hours": 1})


def stand() -> None:
    bulk.pause_jobs(IDS)
    bulk.resume_jobs(IDS[::-1])


def tag() -> None:
    bulk.add_tag(IDS, tag="new")
    bulk.remove_tag(IDS, tag="new")


def run_and_cancel() -> None:
    bulk.undo(bulk.run_jobs(IDS[:6]).mark)


def delete_and_restore() -> None:
    bulk.undo(bulk.delete_jobs(IDS[8:]).mark)


def edit() -> None:
    for job_id in IDS[::3]:
        change_job(job_id, {"name": "edited"})
        pause_job(job_id)
        run_job(job_id)


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


def test_bulk_changes_and_edits_at_once_never_fail_each_other() -> None:
    for job_id in IDS:
        make(job_id)
    errors: list[Exception] = []
    works = (stand, tag, run_and_cancel, delete_and_restore, edit)
    threads = [threading.Thread(target=hammer, args=(work, errors)) for work in works]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert errors == []
    assert {*Job.objects.values_list("pk", flat=True)} == {*Schedule.objects.values_list("pk", flat=True)} == {*IDS}
