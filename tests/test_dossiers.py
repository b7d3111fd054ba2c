"""What is on record of an execution, also where its job, its node or its output is gone."""

from datetime import timedelta
from typing import Any

import pytest

from scheduler.actors import acting
from scheduler.dossiers import MOST_ATTEMPTS, Dossier, read_dossier
from scheduler.models import Execution, ExecutionOutput, HistoricalJob, Origin, Status
from scheduler.services.jobs import change_job, create_job, delete_job
from scheduler.services.runs import backfill_job, run_job
from tests.services.rows import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def job() -> None:
    """A job that greets Tokyo."""
    create_job({"id": "job", "func": "jobs:greet", "args": ["Tokyo"], "trigger": "interval", "hours": 1})


def dossier_of(run: Execution) -> Dossier:
    dossier = read_dossier(run.pk)
    assert dossier is not None
    return dossier


def attempt(number: int, **columns: Any) -> Execution:
    run = {"scheduled_for": NOW, "revision": 1, "created_at": NOW, "status": Status.FAILED, **columns}
    return Execution.objects.create(job_id="job", attempt=number, **run)


def test_arguments_are_those_of_the_revision_that_ran() -> None:
    run = run_job("job")
    change_job("job", {"args": ["Osaka"]})

    dossier = dossier_of(run)

    assert (dossier.args, dossier.kwargs, dossier.func) == (["Tokyo"], {}, "jobs:greet")
    assert not dossier.has_arguments_of_today


def test_own_arguments_come_before_those_of_the_revision() -> None:
    dossier = dossier_of(run_job("job", {"args": ["Kyoto"]}))

    assert (dossier.args, dossier.kwargs) == (["Kyoto"], {})
    assert not dossier.has_arguments_of_today


def test_true_is_not_the_argument_one() -> None:
    change_job("job", {"func": "jobs:anything", "args": ["Tokyo"]})
    run = run_job("job", {"args": ["Tokyo", True]})
    change_job("job", {"args": ["Tokyo", 1]})

    assert not dossier_of(run).has_arguments_of_today


def test_job_that_nobody_changed_is_its_revision_where_none_is_kept() -> None:
    run = run_job("job")
    HistoricalJob.objects.all().delete()

    assert dossier_of(run).args == ["Tokyo"]


def test_what_is_gone_is_not_known() -> None:
    run = run_job("job")
    delete_job("job")
    HistoricalJob.objects.all().delete()
    Execution.objects.update(node_id=5)

    dossier = dossier_of(run)

    assert (dossier.job, dossier.definition, dossier.node, dossier.args) == (None, None, None, None)
    assert dossier.output.log == ""
    assert dossier.obstacle == "Its job is gone."


def test_attempts_are_those_of_the_same_occurrence_in_order() -> None:
    second, first = attempt(2, origin=Origin.RETRY), attempt(1)
    attempt(1, scheduled_for=NOW + timedelta(hours=1))

    attempts = dossier_of(second).attempts

    assert [row.pk for row in attempts.rows] == [first.pk, second.pk]
    assert not attempts.has_earlier
    assert not attempts.has_later


def test_of_a_long_chain_the_attempts_around_are_told() -> None:
    runs = [attempt(number) for number in range(1, 3 * MOST_ATTEMPTS + 1)]

    attempts = dossier_of(runs[14]).attempts

    assert [row.attempt for row in attempts.rows] == list(range(5, 26))
    assert attempts.has_earlier
    assert attempts.has_later


def test_who_asked_for_a_run_is_known() -> None:
    with acting(name="Eve", source="admin"):
        run = run_job("job")

    entry = dossier_of(run).asked_by

    assert entry is not None
    assert (entry.actor, entry.details["execution"]) == ("Eve", str(run.pk))


def test_who_asked_for_a_backfill_is_known() -> None:
    run_job("job")
    now = Execution.objects.get().created_at
    create_job({"id": "hourly", "func": "jobs:nothing", "trigger": "cron", "minute": 0})
    with acting(name="Eve", source="rest"):
        first, *_others = backfill_job("hourly", start=now - timedelta(hours=3), end=now)

    entry = dossier_of(first).asked_by

    assert entry is not None
    assert entry.actor == "Eve"


def test_nobody_asked_for_what_was_scheduled() -> None:
    assert dossier_of(attempt(1)).asked_by is None


def test_what_is_not_there_has_no_dossier() -> None:
    assert read_dossier(5) is None


def test_output_is_read() -> None:
    run = run_job("job")
    ExecutionOutput.objects.create(execution=run, log="hello")

    assert dossier_of(run).output.log == "hello"
