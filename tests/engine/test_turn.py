"""One turn of a node, in this process, on the real database."""

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from scheduler.actors import acting
from scheduler.engine import capacity
from scheduler.engine.definitions import CompiledJob
from scheduler.engine.ledger import Ledger
from scheduler.engine.scheduler import LONGEST_SLEEP, CarnationScheduler
from scheduler.exceptions import NodeBuried
from scheduler.models import DEAD_AFTER, DesiredState, Execution, Job, Node, Schedule, SchedulerState, Status
from scheduler.services import control, nodes
from scheduler.services.executions import cancel_execution
from scheduler.services.jobs import create_job
from scheduler.services.nodes import register_node
from scheduler.services.runs import run_job
from scheduler.services.windows import create_window, delete_window
from tests.processes import lines_of, wait_for
from tests.sample import jobs as sample

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scheduler() -> CarnationScheduler:
    scheduler = CarnationScheduler(name="here", threads=2)
    scheduler.prepare()
    return scheduler


def test_run_now_with_arguments_is_carried_out_and_its_value_kept(scheduler: CarnationScheduler) -> None:
    create_job({"id": "sum", "func": "jobs:add", "args": [2, 3], "next_run_time": None})
    execution = run_job("sum")

    scheduler.run_once()

    execution.refresh_from_db()
    assert execution.status == Status.SUCCEEDED
    assert execution.output.result == "5"
    assert execution.duration is not None


def test_failure_is_recorded_with_its_traceback(scheduler: CarnationScheduler) -> None:
    create_job({"id": "bad", "func": "jobs:fail", "args": ["no luck"]})

    scheduler.run_once()

    execution = Execution.objects.get()
    assert (execution.status, execution.reason) == (Status.FAILED, "RuntimeError: no luck")
    assert "tests/sample/jobs.py" in execution.output.traceback
    assert "scheduler/engine" not in execution.output.traceback


def test_paused_scheduler_starts_no_occurrence(scheduler: CarnationScheduler) -> None:
    create_job({"id": "due", "func": "jobs:nothing"})
    control.pause_scheduler()

    scheduler.run_once()

    assert not Execution.objects.exists()


def test_paused_scheduler_still_runs_by_hand(scheduler: CarnationScheduler) -> None:
    create_job({"id": "due", "func": "jobs:nothing", "next_run_time": None})
    run_job("due")
    control.pause_scheduler()

    scheduler.run_once()

    assert Execution.objects.get().status == Status.SUCCEEDED


def test_stopped_scheduler_starts_nothing(scheduler: CarnationScheduler) -> None:
    create_job({"id": "due", "func": "jobs:nothing"})
    run_job("due")
    control.shutdown_scheduler()

    scheduler.run_once()

    assert Execution.objects.get().status == Status.QUEUED


def test_job_written_past_the_services_is_scheduled_and_run(scheduler: CarnationScheduler) -> None:
    now = timezone.now()
    Job.objects.create(
        id="raw",
        name="raw",
        func="jobs:nothing",
        trigger={"trigger": "date", "run_date": now.isoformat()},
        timezone="UTC",
    )

    scheduler.run_once()

    assert Execution.objects.get().status == Status.SUCCEEDED


def test_windows_are_read_when_they_change_and_only_then(scheduler: CarnationScheduler) -> None:
    def turn() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            scheduler._turn()
        return [query["sql"] for query in captured if "maintenancewindow" in query["sql"]]

    counts = [len(turn()), len(turn())]
    create_window({"name": "w", "trigger": "interval", "hours": 1, "duration_seconds": 60})
    counts += [len(turn()), len(turn())]

    assert counts == [1, 0, 1, 0]
    assert [window.name for window in scheduler._definitions.windows.all] == ["w"]


def test_run_waits_for_the_end_of_a_window_and_says_so_when_it_has_run(scheduler: CarnationScheduler) -> None:
    start = timezone.now()
    date = {"trigger": "date", "run_date": start.isoformat()}
    create_window({"name": "deploy", **date, "duration_seconds": 60})
    create_job({"id": "job", "func": "jobs:nothing", **date, "maintenance": "once"})
    scheduler._start_workers()
    scheduler._turn()
    waiting = Execution.objects.get()
    scheduler._clock = lambda: start + timedelta(seconds=60)

    scheduler._turn()

    wait_for(lambda: Execution.objects.get().status == Status.SUCCEEDED, what="the run")
    scheduler._drain()
    done = Execution.objects.get()
    assert (waiting.status, waiting.available_at) == (Status.QUEUED, start + timedelta(seconds=60))
    assert done.reason == waiting.reason
    assert "maintenance window deploy" in done.reason


def test_run_that_waits_starts_when_its_window_is_deleted(scheduler: CarnationScheduler) -> None:
    create_window({"name": "deploy", "trigger": "date", "duration_seconds": 3600})
    create_job({"id": "job", "func": "jobs:nothing", "maintenance": "once"})
    scheduler._turn()
    assert Execution.objects.get().status == Status.QUEUED
    delete_window("deploy")
    scheduler._turn()

    scheduler.run_once()

    assert Execution.objects.get().status == Status.SUCCEEDED


def test_turn_sleeps_until_the_next_due_instant_but_never_over_a_second(scheduler: CarnationScheduler) -> None:
    create_job({"id": "soon", "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    now = timezone.now()
    scheduler._clock = lambda: now

    assert scheduler._turn() == LONGEST_SLEEP
    Schedule.objects.update(next_run_time=now + timedelta(milliseconds=400))
    assert scheduler._turn() == 0.4


def test_exception_in_a_turn_costs_that_turn_only(
    scheduler: CarnationScheduler, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    create_job({"id": "due", "func": "jobs:nothing"})
    claim = scheduler._store.claim

    def broken(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("the server has gone away")

    monkeypatch.setattr(scheduler._store, "claim", broken)
    for _turn in range(3):
        assert scheduler._guarded_turn() <= LONGEST_SLEEP
    monkeypatch.setattr(scheduler._store, "claim", claim)

    scheduler.run_once()

    assert Execution.objects.get().status == Status.SUCCEEDED
    assert len([line for line in caplog.records if line.exc_info]) == 1


def test_executions_of_a_silent_node_are_lost(scheduler: CarnationScheduler) -> None:
    silent = register_node(name="gone", pid=1, threads=1, now=timezone.now())
    Node.objects.filter(pk=silent.pk).update(heartbeat_at=timezone.now() - 2 * DEAD_AFTER)
    create_job({"id": "job", "func": "jobs:nothing", "next_run_time": None})
    execution = run_job("job")
    Execution.objects.update(status=Status.RUNNING, node=silent)
    scheduler._membership._beating_since = time.monotonic() - DEAD_AFTER.total_seconds()
    scheduler._membership._next_beat = time.monotonic()

    scheduler._guarded_beat()

    execution.refresh_from_db()
    assert (execution.status, bool(execution.reason)) == (Status.LOST, True)
    silent.refresh_from_db()
    assert silent.stopped_at is not None


def test_node_buries_nobody_before_it_has_beaten_for_long_enough(scheduler: CarnationScheduler) -> None:
    other = register_node(name="other", pid=1, threads=1, now=timezone.now())
    Node.objects.filter(pk=other.pk).update(heartbeat_at=timezone.now() - 2 * DEAD_AFTER)

    scheduler._guarded_beat()

    other.refresh_from_db()
    assert other.stopped_at is None


def test_node_that_was_declared_dead_goes_on_as_a_new_one(scheduler: CarnationScheduler) -> None:
    create_job({"id": "due", "func": "jobs:nothing"})
    Node.objects.update(stopped_at=timezone.now())
    scheduler._start_workers()

    for _turn in range(2):
        scheduler._guarded_turn()
    scheduler._wait_for_bodies()
    scheduler._drain()

    assert Node.objects.filter(name="here").count() == 2
    assert Execution.objects.get().status == Status.SUCCEEDED
    assert Execution.objects.get().node_id == Node.objects.latest("id").pk


def test_buried_node_claims_nothing(scheduler: CarnationScheduler) -> None:
    create_job({"id": "due", "func": "jobs:nothing"})
    Node.objects.update(stopped_at=timezone.now())

    with pytest.raises(NodeBuried):
        scheduler._turn()

    assert not Execution.objects.exists()
    assert Schedule.objects.get().next_run_time is not None


def test_claimed_but_undispatched_runs_are_queued_again(scheduler: CarnationScheduler) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "next_run_time": None})
    execution = run_job("job")
    Execution.objects.update(status=Status.RUNNING, node=scheduler._membership.node)
    # As after a commit whose answer was lost.
    scheduler._failed_turns = 1

    scheduler._start_workers()
    scheduler._guarded_turn()
    scheduler._wait_for_bodies()
    scheduler._drain()

    execution.refresh_from_db()
    assert execution.status == Status.SUCCEEDED


def test_job_whose_claim_fails_is_quarantined_and_holds_up_no_other(
    scheduler: CarnationScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    for job_id in ("good", "poison"):
        create_job({"id": job_id, "func": "jobs:nothing"})
    enter = Ledger.enter

    def choke(ledger: Ledger, job: CompiledJob, due: datetime) -> None:
        if job.row.id == "poison":
            raise DataError("out of range")
        enter(ledger, job, due)

    monkeypatch.setattr(Ledger, "enter", choke)

    scheduler.run_once()

    assert Execution.objects.get(job_id="good").status == Status.SUCCEEDED
    poison = Job.objects.get(pk="poison")
    assert "out of range" in poison.problem
    assert Execution.objects.get(job_id="poison").status == Status.SKIPPED
    assert Schedule.objects.get(pk="poison").next_run_time is None


def test_more_occurrences_than_a_column_can_count_are_folded_all_the_same(scheduler: CarnationScheduler) -> None:
    long_ago = "2020-01-01T00:00:00+00:00"
    trigger = {"trigger": "interval", "seconds": 0.00001, "start_date": long_ago}
    create_job({"id": "often", "func": "jobs:nothing", **trigger, "next_run_time": "2020-01-01 00:00:00"})

    scheduler.run_once()

    assert Execution.objects.earliest("id").occurrences is None


def test_stopping_in_order_leaves_a_retired_node(scheduler: CarnationScheduler) -> None:
    scheduler.run_once()

    node = Node.objects.get()
    assert node.stopped_at is not None
    assert node.stop_reason


def test_missing_state_row_means_running(scheduler: CarnationScheduler) -> None:
    SchedulerState.objects.all().delete()
    create_job({"id": "due", "func": "jobs:nothing"})

    scheduler.run_once()

    assert SchedulerState.objects.get().desired == DesiredState.RUNNING
    assert Execution.objects.get().status == Status.SUCCEEDED


def test_idle_turn_costs_one_statement(scheduler: CarnationScheduler, django_assert_max_num_queries: Any) -> None:
    create_job({"id": "later", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    scheduler._turn()  # connects

    with django_assert_max_num_queries(1):
        scheduler._turn()


def test_body_that_leaves_a_transaction_open_harms_no_later_one() -> None:
    scheduler = CarnationScheduler(name="here", threads=1)
    scheduler.prepare()
    for job_id, func in (("a", "jobs:leave_open"), ("b", "jobs:count_jobs"), ("c", "jobs:count_jobs")):
        create_job({"id": job_id, "func": func, "next_run_time": None})
        run_job(job_id)
    scheduler._start_workers()

    for _turn in range(3):
        scheduler._guarded_turn()
        scheduler._wait_for_bodies()
    scheduler._drain()

    assert set(Execution.objects.values_list("job_id", "status")) == {(each, Status.SUCCEEDED) for each in "abc"}


def test_error_that_cannot_be_printed_costs_no_worker() -> None:
    scheduler = CarnationScheduler(name="here", threads=1)
    scheduler.prepare()
    for job_id, func in (("bad", "jobs:unspeakable"), ("good", "jobs:nothing")):
        create_job({"id": job_id, "func": func, "next_run_time": None})
        run_job(job_id)
    scheduler._start_workers()

    for _turn in range(2):
        scheduler._guarded_turn()
        scheduler._wait_for_bodies()
    scheduler._drain()

    assert Execution.objects.get(job_id="bad").status == Status.FAILED
    assert Execution.objects.get(job_id="good").status == Status.SUCCEEDED


def test_run_that_waits_long_for_a_worker_goes_back_into_the_queue(
    scheduler: CarnationScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capacity, "STALLED_SECONDS", 0)
    scheduler._start_workers()
    for number in range(4):
        create_job({"id": f"job{number}", "func": "jobs:sleep", "args": [0.5], "next_run_time": None})
        run_job(f"job{number}")
    scheduler._pool["default"]._capacity._workers = 10
    scheduler._guarded_turn()
    wait_until_running(scheduler, 2)
    scheduler._pool["default"]._capacity._workers = 2

    # The first turn takes note of what waits, the second finds it waiting still.
    scheduler._guarded_turn()
    scheduler._guarded_turn()
    waiting = Execution.objects.filter(status=Status.QUEUED, node=None).count()
    scheduler._wait_for_bodies()
    scheduler._guarded_turn()
    scheduler._wait_for_bodies()
    scheduler._drain()

    assert waiting == 2
    assert Execution.objects.filter(status=Status.SUCCEEDED).count() == 4


def test_shutdown_takes_back_what_no_worker_has_begun(scheduler: CarnationScheduler) -> None:
    scheduler._start_workers()
    for number in range(4):
        create_job({"id": f"job{number}", "func": "jobs:sleep", "args": [0.5], "next_run_time": None})
        run_job(f"job{number}")
    scheduler._pool["default"]._capacity._workers = 10
    scheduler._guarded_turn()
    wait_until_running(scheduler, 2)

    control.shutdown_scheduler()
    scheduler._guarded_turn()
    waiting = Execution.objects.filter(status=Status.QUEUED).count()
    scheduler._wait_for_bodies()
    scheduler._drain()

    assert waiting == 2
    assert Execution.objects.filter(status=Status.SUCCEEDED).count() == 2


def wait_until_running(scheduler: CarnationScheduler, count: int = 1) -> None:
    wait_for(lambda: len(list(scheduler._pool["default"].bodies())) == count, what="the bodies to begin")


def test_stopping_node_lets_its_bodies_work_until_their_grace_is_over(
    scheduler: CarnationScheduler, tmp_path: Path, settings: Settings
) -> None:
    """Told at once, a body that listens would end before its work is done, and count as succeeded."""
    settings.SCHEDULER_SHUTDOWN_GRACE_SECONDS = 0.2
    create_job({"id": "job", "func": "jobs:wait_until_told", "args": [str(tmp_path / "notes")], "next_run_time": None})
    run_job("job")
    scheduler._start_workers()
    scheduler._guarded_turn()
    wait_until_running(scheduler)

    scheduler._drain()

    assert Execution.objects.get().status == Status.LOST
    wait_for(lambda: lines_of(tmp_path / "notes"), what="the body to be told")


def test_what_a_stopping_node_still_runs_is_ended_before_it_is_declared_lost(
    scheduler: CarnationScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    executor = scheduler._pool["processes"]
    retire, shutdown = scheduler._membership.retire, executor.shutdown

    def note_retire() -> None:
        order.append("lost")
        retire()

    def note_shutdown(wait: bool) -> None:
        order.append("ended")
        shutdown(wait)

    monkeypatch.setattr(scheduler._membership, "retire", note_retire)
    monkeypatch.setattr(executor, "shutdown", note_shutdown)

    scheduler.run_once()

    assert order == ["ended", "lost"]
    assert Node.objects.get().stopped_at is not None


def test_what_could_not_be_given_back_while_the_database_was_away_is_given_back_later(
    scheduler: CarnationScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.close_gate()
    for number in range(3):
        create_job({"id": f"job{number}", "func": "jobs:wait_for_gate", "next_run_time": None})
        run_job(f"job{number}")
    scheduler._start_workers()
    monkeypatch.setattr(scheduler._pool["default"], "free", lambda: 10)
    scheduler._guarded_turn()
    wait_until_running(scheduler, 2)
    control.shutdown_scheduler()

    def away(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("the server has gone away")

    with monkeypatch.context() as patch:
        patch.setattr(nodes, "give_back_executions", away)
        scheduler._guarded_turn()
    scheduler._guarded_turn()

    queued = Execution.objects.filter(status=Status.QUEUED).count()
    sample.open_gate()
    scheduler._drain()
    assert queued == 1
    assert Execution.objects.filter(status=Status.SUCCEEDED).count() == 2


def test_cancel_is_heeded_in_the_next_turn(scheduler: CarnationScheduler, tmp_path: Path) -> None:
    create_job({"id": "job", "func": "jobs:wait_until_told", "args": [str(tmp_path / "notes")], "next_run_time": None})
    execution = run_job("job")
    scheduler._start_workers()
    scheduler._guarded_turn()
    wait_until_running(scheduler)

    with acting(name="Eve", source="admin"):
        cancel_execution(execution.pk)
    scheduler._guarded_turn()
    scheduler._wait_for_bodies()
    scheduler._drain()

    execution.refresh_from_db()
    assert (execution.status, execution.reason) == (Status.CANCELLED, "Cancelled by Eve.")


def test_replaced_run_is_told_to_stop_and_the_latest_occurrence_runs(scheduler: CarnationScheduler) -> None:
    sample.close_gate()
    create_job({"id": "job", "func": "jobs:wait_for_gate", "trigger": "interval", "hours": 1, "overlap": "replace"})
    scheduler._start_workers()
    for minutes_ago in (3, 2, 1):
        Schedule.objects.update(next_run_time=timezone.now() - timedelta(minutes=minutes_ago))
        scheduler._guarded_turn()
        wait_until_running(scheduler)
    # Hears of the cancel, which the claim has only asked for.
    scheduler._guarded_turn()
    sample.open_gate()
    wait_for(
        lambda: scheduler._guarded_turn() and not Execution.objects.active().exists(), what="the latest to have run"
    )
    scheduler._drain()

    first, second, third = Execution.objects.order_by("scheduled_for")
    assert (first.status, first.reason) == (Status.CANCELLED, "Replaced by a later occurrence.")
    assert (second.status, second.started_at) == (Status.CANCELLED, None)
    assert third.status == Status.SUCCEEDED
