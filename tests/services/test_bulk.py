"""What is done to many at once: as each service does it to one, in as many statements for many as for few."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from scheduler.actors import acting
from scheduler.exceptions import InvalidInput, NothingToUndo
from scheduler.models import AuditEntry, Execution, HistoricalJob, Job, Node, Origin, Schedule, Status
from scheduler.services import bulk
from scheduler.services.bulk import chunks
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import change_job, pause_job, resume_job
from scheduler.services.nodes import register_node
from scheduler.services.runs import run_job
from tests.services.rows import LATER, NEXT_HOURLY, NOW, executions_of, make_job, next_run_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

IDS = ("a", "b", "c")


@pytest.fixture
def jobs(db: None) -> tuple[str, ...]:
    for job_id in IDS:
        make_job(job_id, tags=["old"])
    return IDS


def last_entry(job_id: str) -> AuditEntry:
    entry = AuditEntry.objects.of_job(job_id).first()
    assert entry is not None
    return entry


def test_pausing_takes_the_next_runs_away(jobs: tuple[str, ...]) -> None:
    outcome = bulk.pause_jobs(jobs)

    assert outcome.changed == jobs
    assert [next_run_of(job_id) for job_id in jobs] == [None] * 3
    assert not Job.objects.filter(stale=True).exists()


def test_pausing_leaves_alone_what_is_paused_finished_or_gone(jobs: tuple[str, ...]) -> None:
    pause_job("a")
    Job.objects.filter(pk="b").update(finished_at=NOW)

    assert bulk.pause_jobs([*jobs, "gone"]).changed == ("c",)


def test_pausing_leaves_a_row_of_what_was_due(jobs: tuple[str, ...], clock: Traveller) -> None:
    clock.move_to(NEXT_HOURLY)

    bulk.pause_jobs(jobs)

    assert executions_of("b") == [(Status.SKIPPED, NEXT_HOURLY)]


def test_resuming_schedules_from_now_on(jobs: tuple[str, ...], clock: Traveller) -> None:
    bulk.pause_jobs(jobs)
    clock.move_to(LATER)

    outcome = bulk.resume_jobs(["a", "b"])

    assert outcome.changed == ("a", "b")
    assert next_run_of("a") == LATER + timedelta(minutes=30)
    assert next_run_of("c") is None


def test_resuming_finishes_what_has_no_occurrence_left_and_says_why_it_cannot_read_another(clock: Traveller) -> None:
    make_job("over", trigger="date", run_date=LATER.isoformat())
    make_job("broken")
    make_job("by hand", trigger="manual")
    bulk.pause_jobs(["over", "broken", "by hand"])
    Job.objects.filter(pk="over").update(run_count=1, max_runs=1)
    Job.objects.filter(pk="broken").update(trigger={"trigger": "moon"}, synced_trigger='{"trigger": "moon"}')

    outcome = bulk.resume_jobs(["over", "broken", "by hand"])

    assert outcome.changed == ("by hand", "over")
    assert [*outcome.failed] == ["broken"]
    assert Job.objects.get(pk="broken").paused
    assert Job.objects.get(pk="over").finished_at == NOW
    assert Job.objects.get(pk="by hand").finished_at is None


@pytest.mark.parametrize(("many", "one"), [(bulk.pause_jobs, pause_job), (bulk.resume_jobs, resume_job)])
def test_many_are_left_as_one_is(
    jobs: tuple[str, ...], many: Callable[..., Any], one: Callable[[str], Any], clock: Traveller
) -> None:
    if one is resume_job:
        bulk.pause_jobs(jobs)
        clock.move_to(LATER)

    many(["a", "b"])
    one("c")

    columns = [field.name for field in Job._meta.concrete_fields if field.name not in ("id", "name")]
    rows = Job.objects.order_by("pk").values(*columns)
    assert rows[0] == rows[2]
    assert next_run_of("a") == next_run_of("c")
    of_many, of_one = last_entry("a"), last_entry("c")
    assert (of_many.action, {**of_many.details, "bulk": 0}) == (of_one.action, {**of_one.details, "bulk": 0})


def test_every_change_is_written_down_with_who_did_it(jobs: tuple[str, ...]) -> None:
    with acting(name="alice", source="admin"):
        outcome = bulk.pause_jobs(jobs)

    entries = AuditEntry.objects.filter(details__bulk=outcome.mark)
    assert {(entry.job_id, entry.actor, entry.action) for entry in entries} == {
        (job_id, "alice", "paused") for job_id in jobs
    }


def test_runs_are_queued_beside_the_schedules_and_broken_jobs_left_out(jobs: tuple[str, ...]) -> None:
    Job.objects.filter(pk="b").update(problem="Its task is gone.")

    outcome = bulk.run_jobs(jobs)

    assert (outcome.changed, outcome.failed) == (("a", "c"), {"b": "Its task is gone."})
    assert executions_of("a") == [(Status.QUEUED, NOW)]
    assert next_run_of("a") == NEXT_HOURLY
    assert last_entry("a").details["execution"] == str(Execution.objects.get(job_id="a").pk)


def test_run_of_a_finished_job_gets_the_schedule_that_nodes_lock(jobs: tuple[str, ...]) -> None:
    Schedule.objects.filter(pk="a").delete()

    bulk.run_jobs(["a"])

    assert next_run_of("a") is None


def test_tag_is_added_as_a_revision_of_those_without_it(jobs: tuple[str, ...]) -> None:
    change_job("a", {"tags": ["new", "old"]})

    outcome = bulk.add_tag(jobs, tag=" new ")

    assert outcome.changed == ("b", "c")
    assert {*Job.objects.values_list("pk", "revision")} == {("a", 2), ("b", 2), ("c", 2)}
    assert [job.tags for job in Job.objects.all()] == [["new", "old"]] * 3
    assert HistoricalJob.objects.get(id="b", revision=2).tags == ["new", "old"]
    assert last_entry("b").change_of("tags") == ('["old"]', '["new", "old"]')


def test_tag_is_removed_from_those_that_have_it(jobs: tuple[str, ...]) -> None:
    change_job("a", {"tags": ["other"]})

    assert bulk.remove_tag(jobs, tag="old").changed == ("b", "c")
    assert [job.tags for job in Job.objects.order_by("pk")] == [["other"], [], []]


@pytest.mark.parametrize("tag", ["", "a,b", "x" * 65, "\n"])
def test_what_is_no_tag_is_refused_by_name(jobs: tuple[str, ...], tag: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        bulk.add_tag(jobs, tag=tag)

    assert [*caught.value.errors] == ["tag"]


def test_deleting_cancels_what_is_queued_and_keeps_the_history(jobs: tuple[str, ...]) -> None:
    bulk.run_jobs(jobs)

    outcome = bulk.delete_jobs(["a", "b"])

    assert outcome.changed == ("a", "b")
    assert [*Job.objects.values_list("pk", flat=True)] == [*Schedule.objects.values_list("pk", flat=True)] == ["c"]
    assert executions_of("a") == [(Status.CANCELLED, NOW)]
    assert executions_of("c") == [(Status.QUEUED, NOW)]
    assert last_entry("a").action == "deleted"


def test_undo_of_a_pause_resumes_those_alone_that_were_paused_by_it(jobs: tuple[str, ...]) -> None:
    pause_job("a")
    mark = bulk.pause_jobs(jobs).mark

    assert bulk.undo(mark).changed == ("b", "c")
    assert Job.objects.get(pk="a").paused


def test_undo_of_a_resumption_pauses_again(jobs: tuple[str, ...]) -> None:
    bulk.pause_jobs(jobs)

    assert bulk.undo(bulk.resume_jobs(["b"]).mark).changed == ("b",)
    assert Job.objects.get(pk="b").paused


@pytest.mark.parametrize(("change", "before"), [(bulk.add_tag, ["old"]), (bulk.remove_tag, ["new", "old"])])
def test_undo_of_a_tag_leaves_other_tags_alone(
    jobs: tuple[str, ...], change: Callable[..., bulk.Outcome], before: list[str]
) -> None:
    change_job("b", {"tags": before})
    mark = change(["b"], tag="new").mark
    bulk.add_tag(["b"], tag="since")

    bulk.undo(mark)

    assert Job.objects.get(pk="b").tags == [*before, "since"]


def test_undo_of_runs_cancels_those_that_have_not_begun(jobs: tuple[str, ...]) -> None:
    mark = bulk.run_jobs(jobs).mark
    Execution.objects.filter(job_id="a").update(status=Status.SUCCEEDED)

    assert len(bulk.undo(mark).changed) == 2
    assert executions_of("a") == [(Status.SUCCEEDED, NOW)]
    assert executions_of("b") == [(Status.CANCELLED, NOW)]


def test_undo_of_a_deletion_brings_back_what_it_was(jobs: tuple[str, ...]) -> None:
    change_job("a", {"name": "Changed", "max_runs": 7, "kwargs": {}})
    Job.objects.filter(pk="a").update(run_count=3)
    pause_job("b")
    before = {job.pk: (job.name, job.trigger, job.tags, job.paused, job.run_count) for job in Job.objects.all()}
    mark = bulk.delete_jobs(jobs).mark

    outcome = bulk.undo(mark)

    assert outcome.changed == jobs
    after = {job.pk: (job.name, job.trigger, job.tags, job.paused, job.run_count) for job in Job.objects.all()}
    assert after == before
    assert Job.objects.get(pk="a").revision == 3
    assert Job.objects.filter(stale=True).count() == 3


def test_what_came_back_is_scheduled_by_the_next_turn(jobs: tuple[str, ...]) -> None:
    from scheduler.services.schedules import sync_stale_schedules

    pause_job("b")
    bulk.undo(bulk.delete_jobs(jobs).mark)

    sync_stale_schedules(now=NOW, limit=10)

    assert [next_run_of(job_id) for job_id in jobs] == [NEXT_HOURLY, None, NEXT_HOURLY]


def test_undo_of_a_deletion_leaves_alone_whose_id_is_taken(jobs: tuple[str, ...]) -> None:
    mark = bulk.delete_jobs(jobs).mark
    make_job("b", name="another")

    outcome = bulk.undo(mark)

    assert (outcome.changed, [*outcome.failed]) == (("a", "c"), ["b"])
    assert Job.objects.get(pk="b").name == "another"


@pytest.mark.parametrize("mark", ["0", "x", str(2**70), "123456789"])
def test_what_nobody_knows_of_cannot_be_undone(jobs: tuple[str, ...], mark: str) -> None:
    with pytest.raises(NothingToUndo):
        bulk.undo(mark)


def test_cancelling_ends_the_queued_and_tells_the_nodes_of_the_running(jobs: tuple[str, ...]) -> None:
    node = register_node(name="tokyo", pid=1, threads=1, now=NOW)
    running, ended, queued = run_job("a"), run_job("b"), run_job("c")
    Execution.objects.filter(pk=running.pk).update(status=Status.RUNNING, node=node)
    Execution.objects.filter(pk=ended.pk).update(status=Status.SUCCEEDED)

    with acting(name="alice", source="admin"):
        outcome = bulk.cancel_executions([running.pk, ended.pk, queued.pk, 5])

    assert set(outcome.changed) == {str(running.pk), str(queued.pk)}
    assert {*Execution.objects.values_list("job_id", "status", "reason")} == {
        ("a", Status.RUNNING, "Cancelled by alice."),
        ("b", Status.SUCCEEDED, ""),
        ("c", Status.CANCELLED, "Cancelled by alice."),
    }
    assert Node.objects.get().orders == 1


def test_running_again_takes_the_arguments_that_a_run_had_of_its_own(clock: Traveller) -> None:
    make_job("greet", func="jobs:greet", args=["Anna"])
    first, second = run_job("greet", {"args": ["Berta"]}), None
    clock.shift(1)
    second = run_job("greet")
    Execution.objects.update(status=Status.FAILED)
    clock.shift(1)

    outcome = bulk.run_again([first.pk, second.pk])

    assert len(outcome.changed) == 2
    again = Execution.objects.filter(status=Status.QUEUED, origin=Origin.MANUAL).order_by("scheduled_for")
    assert [run.args for run in again] == [["Berta"], None]


def test_run_of_a_job_that_is_gone_cannot_be_made_again(jobs: tuple[str, ...]) -> None:
    run = run_job("a")
    Job.objects.filter(pk="a").delete()

    outcome = bulk.run_again([run.pk])

    assert (outcome.changed, [*outcome.failed]) == ((), [str(run.pk)])


def test_chunks_add_up(jobs: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 2)

    outcome = bulk.pause_jobs(jobs)

    assert outcome.changed == jobs
    assert bulk.undo(outcome.mark).changed == jobs


CHANGES: list[Callable[[Iterable[str]], Any]] = [
    bulk.run_jobs,
    bulk.pause_jobs,
    bulk.resume_jobs,
    lambda ids: bulk.add_tag(ids, tag="new"),
    lambda ids: bulk.remove_tag(ids, tag="odd"),
    bulk.delete_jobs,
]


@pytest.mark.parametrize("change", CHANGES)
def test_many_cost_as_many_statements_as_few(change: Callable[[Iterable[str]], Any], clock: Traveller) -> None:
    create_calendar({"name": "china", "country": "CN"})
    # SQLite takes no more than a thousand values in a statement, two revisions of twelve jobs.
    for number in range(14):
        calendar = {"trigger": "cron", "minute": "30", "calendar": "china"} if number % 2 else {}
        make_job(f"job-{number:02}", tags=["odd"], **calendar)
    clock.move_to(LATER)
    if change is bulk.resume_jobs:
        bulk.pause_jobs(Job.objects.values_list("pk", flat=True))
    ids = [*Job.objects.order_by("pk").values_list("pk", flat=True)]

    with CaptureQueriesContext(connection) as for_few:
        change(ids[:3])
    with CaptureQueriesContext(connection) as for_many:
        change(ids[3:])

    assert len(for_many) == len(for_few)
