"""Bodies in threads."""

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.engine.bodies import STOP_GRACE_SECONDS
from scheduler.engine.executors.threads import ThreadsExecutor
from scheduler.models import Status
from tests.engine.executing import Bench, bench_of
from tests.processes import lines_of, wait_for
from tests.sample import jobs as sample

pytestmark = pytest.mark.pure


@pytest.fixture
def bench() -> Iterator[Bench]:
    sample.close_gate()
    with bench_of(lambda: ThreadsExecutor(2)) as bench:
        yield bench
        # What still runs must not print into later tests.
        sample.open_gate()
        wait_for(lambda: not bench.executor.stuck, what="stuck bodies to end")


def began(bench: Bench, execution_id: int) -> None:
    wait_for(lambda: any(body.id == execution_id for body in bench.executor.bodies()), what="the body to begin")


def test_value_and_failure_are_told(bench: Bench) -> None:
    assert bench.run("add", 2, 3).result == "5"
    failed = bench.run("fail", "no luck")

    assert (failed.status, failed.reason) == (Status.FAILED, "RuntimeError: no luck")
    assert "RuntimeError" in failed.error_types
    assert bench.executor.held == 0


@pytest.mark.parametrize("how", ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
def test_nothing_that_a_body_raises_ends_a_worker(bench: Bench, how: str) -> None:
    ends = [bench.run("raise_builtin", how) for _ in range(4)]

    assert {end.status for end in ends} == {Status.FAILED}
    assert bench.run("nothing").status == Status.SUCCEEDED


def test_body_that_runs_too_long_is_marked_and_its_slot_is_free_again(bench: Bench) -> None:
    hung = bench.submit("wait_for_gate", timeout=30)
    began(bench, hung)

    bench.executor.tend(now=time.monotonic() + 29)
    early = dict(bench.outcomes)
    bench.executor.tend(now=time.monotonic() + 31)
    end = bench.outcome(hung)

    assert early == {}
    assert (end.status, end.reason) == (Status.TIMED_OUT, "It ran longer than its timeout of 30 s.")
    assert "wait_for_gate" in end.traceback
    assert "scheduler/engine" not in end.traceback
    assert "TimeoutError" in end.error_types
    assert (bench.executor.held, bench.executor.stuck) == (0, 1)
    assert [bench.run("nothing").status for _ in range(4)] == [Status.SUCCEEDED] * 4


def test_node_says_stuck_until_the_written_off_body_ends(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    hung = bench.submit("wait_for_gate", timeout=1)
    began(bench, hung)
    with caplog.at_level(logging.WARNING):
        bench.executor.tend(now=time.monotonic() + 2)
        stuck = bench.executor.stuck

        sample.open_gate()
        wait_for(lambda: not bench.executor.stuck, what="the body to end")

    assert stuck == 1
    assert len(bench.outcomes[hung]) == 1
    assert [record.action for record in caplog.records if hasattr(record, "action")] == ["stuck", "unstuck"]
    # The lost worker had been replaced, so it must not go on as one too many.
    wait_for(lambda: [each.name for each in threading.enumerate()].count("bench") == 2, what="the worker to go")


def test_all_workers_stuck_starve_nobody(bench: Bench) -> None:
    for hung in [bench.submit("wait_for_gate", timeout=1) for _ in range(2)]:
        began(bench, hung)
    bench.executor.tend(now=time.monotonic() + 2)

    assert bench.executor.stuck == 2
    assert bench.run("nothing").status == Status.SUCCEEDED


def test_cancelled_body_that_listens_ends_as_cancelled(bench: Bench, tmp_path: Path) -> None:
    mine = bench.submit("wait_until_told", str(tmp_path / "notes"))
    began(bench, mine)

    bench.executor.cancel(mine, "Cancelled by Eve.", now=time.monotonic())

    assert (bench.outcome(mine).status, bench.outcome(mine).reason) == (Status.CANCELLED, "Cancelled by Eve.")
    assert len(lines_of(tmp_path / "notes")) == 1
    assert bench.executor.stuck == 0


def test_cancelled_body_that_does_not_listen_is_written_off(bench: Bench) -> None:
    deaf = bench.submit("wait_for_gate")
    began(bench, deaf)
    now = time.monotonic()

    bench.executor.cancel(deaf, "Cancelled.", now=now)
    bench.executor.tend(now=now + STOP_GRACE_SECONDS - 1)
    early = dict(bench.outcomes)
    # Asking again, as each later order does, must not prolong it.
    bench.executor.cancel(deaf, "Cancelled.", now=now + STOP_GRACE_SECONDS - 1)
    bench.executor.tend(now=now + STOP_GRACE_SECONDS)

    assert early == {}
    assert (bench.outcome(deaf).status, bench.outcome(deaf).reason) == (Status.CANCELLED, "Cancelled.")
    assert bench.executor.stuck == 1


def test_cancel_does_not_prolong_a_timeout(bench: Bench) -> None:
    deaf = bench.submit("wait_for_gate", timeout=2)
    began(bench, deaf)
    now = time.monotonic()

    bench.executor.cancel(deaf, "Cancelled.", now=now)
    bench.executor.tend(now=now + 2)

    assert bench.outcome(deaf).status == Status.TIMED_OUT


def test_run_that_is_cancelled_before_it_begins_does_not_begin(bench: Bench, tmp_path: Path) -> None:
    for busy in [bench.submit("wait_for_gate") for _ in range(2)]:
        began(bench, busy)
    waiting = bench.submit("note", str(tmp_path / "notes"))

    bench.executor.cancel(waiting, "Cancelled.", now=time.monotonic())
    sample.open_gate()

    assert (bench.outcome(waiting).status, bench.outcome(waiting).reason) == (Status.CANCELLED, "Cancelled.")
    assert lines_of(tmp_path / "notes") == []


def test_cancelling_what_is_not_here_is_forgotten(bench: Bench) -> None:
    bench.executor.cancel(10**9, "Cancelled.", now=time.monotonic())
    ended = bench.submit("nothing")
    bench.outcome(ended)
    bench.executor.cancel(ended, "Cancelled.", now=time.monotonic())

    assert isinstance(bench.executor, ThreadsExecutor)
    assert bench.executor._cancelled == {}


def test_no_body_begins_while_the_lease_is_in_doubt(bench: Bench, tmp_path: Path) -> None:
    bench.may_begin = False
    mine = bench.submit("note", str(tmp_path / "notes"))
    wait_for(lambda: bench.questions >= 3, what="a worker to ask more than once")

    assert (bench.executor.held, lines_of(tmp_path / "notes")) == (1, [])
    bench.may_begin = True
    assert bench.outcome(mine).status == Status.SUCCEEDED
    assert len(lines_of(tmp_path / "notes")) == 1


def test_run_of_a_node_that_was_declared_dead_never_begins(bench: Bench, tmp_path: Path) -> None:
    bench.is_ours = False

    bench.submit("note", str(tmp_path / "notes"))

    wait_for(lambda: not bench.executor.held, what="the run to be dropped")
    assert lines_of(tmp_path / "notes") == []
    assert bench.outcomes == {}


def test_what_no_worker_has_begun_is_given_back_once(bench: Bench) -> None:
    for busy in [bench.submit("wait_for_gate") for _ in range(2)]:
        began(bench, busy)
    waiting = [bench.submit("nothing") for _ in range(3)]

    given = [run.execution_id for run in bench.executor.give_back()]

    assert given == waiting
    assert bench.executor.held == 2
    assert bench.executor.give_back() == []


def test_abandoned_bodies_are_told_to_stop(bench: Bench, tmp_path: Path) -> None:
    mine = bench.submit("wait_until_told", str(tmp_path / "notes"))
    began(bench, mine)

    bench.executor.abandon()

    wait_for(lambda: lines_of(tmp_path / "notes"), what="the body to hear")
    bench.outcome(mine)


def test_executor_rings_when_it_has_room_again(bench: Bench) -> None:
    bench.run("nothing")

    assert bench.idle_rings >= 1
