"""The claim: rows for what is due, schedules moved on, in one transaction."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scheduler.engine.definitions import Definitions, Run
from scheduler.engine.ledger import Room
from scheduler.engine.queue import take_queued
from scheduler.engine.retrying import RetryPolicy
from scheduler.engine.store import ScheduleStore
from scheduler.models import Execution, Job, JsonText, Node, Origin, Schedule, Status
from scheduler.services.jobs import change_job, create_job
from scheduler.services.problems import review_problems
from scheduler.services.runs import run_job
from scheduler.services.schedules import sync_stale_schedules

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PLENTY = {"default": 100}


def due_job(job_id: str = "job", *, func: str = "jobs:nothing", **more: Any) -> Job:
    """A job of every hour that is due at NOW."""
    trigger = {"trigger": "interval", "hours": 1, "start_date": NOW.isoformat()}
    job = create_job({"id": job_id, "func": func, **trigger, **more})
    Schedule.objects.filter(pk=job_id).update(next_run_time=NOW)
    return job


def claim(node: Node, *, store: ScheduleStore | None = None, free: dict[str, int] | None = None) -> list[Run]:
    return (
        (store or ScheduleStore(Definitions()))
        .claim(node, now=NOW + timedelta(seconds=1), room=Room(free or PLENTY))
        .runs
    )


def test_due_job_gets_a_running_row_and_its_next_run(node: Node) -> None:
    due_job()

    (run,) = claim(node)

    execution = Execution.objects.get(pk=run.execution_id)
    assert (execution.status, execution.node_id, execution.scheduled_for) == (Status.RUNNING, node.pk, NOW)
    assert Schedule.objects.get(pk="job").next_run_time == NOW + timedelta(hours=1)


def test_job_that_is_not_due_is_left_alone(node: Node) -> None:
    due_job()
    Schedule.objects.filter(pk="job").update(next_run_time=NOW + timedelta(minutes=1))

    assert claim(node) == []
    assert not Execution.objects.exists()


def test_what_has_been_claimed_is_not_claimed_again(node: Node) -> None:
    due_job()
    claim(node)

    assert claim(node) == []


def test_paused_job_is_not_claimed(node: Node) -> None:
    due_job(next_run_time=None)
    Schedule.objects.filter(pk="job").update(next_run_time=None)

    assert claim(node) == []


def test_job_paused_past_the_services_is_not_claimed(node: Node) -> None:
    due_job()
    Job.objects.filter(pk="job").update(paused=True)

    assert claim(node) == []
    assert not Execution.objects.exists()


def test_schedule_without_a_job_is_deleted(node: Node) -> None:
    due_job()
    Job.objects.filter(pk="job").delete()

    assert claim(node) == []
    assert not Schedule.objects.exists()


def test_what_has_no_room_is_queued_for_any_node(node: Node) -> None:
    for number in range(3):
        due_job(f"job{number}")

    runs = claim(node, free={"default": 2})

    assert len(runs) == 2
    queued = Execution.objects.get(status=Status.QUEUED)
    assert queued.node_id is None


def test_queued_execution_is_taken_when_there_is_room(node: Node) -> None:
    due_job()
    claim(node, free={"default": 0})

    runs = take_queued(node, Definitions(), now=NOW + timedelta(minutes=1), room=Room(PLENTY), manual_only=False)

    assert [run.job_id for run in runs] == ["job"]
    assert Execution.objects.get().node_id == node.pk


def test_pause_of_the_scheduler_holds_scheduled_runs_but_not_manual_ones(node: Node) -> None:
    due_job("scheduled")
    claim(node, free={"default": 0})
    due_job("manual")
    run_job("manual")

    runs = take_queued(node, Definitions(), now=timezone.now(), room=Room(PLENTY), manual_only=True)

    assert [run.job_id for run in runs] == ["manual"]


def test_queued_execution_of_a_vanished_job_is_cancelled(node: Node) -> None:
    due_job()
    run_job("job")
    Job.objects.filter(pk="job").delete()

    runs = take_queued(node, Definitions(), now=timezone.now(), room=Room(PLENTY), manual_only=False)

    assert runs == []
    execution = Execution.objects.get()
    assert (execution.status, bool(execution.reason)) == (Status.CANCELLED, True)


def test_one_shot_job_finishes_with_its_claim(node: Node) -> None:
    create_job({"id": "once", "func": "jobs:nothing", "run_date": NOW.isoformat()})

    claim(node)

    assert Job.objects.get().finished_at is not None
    assert Schedule.objects.get().next_run_time is None


def test_occurrence_that_has_a_row_is_not_run_again(node: Node) -> None:
    due_job()
    claim(node)
    Schedule.objects.filter(pk="job").update(next_run_time=NOW)

    assert claim(node) == []
    assert Execution.objects.count() == 1
    assert Schedule.objects.get(pk="job").next_run_time == NOW + timedelta(hours=1)


def test_one_known_occurrence_does_not_keep_the_others_from_running(node: Node) -> None:
    due_job("known")
    claim(node)
    Schedule.objects.filter(pk="known").update(next_run_time=NOW)
    due_job("fresh")

    assert [run.job_id for run in claim(node)] == ["fresh"]


def test_run_beyond_max_instances_is_skipped_with_the_reason(node: Node) -> None:
    due_job()
    claim(node)
    Schedule.objects.filter(pk="job").update(next_run_time=NOW + timedelta(milliseconds=1))

    assert claim(node) == []
    skipped = Execution.objects.get(status=Status.SKIPPED)
    assert "max_instances" in skipped.reason


def test_manual_run_that_waits_or_runs_counts_against_max_instances(node: Node) -> None:
    due_job()
    run_job("job")
    Execution.objects.update(available_at=NOW)

    assert claim(node) == []
    assert Execution.objects.filter(status=Status.SKIPPED).count() == 1


def test_run_later_than_its_grace_is_missed_with_the_reason(node: Node) -> None:
    early = NOW - timedelta(seconds=5)
    due_job(misfire_grace_time=5, start_date=early.isoformat())
    Schedule.objects.filter(pk="job").update(next_run_time=early)

    assert claim(node) == []
    missed = Execution.objects.get()
    assert (missed.status, missed.scheduled_for) == (Status.MISSED, early)
    assert "misfire_grace_time" in missed.reason


def test_broken_job_is_skipped_shown_and_kept(node: Node) -> None:
    due_job()
    Job.objects.filter(pk="job").update(func="jobs:gone")

    assert claim(node) == []
    job = Job.objects.get()
    assert "jobs:gone" in job.problem
    assert Execution.objects.get().reason == job.problem
    assert Schedule.objects.get().next_run_time == NOW + timedelta(hours=1)


def test_broken_job_heals_with_its_next_claim(node: Node) -> None:
    due_job()
    Job.objects.filter(pk="job").update(problem="It was renamed.")

    assert len(claim(node)) == 1
    assert Job.objects.get().problem == ""


def test_arguments_changed_past_the_services_are_used(node: Node) -> None:
    store = ScheduleStore(Definitions())
    due_job(func="jobs:add", args=[1])
    (first,) = claim(node, store=store)
    Execution.objects.all().delete()
    Job.objects.filter(pk="job").update(args=[5])
    Schedule.objects.filter(pk="job").update(next_run_time=NOW)

    (second,) = claim(node, store=store)

    assert (first.call(), second.call()) == (2, 6)


def test_row_names_the_revision_that_it_runs(node: Node) -> None:
    due_job()
    Job.objects.filter(pk="job").update(revision=7)

    claim(node)

    assert Execution.objects.get().revision == 7
    assert Execution.objects.get().origin == Origin.SCHEDULE


def test_folded_row_says_how_many_occurrences_it_stands_for(node: Node) -> None:
    start = NOW - timedelta(seconds=60)
    create_job(
        {"id": "often", "func": "jobs:nothing", "trigger": "interval", "seconds": 1, "start_date": start.isoformat()}
    )
    Schedule.objects.filter(pk="often").update(next_run_time=start)

    claim(node)

    row = Execution.objects.get()
    assert (row.first_scheduled_for, row.scheduled_for, row.occurrences) == (start, NOW + timedelta(seconds=1), 62)


@pytest.mark.parametrize("jobs", [1, 50])
def test_claim_needs_a_constant_number_of_statements(node: Node, jobs: int, django_assert_max_num_queries: Any) -> None:
    for number in range(jobs):
        due_job(f"job{number}")

    with django_assert_max_num_queries(8):
        claim(node)

    assert Execution.objects.count() == jobs


def test_store_never_unpickles_and_never_deletes(node: Node) -> None:
    due_job()
    Schedule.objects.update(job_state=b"not a pickle")
    store = ScheduleStore(Definitions())

    for method in ("get_all_jobs", "get_due_jobs", "remove_all_jobs"):
        with pytest.raises(NotImplementedError):
            getattr(store, method)()

    assert Schedule.objects.count() == 1


GARBAGE = [{"trigger": "nosuch"}, {"trigger": "interval"}, {}, [], 5, {"trigger": "date", "run_date": "never"}]


@pytest.mark.parametrize("trigger", GARBAGE)
def test_trigger_that_cannot_be_read_is_quarantined_and_harms_no_other_job(node: Node, trigger: Any) -> None:
    due_job("good")
    due_job("bad")
    Job.objects.filter(pk="bad").update(trigger=trigger)
    sync_stale_schedules(now=NOW, limit=10)

    runs = claim(node)

    assert [run.job_id for run in runs] == ["good"]
    bad = Job.objects.get(pk="bad")
    assert (bad.trigger, bool(bad.problem)) == (trigger, True)


def test_trigger_that_breaks_after_it_was_scheduled_leaves_a_skipped_row(node: Node) -> None:
    due_job("bad")
    Job.objects.update(trigger={"trigger": "nosuch"})
    Job.objects.update(synced_trigger=JsonText("trigger"))

    assert claim(node) == []
    assert Execution.objects.get().status == Status.SKIPPED


def test_unknown_time_zone_is_quarantined_and_mended_by_an_edit(node: Node) -> None:
    due_job("bad")
    Job.objects.update(timezone="Mars/Olympus")
    sync_stale_schedules(now=NOW, limit=10)
    problem = Job.objects.get().problem

    change_job("bad", {"trigger": "interval", "minutes": 5})

    assert "Mars/Olympus" in problem
    assert Job.objects.get().problem == ""
    assert Schedule.objects.get().next_run_time is not None


def test_one_shot_job_that_is_broken_when_due_runs_once_it_is_mended(node: Node) -> None:
    create_job({"id": "once", "func": "jobs:nothing", "run_date": NOW.isoformat()})
    Job.objects.update(func="jobs:gone")
    held = claim(node)
    broken = Job.objects.get()

    Job.objects.update(func="jobs:nothing")
    review_problems()
    sync_stale_schedules(now=NOW, limit=10)
    mended = claim(node)

    assert (held, bool(broken.problem), broken.finished_at) == ([], True, None)
    assert [run.job_id for run in mended] == ["once"]
    assert Execution.objects.get().scheduled_for == NOW


def statuses() -> list[str]:
    """The states of all rows, the oldest occurrence's first."""
    return list(Execution.objects.order_by("scheduled_for", "pk").values_list("status", flat=True))


def due_again(*, seconds: float = 0.1) -> None:
    """Let the job be due that many seconds after NOW; claims are made one second after it."""
    Schedule.objects.update(next_run_time=NOW + timedelta(seconds=seconds))


def test_overlap_skip_leaves_a_row_that_says_why(node: Node) -> None:
    due_job(overlap="skip")
    claim(node)
    due_again()

    assert claim(node) == []
    assert Execution.objects.get(status=Status.SKIPPED).finished_at is not None


def test_overlap_queue_keeps_every_occurrence_and_starts_one_at_a_time(node: Node) -> None:
    due_job(overlap="queue")
    claim(node)
    for seconds in (0.1, 0.2):
        due_again(seconds=seconds)
        assert claim(node) == []

    now = NOW + timedelta(seconds=1)
    assert statuses() == [Status.RUNNING, Status.QUEUED, Status.QUEUED]
    assert take_queued(node, Definitions(), now=now, room=Room(PLENTY), manual_only=False) == []
    Execution.objects.filter(status=Status.RUNNING).update(status=Status.SUCCEEDED)
    (run,) = take_queued(node, Definitions(), now=now, room=Room(PLENTY), manual_only=False)
    assert run.scheduled_for == NOW + timedelta(seconds=0.1)


def test_overlap_replace_leaves_only_the_latest_in_the_queue_and_names_the_job(node: Node) -> None:
    due_job(overlap="replace")
    claim(node)
    for seconds in (0.1, 0.2):
        due_again(seconds=seconds)
        claimed = ScheduleStore(Definitions()).claim(node, now=NOW + timedelta(seconds=1), room=Room(PLENTY))
        assert (claimed.runs, list(claimed.replacing)) == ([], ["job"])

    assert statuses() == [Status.RUNNING, Status.CANCELLED, Status.QUEUED]
    assert Execution.objects.get(status=Status.CANCELLED).reason == "Replaced by a later occurrence."


@pytest.mark.parametrize("waiting", ["retry", "backfill"])
def test_neither_a_waiting_retry_nor_a_backfill_stands_in_the_way_of_the_schedule(node: Node, waiting: str) -> None:
    due_job()
    later = NOW + timedelta(minutes=5)
    Execution.objects.create(
        job_id="job",
        scheduled_for=NOW - timedelta(hours=1),
        origin=waiting,
        available_at=later if waiting == "retry" else NOW - timedelta(hours=1),
        revision=1,
        created_at=NOW,
    )

    assert len(claim(node)) == 1


@pytest.mark.parametrize(("max_instances", "expected"), [(1, ["running", "skipped"]), (2, ["running", "running"])])
def test_each_of_several_due_occurrences_counts(node: Node, max_instances: int, expected: list[str]) -> None:
    start = NOW - timedelta(hours=1)
    due_job(coalesce=False, max_instances=max_instances, misfire_grace_time=None, start_date=start.isoformat())
    due_again(seconds=-3600)

    claim(node)

    assert statuses() == expected


def test_job_finishes_with_the_last_run_that_it_is_allowed(node: Node) -> None:
    due_job(max_runs=2, overlap="queue")
    claim(node)
    after_one = Job.objects.get()
    due_again()
    claim(node)

    job = Job.objects.get()
    assert (after_one.run_count, after_one.finished_at) == (1, None)
    assert (job.run_count, job.finished_at is not None) == (2, True)
    assert Schedule.objects.get().next_run_time is None
    assert Execution.objects.count() == 2


def test_of_several_due_occurrences_no_more_run_than_the_job_is_allowed(node: Node) -> None:
    start = NOW - timedelta(hours=5)
    due_job(max_runs=3, max_instances=9, coalesce=False, misfire_grace_time=None, start_date=start.isoformat())
    due_again(seconds=-5 * 3600)

    runs = claim(node)

    assert [run.scheduled_for for run in runs] == [start + timedelta(hours=hour) for hour in range(3)]
    assert Execution.objects.count() == 3
    assert Job.objects.get().finished_at is not None


def test_what_did_not_run_does_not_count_towards_the_limit(node: Node) -> None:
    start = NOW - timedelta(hours=5)
    due_job(max_runs=1, misfire_grace_time=60, coalesce=False, start_date=start.isoformat())
    due_again(seconds=-5 * 3600)

    runs = claim(node)

    assert [run.scheduled_for for run in runs] == [NOW]
    assert statuses() == [Status.MISSED, Status.RUNNING]


def test_manual_runs_do_not_count_towards_the_limit(node: Node) -> None:
    due_job(max_runs=1)
    run_job("job")
    take_queued(node, Definitions(), now=timezone.now(), room=Room(PLENTY), manual_only=False)

    assert Job.objects.get().run_count == 0


def test_places_of_a_batch_go_to_the_most_important(node: Node) -> None:
    for job_id, priority in (("low", -1), ("high", 5), ("middle", 0)):
        due_job(job_id, priority=priority)

    runs = claim(node, free={"default": 2})

    assert [run.job_id for run in runs] == ["high", "middle"]
    queued = Execution.objects.get(status=Status.QUEUED)
    assert (queued.job_id, queued.priority) == ("low", -1)


def test_full_executor_queues_its_jobs_only(node: Node) -> None:
    due_job("threads")
    due_job("processes", executor="processes")

    runs = claim(node, free={"default": 0, "processes": 1})

    assert [run.job_id for run in runs] == ["processes"]
    assert Execution.objects.get(status=Status.QUEUED).job_id == "threads"


def test_arguments_of_a_run_overrule_the_jobs(node: Node) -> None:
    due_job(func="jobs:add", args=[1], kwargs={"second": 2})
    run_job("job", {"kwargs": {"second": 40}})

    (run,) = take_queued(node, Definitions(), now=timezone.now(), room=Room(PLENTY), manual_only=True)

    assert run.call() == 41


def test_run_carries_the_policies_of_its_job(node: Node) -> None:
    due_job(timeout=7, retries=2, retry_delay=3, retry_on=["ValueError"], priority=4)

    (run,) = claim(node)

    assert (run.timeout, run.priority, run.attempt) == (7, 4, 1)
    assert run.retry == RetryPolicy(retries=2, delay=3, max_delay=3600, budget=None, on=("ValueError",))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the other databases keep statistics")
def test_active_runs_are_not_looked_for_in_all_history(node: Node) -> None:
    due_job()
    with CaptureQueriesContext(connection) as queries:
        claim(node)
    (statement,) = [each["sql"] for each in queries.captured_queries if "GROUP BY job_id" in each["sql"]]

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        plan = " ".join(str(row) for row in cursor.fetchall())

    assert "execution_queue (status=?)" in plan
