"""The list of a job's revisions."""

import pytest
from pytest_django import DjangoAssertNumQueries

from scheduler.actors import acting
from scheduler.exceptions import RevisionNotFound
from scheduler.models import Action, HistoricalJob, Job
from scheduler.revisions import Revision, find_revision, list_revisions
from scheduler.services.jobs import change_job, delete_job
from tests.services.rows import HOURLY, make_job

pytestmark = pytest.mark.django_db


def listed(*, before: int | None = None, limit: int = 10) -> list[Revision]:
    return list_revisions("job", Job.objects.filter(pk="job").first(), before=before, limit=limit)


def make_revisions(count: int) -> None:
    make_job()
    for number in range(2, count + 1):
        change_job("job", {"name": f"name {number}"})


def test_newest_comes_first_with_what_it_changed() -> None:
    make_job(name="before")
    with acting(name="alice", source="rest"):
        change_job("job", {"name": "after"})

    newest, oldest = listed()

    assert (newest.number, newest.actor, newest.source, newest.action) == (2, "alice", "rest", Action.CHANGED)
    assert [(each.field, each.before, each.after) for each in newest.changes or ()] == [("name", "before", "after")]
    assert (newest.is_current, oldest.is_current) == (True, False)
    assert (oldest.number, oldest.changes) == (1, None)


def test_page_ends_at_its_limit_and_the_last_still_says_what_it_changed() -> None:
    make_revisions(5)

    first = listed(limit=2)
    second = listed(before=first[-1].number, limit=2)

    assert [each.number for each in (*first, *second)] == [5, 4, 3, 2]
    assert all(each.changes for each in (*first, *second))


def test_page_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_revisions(5)
    job = Job.objects.get()

    with django_assert_num_queries(1):
        list_revisions("job", job, limit=10)


def test_job_without_any_is_its_only_one() -> None:
    Job.objects.bulk_create([Job(id="job", name="job", func="jobs:nothing", trigger=HOURLY, timezone="UTC")])

    (only,) = listed()

    assert (only.number, only.is_current, only.action, only.actor) == (1, True, None, "")


def test_job_that_is_ahead_of_its_revisions_comes_first() -> None:
    make_job()
    Job.objects.update(revision=2, name="by hand")

    newest, _oldest = listed()

    assert (newest.number, newest.is_current) == (2, True)
    assert [each.after for each in newest.changes or ()] == ["by hand"]


def test_job_that_is_gone_has_its_revisions() -> None:
    make_revisions(2)
    delete_job("job")

    assert [(each.number, each.is_current) for each in listed()] == [(2, False), (1, False)]


def test_revision_before_that_is_not_on_record_is_not_made_up() -> None:
    make_revisions(3)
    HistoricalJob.objects.filter(revision=2).delete()
    HistoricalJob.objects.filter(revision=1).delete()

    (only,) = listed()

    assert only.changes is None


def test_revision_is_found_by_its_number() -> None:
    make_revisions(2)

    assert find_revision("job", 1).name == "job"


@pytest.mark.parametrize(("job_id", "number"), [("job", 9), ("job", 0), ("job", 2**70), ("other", 1), ("j\0b", 1)])
def test_revision_that_is_none_is_not_found(job_id: str, number: int) -> None:
    make_job()

    with pytest.raises(RevisionNotFound):
        find_revision(job_id, number)
