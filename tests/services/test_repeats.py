"""A run is repeated as it was, whatever became of its job's arguments since; or as its job is defined now."""

from typing import Any

import pytest

from scheduler.exceptions import CannotRepeat, ExecutionNotFound, InvalidInput, JobNotFound
from scheduler.models import AuditEntry, Execution, HistoricalJob, Origin, Status
from scheduler.services.jobs import change_job, create_job, delete_job
from scheduler.services.repeats import run_again, run_as_defined_now
from scheduler.services.runs import run_job

pytestmark = pytest.mark.django_db


def run_of_greeting(**own: Any) -> Execution:
    """Return a run that has ended, of a job that greets Tokyo."""
    create_job({"id": "job", "func": "jobs:greet", "args": ["Tokyo"], "trigger": "manual"})
    run = run_job("job", own)
    Execution.objects.update(status=Status.SUCCEEDED)
    return run


def test_run_is_repeated_with_the_arguments_of_then() -> None:
    run = run_of_greeting()
    change_job("job", {"args": ["Osaka", 2], "timeout": 60})

    again = run_again(run.pk)

    again.refresh_from_db()
    assert (again.args, again.kwargs) == (["Tokyo"], {})
    assert (again.origin, again.status, again.revision) == (Origin.MANUAL, Status.QUEUED, 2)


def test_arguments_of_the_run_alone_are_repeated_too() -> None:
    run = run_of_greeting(args=["Kyoto"], kwargs={"times": 3})

    again = run_again(run.pk)

    assert (again.args, again.kwargs) == (["Kyoto"], {"times": 3})


def test_who_repeated_what_is_written_down() -> None:
    run = run_of_greeting()

    again = run_again(run.pk)

    assert AuditEntry.objects.latest("pk").details == {"execution": str(again.pk), "again_of": str(run.pk)}


def test_job_that_runs_another_task_cannot_repeat_it() -> None:
    run = run_of_greeting()
    change_job("job", {"func": "jobs:nothing", "args": []})

    with pytest.raises(CannotRepeat, match="It ran jobs:greet, and its job runs jobs:nothing now"):
        run_again(run.pk)
    assert Execution.objects.count() == 1


def test_other_reference_to_the_same_task_can_repeat_it() -> None:
    run = run_of_greeting()
    change_job("job", {"func": "tests.sample.jobs:greet"})

    assert run_again(run.pk).args == ["Tokyo"]


def test_revision_that_is_not_kept_cannot_be_repeated() -> None:
    run = run_of_greeting()
    change_job("job", {"args": ["Osaka"]})
    HistoricalJob.objects.filter(revision=1).delete()

    with pytest.raises(CannotRepeat, match="Revision 1 of its job is not kept"):
        run_again(run.pk)


def test_job_from_before_revisions_were_kept_is_what_it_was_while_nobody_changes_it() -> None:
    run = run_of_greeting()
    HistoricalJob.objects.all().delete()

    assert run_again(run.pk).args == ["Tokyo"]


def test_arguments_that_no_longer_fit_the_code_are_refused() -> None:
    run = run_of_greeting()
    Execution.objects.filter(pk=run.pk).update(args=[1, 2, 3, 4])

    with pytest.raises(InvalidInput):
        run_again(run.pk)


def test_current_definition_has_the_arguments_of_today() -> None:
    run = run_of_greeting(args=["Kyoto"])
    change_job("job", {"func": "jobs:nothing", "args": []})

    again = run_as_defined_now(run.pk)

    again.refresh_from_db()
    assert (again.args, again.kwargs, again.revision) == (None, None, 2)
    assert AuditEntry.objects.latest("pk").details["again_of"] == str(run.pk)


@pytest.mark.parametrize("service", [run_again, run_as_defined_now])
def test_run_of_a_job_that_is_gone_cannot_be_repeated(service: Any) -> None:
    run = run_of_greeting()
    delete_job("job")

    with pytest.raises(JobNotFound):
        service(run.pk)


@pytest.mark.parametrize("service", [run_again, run_as_defined_now])
def test_what_is_not_there_cannot_be_repeated(service: Any) -> None:
    with pytest.raises(ExecutionNotFound):
        service(5)
