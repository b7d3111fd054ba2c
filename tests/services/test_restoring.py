"""Going back to an earlier revision of a job."""

from typing import Any

import pytest

from scheduler.actors import acting
from scheduler.exceptions import InvalidInput, JobNotFound, RevisionNotFound
from scheduler.models import AuditEntry, HistoricalJob, Job, Schedule
from scheduler.services.calendars import create_calendar, delete_calendar
from scheduler.services.jobs import change_job, delete_job, pause_job
from scheduler.services.restoring import restore_revision
from tests.services.rows import NEXT_HOURLY, NOW, make_job, next_run_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def defined() -> dict[str, Any]:
    """Return all that defines the job."""
    return Job.history.filter(id="job").order_by("-revision").values(*_COLUMNS).first()  # type: ignore[no-any-return]


_COLUMNS = ("name", "func", "args", "kwargs", "trigger", "timezone", "tags", "retries", "timeout", "priority")
OTHER = {
    "name": "other",
    "func": "jobs:job1",
    "args": [1, 2],
    "tags": ["night"],
    "retries": 3,
    "timeout": 60,
    "priority": 5,
    "trigger": "cron",
    "hour": 3,
    "timezone": "Asia/Shanghai",
}


def test_job_is_what_it_was_under_a_new_number() -> None:
    make_job()
    before = defined()
    change_job("job", OTHER)

    job = restore_revision("job", 1)

    assert (job.revision, defined()) == (3, before)
    assert next_run_of() == NEXT_HOURLY


def test_way_back_has_a_way_back() -> None:
    make_job()
    change_job("job", OTHER)
    changed = defined()
    restore_revision("job", 1)

    restore_revision("job", 2)

    assert defined() == changed


def test_it_is_written_down_with_who_did_it() -> None:
    make_job()
    change_job("job", {"name": "after"})

    with acting(name="alice", source="admin"):
        restore_revision("job", 1)

    row = HistoricalJob.objects.get(revision=3)
    assert (row.action, row.restored_from, row.actor) == ("restored", 1, "alice")
    entry = AuditEntry.objects.of_job("job").first()
    assert entry is not None
    assert (entry.action, entry.details) == ("restored", {"name": ["after", "job"], "restored_from": 1})


def test_what_is_the_same_already_changes_nothing() -> None:
    make_job()
    change_job("job", {"name": "after"})
    change_job("job", {"name": "job"})

    assert restore_revision("job", 1).revision == 3


@pytest.mark.parametrize("change", [OTHER, {"name": "after"}])
def test_paused_job_stays_paused(change: dict[str, Any]) -> None:
    make_job()
    change_job("job", change)
    pause_job("job")

    restore_revision("job", 1)

    assert (Job.objects.get().paused, next_run_of()) == (True, None)


def test_next_run_stays_where_the_trigger_is_the_same() -> None:
    make_job()
    change_job("job", {"name": "after"})
    moment = NEXT_HOURLY.replace(year=2027)
    Schedule.objects.update(next_run_time=moment)

    restore_revision("job", 1)

    assert next_run_of() == moment


def test_task_that_is_gone_cannot_come_back() -> None:
    make_job()
    change_job("job", {"name": "after"})
    HistoricalJob.objects.filter(revision=1).update(func="jobs:gone")

    with pytest.raises(InvalidInput) as caught:
        restore_revision("job", 1)

    assert list(caught.value.errors) == ["func"]
    assert (Job.objects.get().name, Job.objects.get().revision) == ("after", 2)


def test_calendar_that_is_gone_cannot_come_back() -> None:
    create_calendar({"name": "china"})
    make_job(trigger="cron", hour=3, calendar="china")
    change_job("job", {"trigger": "cron", "hour": 4})
    delete_calendar("china")

    with pytest.raises(InvalidInput):
        restore_revision("job", 1)


@pytest.mark.parametrize("trigger", [None, [], {"type": "interval"}, {"trigger": "never"}])
def test_garbage_cannot_come_back(trigger: Any) -> None:
    make_job()
    change_job("job", {"name": "after"})
    # The database takes no null; JSON's is one.
    HistoricalJob.objects.filter(revision=1).update(trigger=trigger if trigger is not None else {"trigger": None})

    with pytest.raises(InvalidInput):
        restore_revision("job", 1)


@pytest.mark.parametrize("revision", [0, 9, 2**40])
def test_unknown_revision_is_refused(revision: int) -> None:
    make_job()

    with pytest.raises(RevisionNotFound):
        restore_revision("job", revision)


def test_job_that_is_gone_stays_gone() -> None:
    make_job()
    delete_job("job")

    with pytest.raises(JobNotFound):
        restore_revision("job", 1)


def test_finished_job_counts_as_gone_where_that_is_asked() -> None:
    make_job()
    change_job("job", {"name": "after"})
    Job.objects.update(finished_at=NOW)

    with pytest.raises(JobNotFound):
        restore_revision("job", 1, unfinished_only=True)
