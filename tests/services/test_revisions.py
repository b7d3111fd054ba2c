"""What is written down of what a job was."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import JSONField, Value
from django.db.models.signals import post_delete, post_save, pre_delete
from django.test.utils import CaptureQueriesContext

from scheduler.actors import acting
from scheduler.exceptions import InvalidInput, JobAlreadyExists
from scheduler.models import HistoricalJob, Job
from scheduler.services.declared import load_declared_jobs
from scheduler.services.jobs import change_job, create_job, delete_job, pause_job, resume_job
from scheduler.services.schedules import sync_stale_schedules
from tests.services.rows import HOURLY, NOW, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def revisions(job_id: str = "job") -> list[tuple[int, str, str]]:
    """Return number, action and actor of each revision, oldest first."""
    rows = HistoricalJob.objects.filter(id=job_id).order_by("history_id")
    return list(rows.values_list("revision", "action", "actor"))


def inserts(captured: CaptureQueriesContext) -> int:
    return len([query for query in captured if "historicaljob" in query["sql"]])


def test_new_job_is_its_first_revision() -> None:
    with acting(name="alice", source="rest"):
        make_job(name="Report")

    row = HistoricalJob.objects.get()
    assert (row.id, row.revision, row.name, row.trigger) == ("job", 1, "Report", Job.objects.get().trigger)
    assert (row.actor, row.source, row.action, row.history_date) == ("alice", "rest", "created", NOW)


def test_new_job_costs_one_insert_more() -> None:
    with CaptureQueriesContext(connection) as captured:
        make_job()

    assert inserts(captured) == 1


def test_change_is_a_revision_and_costs_one_insert() -> None:
    make_job()

    with acting(name="bob", source="admin"), CaptureQueriesContext(connection) as captured:
        change_job("job", {"name": "after"})

    assert inserts(captured) == 1
    assert revisions() == [(1, "created", ""), (2, "changed", "bob")]
    assert list(HistoricalJob.objects.order_by("revision").values_list("name", flat=True)) == ["job", "after"]


def test_execution_finds_the_revision_that_it_names() -> None:
    make_job(name="before")
    change_job("job", {"name": "after"})

    assert Job.history.get(id="job", revision=1).name == "before"


@pytest.mark.parametrize("data", [{"name": "job"}, {"next_run_time": None}])
def test_what_is_no_change_of_the_definition_is_no_revision(data: dict[str, Any]) -> None:
    make_job()

    change_job("job", data)

    assert revisions() == [(1, "created", "")]


def test_pause_is_no_revision() -> None:
    make_job()

    pause_job("job")
    resume_job("job")

    assert revisions() == [(1, "created", "")]


def test_what_is_refused_is_no_revision() -> None:
    make_job()

    with pytest.raises(InvalidInput):
        change_job("job", {"max_instances": 0})

    assert revisions() == [(1, "created", "")]


def test_replaced_job_goes_on_counting() -> None:
    make_job()

    make_job(replace_existing=True, name="another")

    assert revisions() == [(1, "created", ""), (2, "created", "")]


def test_revisions_outlive_the_job() -> None:
    make_job()
    change_job("job", {"name": "after"})

    delete_job("job")

    assert [number for number, _action, _actor in revisions()] == [1, 2]


def test_new_job_of_an_old_id_takes_no_number_that_executions_name() -> None:
    make_job()
    change_job("job", {"name": "after"})
    delete_job("job")

    job = make_job()

    assert job.revision == 3
    assert revisions()[-1] == (3, "created", "")


def test_id_that_is_taken_is_refused_as_ever() -> None:
    make_job()

    with pytest.raises(JobAlreadyExists):
        make_job()

    assert revisions() == [(1, "created", "")]


def test_declared_job_is_the_settings_doing() -> None:
    entry = {"id": "job", "func": "jobs:nothing", **HOURLY}
    load_declared_jobs([entry])
    load_declared_jobs([entry])
    load_declared_jobs([{**entry, "name": "after"}])

    assert revisions() == [(1, "created", "SCHEDULER_JOBS"), (2, "changed", "SCHEDULER_JOBS")]


def test_change_past_the_services_is_a_revision_when_it_is_noticed() -> None:
    with acting(name="alice", source="rest"):
        make_job()
    Job.objects.update(timezone="Asia/Shanghai")

    with acting(name="node", source="engine"):
        sync_stale_schedules(now=NOW, limit=10)

    assert revisions() == [(1, "created", "alice"), (2, "changed", "")]
    assert HistoricalJob.objects.get(revision=2).timezone == "Asia/Shanghai"
    assert Job.objects.get().revision == 2


def test_pause_past_the_services_is_no_revision() -> None:
    make_job()
    Job.objects.update(paused=True)

    sync_stale_schedules(now=NOW, limit=10)

    assert (revisions(), Job.objects.get().revision) == ([(1, "created", "")], 1)


def test_many_changes_past_the_services_cost_no_more_than_one() -> None:
    counts = []
    for names in (["a"], ["b", "c", "d"]):
        for name in names:
            make_job(name)
        Job.objects.update(timezone="Asia/Shanghai")
        with CaptureQueriesContext(connection) as captured:
            sync_stale_schedules(now=NOW, limit=10)
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert HistoricalJob.objects.filter(revision=2).count() == 4


def test_job_made_past_the_services_is_known_from_before_its_first_change() -> None:
    make_job("other")
    Job.objects.bulk_create([Job(id="job", name="job", func="jobs:nothing", trigger=HOURLY, timezone="UTC")])

    with acting(name="bob", source="admin"):
        change_job("job", {"name": "after"})

    assert revisions() == [(1, "", ""), (2, "changed", "bob")]


@pytest.mark.parametrize("column", ["trigger", "args", "kwargs", "tags"])
def test_null_that_was_written_by_hand_stops_nobody(column: str) -> None:
    make_job()
    Job.objects.update(timezone="Asia/Shanghai", **{column: Value(None, JSONField())})

    sync_stale_schedules(now=NOW, limit=10)

    assert getattr(HistoricalJob.objects.get(revision=2), column) is None


def test_nothing_listens_to_signals_of_jobs() -> None:
    assert not any(signal.has_listeners(Job) for signal in (post_save, post_delete, pre_delete))


def test_save_alone_writes_no_revision() -> None:
    job = make_job()

    job.save()

    assert revisions() == [(1, "created", "")]


def test_first_revision_is_told_apart_from_later_ones() -> None:
    create_job({"id": "job", "func": "jobs:nothing", **HOURLY})
    change_job("job", {"name": "after"})

    assert list(HistoricalJob.objects.order_by("revision").values_list("history_type", flat=True)) == ["+", "~"]
