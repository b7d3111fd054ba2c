"""Taking what is queued: in which order, and how much of it."""

import threading
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from scheduler.actors import acting
from scheduler.engine import queue as queue_module
from scheduler.engine.definitions import Definitions, Run
from scheduler.engine.ledger import Room
from scheduler.engine.queue import take_queued
from scheduler.engine.store import ScheduleStore
from scheduler.exceptions import NodeBuried
from scheduler.models import Execution, Job, Node, Origin, Schedule, Status
from scheduler.services.executions import cancel_execution
from scheduler.services.jobs import create_job, delete_job, pause_job
from scheduler.services.nodes import give_back_executions, register_node
from scheduler.services.schedules import sync_stale_schedules

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PLENTY = {"default": 100, "processes": 100}


def make_job(job_id: str = "job", **more: Any) -> Job:
    """A job that never comes due by itself."""
    trigger = {"trigger": "interval", "hours": 1, "start_date": "2036-01-01"}
    return create_job({"id": job_id, "func": "jobs:nothing", "misfire_grace_time": 60, **trigger, **more})


def queue(job_id: str = "job", *, minute: int = 0, **more: Any) -> Execution:
    """Queue a run that is to start that many minutes after NOW."""
    moment = NOW + timedelta(minutes=minute)
    columns = {"scheduled_for": moment, "available_at": moment, "revision": 1, "created_at": NOW, **more}
    return Execution.objects.create(job_id=job_id, **columns)


def take(node: Node, *, free: dict[str, int] | None = None, minute: float = 0, manual_only: bool = False) -> list[Run]:
    now = NOW + timedelta(minutes=minute)
    room = Room(PLENTY if free is None else free)
    return take_queued(node, Definitions(), now=now, room=room, manual_only=manual_only)


def taken(node: Node, **more: Any) -> list[str]:
    return [run.job_id for run in take(node, **more)]


def test_greatest_priority_goes_first_then_the_oldest(node: Node) -> None:
    for job_id, priority, minute in (("old", 0, -9), ("oldest", 0, -10), ("urgent", 5, -1), ("idle", -5, -20)):
        make_job(job_id, misfire_grace_time=None)
        queue(job_id, priority=priority, minute=minute)

    assert taken(node) == ["urgent", "oldest", "old", "idle"]


def test_what_there_is_room_for_goes_to_the_most_important(node: Node) -> None:
    for job_id, priority in (("low", 1), ("high", 2), ("middle", 1)):
        make_job(job_id)
        queue(job_id, priority=priority)

    assert taken(node, free={"default": 1}) == ["high"]
    assert taken(node, free={"default": 1}) == ["low"]


def test_taken_run_is_this_nodes_and_carries_its_own_arguments(node: Node) -> None:
    make_job(func="jobs:add", args=[1], kwargs={"second": 2}, timeout=9)
    queue(args=[10], attempt=3)

    (run,) = take(node)

    assert (run.call(), run.attempt, run.timeout, run.node_id) == (12, 3, 9, node.pk)
    row = Execution.objects.get()
    assert (row.status, row.node_id) == (Status.RUNNING, node.pk)


def test_empty_arguments_of_a_run_are_arguments_too(node: Node) -> None:
    make_job(func="jobs:add", args=[1], kwargs={"second": 2})
    queue(args=[5, 5], kwargs={})

    (run,) = take(node)

    assert run.call() == 10


def test_of_one_job_no_more_run_than_it_allows_on_whatever_nodes(node: Node) -> None:
    other = register_node(name="other", pid=2, threads=4, now=NOW)
    make_job(max_instances=3)
    queue(minute=-1, status=Status.RUNNING, node=other)
    for minute in range(5):
        queue(minute=minute, origin=Origin.MANUAL)

    assert len(take(node, minute=5)) == 2
    assert take(other, minute=5) == []
    assert Execution.objects.filter(status=Status.QUEUED).count() == 3


def test_claim_counts_manual_runs_against_max_instances(node: Node) -> None:
    make_job(max_instances=1)
    queue(origin=Origin.MANUAL, minute=-1)
    take(node)
    Schedule.objects.update(next_run_time=NOW)

    claim = ScheduleStore(Definitions()).claim(node, now=NOW, room=Room(PLENTY))

    assert claim.runs == []
    assert Execution.objects.get(origin=Origin.SCHEDULE).status == Status.SKIPPED


def test_saturated_jobs_do_not_hide_others(node: Node) -> None:
    make_job("full")
    make_job("other")
    queue("full", minute=-1, status=Status.RUNNING, node=node)
    for minute in range(5):
        queue("full", minute=minute, priority=9)
    queue("other", minute=5)

    assert taken(node, free={"default": 1}, minute=5) == ["other"]


def test_full_executor_does_not_hide_another(node: Node) -> None:
    for job_id, executor in (("threads", "default"), ("processes", "processes")):
        make_job(job_id, executor=executor, max_instances=9)
    for minute in range(-5, 0):
        queue("threads", minute=minute, priority=9, origin=Origin.MANUAL)
    queue("processes")

    assert taken(node, free={"default": 0, "processes": 1}) == ["processes"]


def test_queued_runs_of_a_paused_job_wait_but_manual_ones_do_not(node: Node) -> None:
    make_job(max_instances=9, misfire_grace_time=None)
    for minute, origin in enumerate(Origin):
        queue(minute=minute, origin=origin)
    pause_job("job")

    runs = take(node, minute=10)

    assert [Execution.objects.get(pk=run.execution_id).origin for run in runs] == [Origin.MANUAL]
    assert Execution.objects.filter(status=Status.QUEUED).count() == len(Origin) - 1


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (Origin.SCHEDULE, Status.MISSED),
        (Origin.RETRY, Status.MISSED),
        (Origin.RECOVERY, Status.MISSED),
        (Origin.MANUAL, Status.RUNNING),
        (Origin.BACKFILL, Status.RUNNING),
    ],
)
def test_what_is_too_late_is_missed_unless_somebody_asked_for_it(node: Node, origin: Origin, status: Status) -> None:
    make_job()
    queue(origin=origin)

    take(node, minute=1.1)

    row = Execution.objects.get()
    assert row.status == status
    assert ("6 s late" in row.reason or "misfire_grace_time" in row.reason) == (status == Status.MISSED)


def test_what_is_just_in_time_runs(node: Node) -> None:
    make_job()
    queue()

    assert len(take(node, minute=1)) == 1


def test_run_waits_until_it_is_available(node: Node) -> None:
    make_job()
    queue(origin=Origin.RETRY, attempt=2, available_at=NOW + timedelta(minutes=5))

    assert take(node, minute=4.9) == []
    assert len(take(node, minute=5)) == 1


def test_run_of_a_deleted_job_is_cancelled(node: Node) -> None:
    make_job()
    queue()
    Job.objects.all().delete()

    assert take(node) == []
    row = Execution.objects.get()
    assert (row.status, row.finished_at) == (Status.CANCELLED, NOW)
    assert "deleted" in row.reason


def test_run_of_a_broken_job_is_cancelled_with_the_reason(node: Node) -> None:
    make_job()
    queue()
    Job.objects.update(func="jobs:gone")

    assert take(node) == []
    row = Execution.objects.get()
    assert (row.status, "jobs:gone" in row.reason) == (Status.CANCELLED, True)


def test_run_whose_node_gave_it_back_after_a_cancel_never_starts(node: Node) -> None:
    make_job()
    execution = queue()
    take(node)
    with acting(name="Eve", source="admin"):
        cancel_execution(execution.pk)
    give_back_executions(node, ids=[execution.pk])

    assert take(node) == []
    execution.refresh_from_db()
    assert (execution.status, execution.reason) == (Status.CANCELLED, "Cancelled by Eve.")


def test_paused_scheduler_takes_manual_runs_only(node: Node) -> None:
    make_job(max_instances=9)
    queue()
    queue(minute=-1, origin=Origin.MANUAL)

    assert len(take(node, manual_only=True)) == 1
    assert Execution.objects.get(status=Status.RUNNING).origin == Origin.MANUAL


def test_buried_node_takes_nothing(node: Node) -> None:
    make_job()
    queue()
    Node.objects.update(stopped_at=NOW)

    with pytest.raises(NodeBuried):
        take(node)

    assert Execution.objects.get().status == Status.QUEUED


def test_run_of_a_finished_job_whose_schedule_is_gone_starts(node: Node) -> None:
    make_job()
    Job.objects.update(finished_at=NOW)
    Schedule.objects.all().delete()
    queue(origin=Origin.RETRY, attempt=2)

    waiting = take(node)
    sync_stale_schedules(now=NOW, limit=10)

    assert waiting == []
    assert len(take(node)) == 1


def test_any_number_of_queued_runs_costs_a_constant_number_of_statements(
    node: Node, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_job(f"job{number}")
        queue(f"job{number}")

    with django_assert_max_num_queries(12):
        assert len(take(node)) == 30


@pytest.mark.django_db(transaction=True)
def test_try_that_a_deadlock_undid_takes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    node = register_node(name="here", pid=1, threads=4, now=NOW)
    make_job()
    queue()
    sort_out, undone = queue_module._sort_out, iter([True])

    def sort_out_in_vain(*args: Any, **kwargs: Any) -> Any:
        sorted_out = sort_out(*args, **kwargs)
        if next(undone, False):
            raise OperationalError(1213, "Deadlock found")
        return sorted_out

    monkeypatch.setattr(queue_module, "_sort_out", sort_out_in_vain)

    assert len(take(node, free={"default": 1})) == 1


@pytest.mark.django_db(transaction=True)
def test_two_nodes_that_choose_different_runs_of_one_job_do_not_both_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    make_job(max_instances=1)
    rows = [queue(minute=-minute, origin=Origin.MANUAL) for minute in range(2)]
    nodes = [register_node(name=f"node{number}", pid=1, threads=9, now=NOW) for number in range(2)]
    chosen = {str(number): [(rows[number].pk, "job")] for number in range(2)}
    both_counted, count_running = threading.Barrier(2), queue_module._count_running

    def count_together(job_ids: Any) -> dict[str, int]:
        counted = count_running(job_ids)
        with suppress(threading.BrokenBarrierError):
            # Where the database lets only one in at a time, the other never comes.
            both_counted.wait(1)
        return counted

    def work(node: Node) -> None:
        take(node)
        connection.close()

    monkeypatch.setattr(queue_module, "_choose", lambda **_: chosen[threading.current_thread().name])
    monkeypatch.setattr(queue_module, "_count_running", count_together)
    threads = [threading.Thread(target=work, args=(nodes[number],), name=str(number)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert Execution.objects.filter(status=Status.RUNNING).count() == 1


@pytest.mark.django_db(transaction=True)
def test_nodes_that_take_and_claim_at_once_never_exceed_max_instances() -> None:
    allowed, workers = 3, 4
    make_job(max_instances=allowed, overlap="queue")
    for minute in range(40):
        queue(minute=-minute, origin=Origin.MANUAL)
    nodes = [register_node(name=f"node{number}", pid=1, threads=9, now=NOW) for number in range(workers)]
    together, most, errors = threading.Barrier(workers), Counter[str](), list[BaseException]()

    def work(node: Node) -> None:
        try:
            together.wait()
            for _round in range(12):
                Schedule.objects.filter(next_run_time=None).update(next_run_time=NOW)
                runs = take(node, free={"default": 5}, minute=1)
                runs += ScheduleStore(Definitions()).claim(node, now=NOW, room=Room({"default": 5})).runs
                running = Execution.objects.filter(status=Status.RUNNING).count()
                most["running"] = max(most["running"], running)
                ids = [run.execution_id for run in runs]
                Execution.objects.filter(pk__in=ids).update(status=Status.SUCCEEDED)
                most["taken"] += len(ids)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    assert most["running"] <= allowed
    assert most["taken"] >= allowed
    delete_job("job")


def test_job_paused_after_its_run_was_chosen_waits_all_the_same(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator wins: a pause that has been acknowledged is not overtaken by a look from before it."""
    row = queue(make_job().pk)
    lock = queue_module._lock_schedules

    def pause_before(job_ids: Collection[str]) -> set[str]:
        Job.objects.update(paused=True)
        return lock(job_ids)

    monkeypatch.setattr(queue_module, "_lock_schedules", pause_before)

    runs = take_queued(node, Definitions(), now=row.available_at, room=Room(PLENTY), manual_only=False)

    assert runs == []
    assert Execution.objects.get().status == Status.QUEUED
