"""Arguments are checked by the annotations of their task, whoever sends them, and again when the code has changed."""

from typing import Any

import pytest

from scheduler.checks import check_jobs
from scheduler.exceptions import InvalidInput
from scheduler.models import Job
from scheduler.services.declared import load_declared_jobs
from scheduler.services.jobs import change_job, create_job
from scheduler.services.problems import problem_of_job, review_problems
from scheduler.services.runs import backfill_job, run_job
from tests.services.rows import LATER, NOW, make_job

pytestmark = pytest.mark.django_db

REPORT: dict[str, Any] = {"func": "jobs:report", "kwargs": {"title": "Sales", "day": "2031-05-06"}}


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ({"func": "jobs:greet", "args": [5]}, "args.0"),
        ({"func": "jobs:greet", "args": ["Ada", "2"]}, "args.1"),
        ({"func": "jobs:greet", "kwargs": {"name": "Ada", "times": True}}, "kwargs.times"),
        ({"func": "jobs:greet", "kwargs": [["name", None]]}, "kwargs.name"),
        ({**REPORT, "args": ["Sales", "tomorrow"], "kwargs": {}}, "args.1"),
        ({**REPORT, "kwargs": {**REPORT["kwargs"], "colour": "green"}}, "kwargs.colour"),
    ],
)
def test_argument_of_another_type_is_refused_by_its_name(call: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_job(**call)

    assert list(refused.value.errors) == [field]


def test_change_run_and_backfill_are_refused_alike() -> None:
    make_job(func="jobs:greet", args=["Ada"])

    for refuse in (
        lambda: change_job("job", {"args": [5]}),
        lambda: run_job("job", {"args": [5]}),
        lambda: backfill_job("job", start=NOW, end=LATER, arguments={"args": [5]}),
    ):
        with pytest.raises(InvalidInput) as refused:
            refuse()
        assert list(refused.value.errors) == ["args.0"]


def test_declared_job_of_another_type_is_refused() -> None:
    report = load_declared_jobs([{"id": "job", "func": "jobs:greet", "args": (5,), "trigger": "interval", "hours": 1}])

    assert "args.0: Enter a text." in str(report)
    assert not Job.objects.exists()


def test_json_is_stored_as_it_was_sent() -> None:
    job = make_job(**REPORT)

    assert (job.args, job.kwargs) == ([], REPORT["kwargs"])


def break_by_hand() -> None:
    """Do what a change of the code does: let the arguments be of another type than the annotation's."""
    make_job("fitting", func="jobs:greet", args=["Ada"])
    make_job("broken", func="jobs:greet", args=["Ada"])
    Job.objects.filter(pk="broken").update(args=[5])


def test_arguments_that_no_longer_fit_are_the_jobs_problem() -> None:
    break_by_hand()

    assert review_problems() == 1
    assert Job.objects.get(pk="broken").problem == "args.0: Enter a text."
    assert problem_of_job(Job.objects.get(pk="broken")) == "args.0: Enter a text."
    assert Job.objects.get(pk="fitting").problem == ""


def test_check_names_the_jobs_that_no_longer_fit() -> None:
    break_by_hand()
    Job.objects.filter(pk="fitting").update(func="jobs:gone")

    said = check_jobs(databases=["default"])

    assert {each.id for each in said} == {"scheduler.W002"}
    assert said[0].msg == "Job broken cannot run. args.0: Enter a text."
    assert said[1].msg.startswith("Job fitting cannot run. No registered task is called jobs:gone.")
    assert len(said) == 2
    assert not Job.objects.broken().exists()


def test_check_of_very_many_jobs_names_some_and_counts_the_rest() -> None:
    for number in range(23):
        create_job({"id": f"job{number}", "func": "jobs:nothing", "next_run_time": None})
    Job.objects.update(func="jobs:gone")

    said = check_jobs(databases=["default"])

    assert len(said) == 21
    assert said[-1].msg == "There are 3 more jobs that cannot run."


def test_jobs_are_not_checked_where_no_database_is_named() -> None:
    break_by_hand()

    assert check_jobs() == []
