"""What needs somebody is what failed and has not succeeded since."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from scheduler.models import Job, Status
from scheduler.overview import trouble
from scheduler.overview.trouble import read_broken_jobs, read_failures
from tests.overview.rows import made
from tests.services.rows import NOW, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A_MINUTE = timedelta(minutes=1)


def failing() -> list[tuple[str, int]]:
    return [(failure.job_id, failure.count) for failure in read_failures(now=NOW).shown]


@pytest.mark.parametrize("status", [Status.FAILED, Status.TIMED_OUT, Status.LOST, Status.MISSED])
def test_run_that_went_wrong_needs_somebody(status: Status) -> None:
    made(NOW - A_MINUTE, status=status)

    assert failing() == [("job", 1)]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.SKIPPED, Status.RUNNING, Status.SUCCEEDED])
def test_run_that_somebody_ended_or_that_goes_on_does_not(status: Status) -> None:
    made(NOW - A_MINUTE, status=status)

    assert failing() == []


def test_job_that_has_succeeded_since_needs_nobody() -> None:
    made(NOW - 2 * A_MINUTE, status=Status.FAILED)
    made(NOW - A_MINUTE)
    made(NOW - A_MINUTE, job_id="other")

    assert failing() == []


def test_retry_that_succeeded_mends_its_occurrence() -> None:
    failed = made(NOW - 2 * A_MINUTE, status=Status.FAILED)
    made(NOW - A_MINUTE, scheduled_for=failed.scheduled_for, attempt=2)

    assert failing() == []


def test_success_before_the_failure_mends_nothing() -> None:
    made(NOW - 3 * A_MINUTE)
    made(NOW - 2 * A_MINUTE, status=Status.FAILED)

    assert failing() == [("job", 1)]


def test_each_job_is_named_once_with_its_latest_failure_the_newest_first() -> None:
    for minutes, job_id in ((9, "a"), (8, "b"), (7, "a"), (6, "c")):
        made(NOW - minutes * A_MINUTE, job_id=job_id, status=Status.FAILED)

    assert failing() == [("c", 1), ("a", 2), ("b", 1)]


def test_failure_of_long_ago_is_history() -> None:
    made(NOW - timedelta(days=7, minutes=1), status=Status.FAILED)

    assert failing() == []


def test_job_that_is_gone_is_told_of_by_its_id() -> None:
    make_job("there", name="Still there")
    for job_id in ("there", "gone"):
        made(NOW - A_MINUTE, job_id=job_id, status=Status.FAILED)

    found = {failure.job_id: (failure.name, failure.has_job) for failure in read_failures(now=NOW).shown}

    assert found == {"there": ("Still there", True), "gone": ("gone", False)}


def test_more_than_can_be_shown_are_only_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "MOST_SHOWN", 2)
    for number in range(3):
        made(NOW - A_MINUTE, job_id=f"job-{number}", status=Status.FAILED)

    found = read_failures(now=NOW)

    assert (len(found.shown), found.has_more) == (2, True)


def test_statements_are_as_many_however_much_failed(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(30):
        made(NOW - number * A_MINUTE, job_id=f"job-{number}", status=Status.FAILED)

    with django_assert_num_queries(3):
        read_failures(now=NOW)


def test_broken_jobs_are_those_in_quarantine_that_are_not_over() -> None:
    for job_id in ("fine", "broken", "over"):
        make_job(job_id)
    Job.objects.exclude(pk="fine").update(problem="There is no such task.")
    Job.objects.filter(pk="over").update(finished_at=NOW)

    assert [job.pk for job in read_broken_jobs()] == ["broken"]
