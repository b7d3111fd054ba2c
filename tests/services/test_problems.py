"""Quarantine: why a job cannot run with the code as it is now."""

from typing import Any

import pytest
from django.utils.translation import override
from pytest_django.fixtures import Settings

from scheduler.models import Job
from scheduler.services.problems import review_problems
from tests.services.rows import make_job

pytestmark = pytest.mark.django_db


def problem() -> str:
    return Job.objects.get().problem


def test_sound_job_has_no_problem() -> None:
    make_job()

    assert review_problems() == 0
    assert problem() == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"func": "jobs:renamed"}, "jobs:renamed"),
        ({"func": ""}, "No registered task"),
        ({"args": [1, 2, 3]}, "positional arguments"),
        ({"kwargs": {"nosuch": 1}}, "nosuch"),
        ({"args": "text"}, "args must be a list"),
        ({"kwargs": []}, "kwargs an object"),
        ({"executor": "gone"}, "gone"),
        ({"trigger": {"trigger": "nosuch"}}, "nosuch"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
    ],
)
def test_what_no_longer_fits_is_said_and_healed(change: dict[str, Any], said: str) -> None:
    make_job()
    sound = Job.objects.values(*change).get()

    Job.objects.update(**change)
    assert review_problems() == 1
    assert said in problem()

    Job.objects.update(**sound)
    assert review_problems() == 0
    assert problem() == ""


def test_executor_that_left_the_settings_breaks_its_jobs_until_it_is_back(settings: Settings) -> None:
    settings.SCHEDULER_EXECUTORS = {"default": {"type": "threads"}, "slow": {"type": "threads"}}
    make_job(executor="slow")
    del settings.SCHEDULER_EXECUTORS

    assert review_problems() == 1
    assert problem() == "There is no executor called slow."


def test_broken_job_is_kept_with_its_schedule() -> None:
    make_job()
    Job.objects.update(func="jobs:renamed")

    review_problems()

    assert Job.objects.count() == 1
    assert not Job.objects.stale().exists()


def test_finished_jobs_are_not_reviewed() -> None:
    job = make_job()
    Job.objects.update(func="jobs:renamed", finished_at=job.created_at)

    assert review_problems() == 0
    assert problem() == ""


@pytest.mark.parametrize("change", [{"func": "jobs:renamed"}, {"timezone": "Mars/Olympus"}, {"args": "text"}])
def test_problems_are_english_whatever_language_their_finder_speaks(change: dict[str, Any]) -> None:
    make_job()
    Job.objects.update(**change)
    with override("zh-hans"):
        review_problems()
    found = problem()

    review_problems()

    assert found.isascii()
    assert problem() == found
