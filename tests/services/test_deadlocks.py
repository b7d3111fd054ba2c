"""What a deadlock has undone is tried again."""

import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from scheduler.models import Job
from scheduler.services.deadlocks import TRIES, retry_deadlocks
from scheduler.services.jobs import create_job

DEADLOCK = OperationalError(1213, "Deadlock found when trying to get lock; try restarting transaction")


def failing(times: int, error: OperationalError) -> Any:
    failures = iter(range(times))

    @retry_deadlocks
    def work() -> str:
        if next(failures, None) is not None:
            raise error
        return "done"

    return work


@pytest.mark.django_db(transaction=True)
def test_undone_work_is_done_again() -> None:
    assert failing(TRIES - 1, DEADLOCK)() == "done"


@pytest.mark.django_db(transaction=True)
def test_work_that_is_always_undone_fails_in_the_end() -> None:
    with pytest.raises(OperationalError):
        failing(TRIES, DEADLOCK)()


@pytest.mark.django_db(transaction=True)
def test_other_errors_are_not_tried_again() -> None:
    with pytest.raises(OperationalError):
        failing(1, OperationalError(2006, "Server has gone away"))()


@pytest.mark.django_db
def test_nothing_is_tried_again_within_the_callers_transaction() -> None:
    with pytest.raises(OperationalError):
        failing(1, DEADLOCK)()


@pytest.mark.django_db(transaction=True)
def test_real_deadlock_is_survived_by_both_sides() -> None:
    if connection.vendor == "sqlite":
        # Its one write lock leaves nothing to deadlock on; both sides must simply come through.
        pass
    for job_id in ("a", "b"):
        create_job({"id": job_id, "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    together = threading.Barrier(2, timeout=2)
    errors: list[Exception] = []

    @retry_deadlocks
    @transaction.atomic
    def rename(first: str, second: str) -> None:
        Job.objects.filter(pk=first).update(name=f"{first}{second}")
        try:
            together.wait()
        except threading.BrokenBarrierError:
            together.reset()
        Job.objects.filter(pk=second).update(name=f"{first}{second}")

    def run(first: str, second: str) -> None:
        try:
            rename(first, second)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    assert len(set(Job.objects.values_list("name", flat=True))) == 1
