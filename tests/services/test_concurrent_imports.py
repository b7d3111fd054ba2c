"""Imports beside other hands: each is all or nothing, and nobody fails for another's sake."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from scheduler import clock
from scheduler.exceptions import ImportOutdated, JobNotFound
from scheduler.exchange import read_document
from scheduler.models import Job, Schedule
from scheduler.services.imports import apply_import
from scheduler.services.jobs import change_job, delete_job, pause_job, resume_job
from scheduler.services.schedules import lock_jobs

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8
JOBS = ("a", "b", "c")


def text_of(minutes: int) -> str:
    """Three jobs that all run in one step."""
    return "carnation: 1\njobs:\n" + "".join(
        f"  {name}: {{func: 'jobs:nothing', trigger: interval, minutes: {minutes}, start_date: 2026-06-01}}\n"
        for name in JOBS
    )


def bring(minutes: int) -> None:
    apply_import(read_document(text_of(minutes)), now=clock.now())


def toggle() -> None:
    for name in reversed(JOBS):
        change_job(name, {"retries": 1})
        pause_job(name)
        resume_job(name)


def drop() -> None:
    delete_job("b")


def hammer(work: Callable[[], None], errors: list[Exception]) -> None:
    try:
        for _round in range(ROUNDS):
            try:
                work()
            except (ImportOutdated, JobNotFound):
                continue
    except Exception as error:
        errors.append(error)
    finally:
        connection.close()


def run_at_once(*works: Callable[[], None]) -> list[Exception]:
    errors: list[Exception] = []
    threads = [threading.Thread(target=hammer, args=(work, errors)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return errors


def test_imports_and_edits_at_once_never_fail_each_other() -> None:
    bring(1)

    errors = run_at_once(lambda: bring(2), lambda: bring(3), toggle, drop)

    assert errors == []
    states: dict[str, Any] = dict(Job.objects.values_list("pk", "paused"))
    for job_id, next_run_time in Schedule.objects.values_list("pk", "next_run_time"):
        assert states[job_id] == (next_run_time is None)
    assert not Job.objects.stale().exists()


def test_two_imports_at_once_leave_one_of_them_and_no_mixture() -> None:
    bring(1)

    errors = run_at_once(lambda: bring(2), lambda: bring(3))

    assert errors == []
    assert len({job.trigger["minutes"] for job in Job.objects.all()}) == 1


def test_edit_between_the_plan_and_the_locks_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    bring(1)

    def edit_first(job_ids: Any) -> Any:
        """Be quicker than the locks."""
        Job.objects.filter(pk="a").update(retries=7)
        return lock_jobs(job_ids)

    monkeypatch.setattr("scheduler.services.imports.lock_jobs", edit_first)

    with pytest.raises(ImportOutdated):
        bring(2)

    assert {job.trigger["minutes"] for job in Job.objects.all()} == {1}
