"""Bodies in child processes: real ones, of the real pool."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler.engine import child
from scheduler.engine.bodies import Body
from scheduler.engine.executors.processes import ProcessesExecutor
from scheduler.engine.outcomes import Outcome
from scheduler.models import Status
from tests.engine.executing import Bench, bench_of
from tests.processes import lines_of, wait_for

pytestmark = [pytest.mark.pure, pytest.mark.xdist_group("processes")]


class Tended:
    """Tends an executor while it waits, as the warden does, five times a second."""

    def __init__(self, executor: ProcessesExecutor) -> None:
        self._executor = executor
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._done.wait(0.05):
            self._executor.tend(now=time.monotonic())


@pytest.fixture(scope="module")
def shared() -> Iterator[Bench]:
    """One pool for all tests, since its children take a second to start: a test must leave it as good as new."""
    executor = ProcessesExecutor(2)
    with bench_of(lambda: executor) as bench, Tended(executor):
        yield bench


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    shared.may_begin = True
    yield shared
    wait_for(lambda: not shared.executor.held, what="the bodies to end")


def is_alive(pid: int) -> bool:
    """Whether a process is there, and not just waiting for its parent to notice its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def pid_in(notes: Path) -> int:
    """Return the process id that a body has noted."""
    return int(wait_for(lambda: lines_of(notes), what="the body to begin")[0].split()[0])


def hanging(bench: Bench, notes: Path, **more: Any) -> tuple[int, int]:
    """Start a body that never ends; answers its execution's and its process's ids."""
    execution_id = bench.submit("hang", str(notes), **more)
    return execution_id, pid_in(notes)


def body_of(bench: Bench, execution_id: int) -> Body:
    return next(body for body in bench.executor.bodies() if body.id == execution_id)


def cancel(bench: Bench, execution_id: int, reason: str = "Cancelled by Eve.") -> Outcome:
    bench.executor.cancel(execution_id, reason, now=time.monotonic())
    return bench.outcome(execution_id)


def test_value_is_told(bench: Bench) -> None:
    end = bench.run("add", 2, 3)

    assert (end.status, end.result, end.has_output) == (Status.SUCCEEDED, "5", True)
    assert not bench.run("nothing").has_output


def test_failure_is_told_with_its_traceback_and_its_names(bench: Bench) -> None:
    end = bench.run("fail", "no luck")

    assert (end.status, end.reason) == (Status.FAILED, "RuntimeError: no luck")
    assert "tests/sample/jobs.py" in end.traceback
    assert "scheduler/engine" not in end.traceback
    assert "builtins.RuntimeError" in end.error_types


@pytest.mark.parametrize("func", ["unspeakable", "return_the_unspeakable", "raise_the_unpicklable"])
def test_what_cannot_travel_between_processes_is_told_all_the_same(bench: Bench, func: str) -> None:
    end = bench.run(func)

    assert end.status in (Status.SUCCEEDED, Status.FAILED)
    assert "pickle" not in end.reason


def test_long_texts_travel(bench: Bench) -> None:
    end = bench.run("fail", "x" * 1_000_000)

    assert end.reason.startswith("RuntimeError: xxx")
    assert len(end.reason) < 1_100


def test_prints_of_python_and_of_other_programs_are_kept(bench: Bench) -> None:
    assert bench.run("talk", "hi").log.splitlines()[:2] == ["hi from stdout", "hi from stderr"]
    assert "hi from logging" in bench.run("talk", "hi").log
    assert bench.run("call_program", "echo from a shell; echo complaint >&2").log == "from a shell\ncomplaint\n"


@pytest.mark.parametrize("text", ["null \0 byte", "😀 康乃馨", "lone \ud800 surrogate"])
def test_any_text_can_be_printed(bench: Bench, text: str) -> None:
    end = bench.run("talk", text)

    assert end.status == Status.SUCCEEDED
    assert end.log.splitlines()[0] == text.replace("\0", "\\x00").replace("\ud800", "\\ud800") + " from stdout"


def test_output_beyond_all_pipes_and_bounds_keeps_its_head_and_tail(bench: Bench) -> None:
    end = bench.run("print_much", 400_000)

    assert end.status == Status.SUCCEEDED
    assert end.log.startswith("begin x")
    assert end.log.endswith("x end\n")
    assert len(end.log) < 65_000


def test_two_bodies_at_once_never_mix(bench: Bench) -> None:
    both = {words: bench.submit("talk", words, 0.3) for words in ("one", "two")}

    logs = {words: bench.outcome(execution_id).log for words, execution_id in both.items()}

    assert "two" not in logs["one"]
    assert "one" not in logs["two"]


@pytest.mark.parametrize("how", ["close", "replace", "close_descriptor"])
def test_body_that_breaks_its_streams_spoils_them_for_no_later_one(bench: Bench, how: str) -> None:
    for _child in range(2):
        assert bench.run("break_streams", how).status == Status.SUCCEEDED

    for _child in range(2):
        end = bench.run("talk", "after")
        assert (end.status, end.log.splitlines()[:2]) == (
            Status.SUCCEEDED,
            ["after from stdout", "after from stderr"],
        )


def test_progress_is_seen_while_the_body_runs_and_kept_in_the_end(bench: Bench) -> None:
    mine = bench.submit("talk", "half", 0.5)

    seen = wait_for(lambda: body_of(bench, mine).latest_progress.done, what="progress")

    assert seen == 1
    assert (bench.outcome(mine).progress.total, bench.outcome(mine).progress.text) == (2, "half")


def test_strange_progress_harms_nobody(bench: Bench) -> None:
    end = bench.run("report_strangely")

    assert (end.status, end.reason) == (Status.SUCCEEDED, "")
    assert (end.progress.done, end.progress.total, end.progress.text) == (None, 4, "")


def test_body_that_runs_too_long_is_gone_and_the_next_one_runs(bench: Bench, tmp_path: Path) -> None:
    mine, pid = hanging(bench, tmp_path / "notes", timeout=1)

    end = bench.outcome(mine)

    assert (end.status, end.reason) == (Status.TIMED_OUT, "It ran longer than its timeout of 1 s.")
    assert "in hang" in end.traceback
    assert "OSError" in end.error_types
    assert not is_alive(pid)
    assert bench.run("nothing").status == Status.SUCCEEDED


def test_time_to_start_a_child_does_not_count_towards_a_timeout(bench: Bench) -> None:
    bench.may_begin = False
    mine = bench.submit("nothing", timeout=1)
    wait_for(lambda: getattr(body_of(bench, mine), "pid", None), what="the child to be ready")
    body_of(bench, mine).is_overdue(time.monotonic() + 30)

    assert not body_of(bench, mine).is_overdue(time.monotonic() + 30)
    bench.may_begin = True
    assert bench.outcome(mine).status == Status.SUCCEEDED


def test_cancelled_body_is_gone_with_all_that_it_started(bench: Bench, tmp_path: Path) -> None:
    mine = bench.submit("hang_with_program", str(tmp_path / "notes"))
    wait_for(lambda: len(lines_of(tmp_path / "notes")) == 2, what="both processes")
    pids = [int(line.split()[0]) for line in lines_of(tmp_path / "notes")]

    end = cancel(bench, mine)

    assert (end.status, end.reason) == (Status.CANCELLED, "Cancelled by Eve.")
    wait_for(lambda: not any(map(is_alive, pids)), what="the processes to be gone")


def test_cancelled_body_can_put_things_in_order(bench: Bench, tmp_path: Path) -> None:
    mine = bench.submit("hang_in_order", str(tmp_path / "notes"))
    pid_in(tmp_path / "notes")

    end = cancel(bench, mine)

    assert end.status == Status.CANCELLED
    assert [line.split()[0] for line in lines_of(tmp_path / "notes")][1:] == ["tidied"]
    assert "tidied up" in end.log


@pytest.mark.parametrize("func", ["hang_deaf", "hang_catching"])
def test_body_that_ignores_sigterm_is_killed(bench: Bench, tmp_path: Path, func: str) -> None:
    mine = bench.submit(func, str(tmp_path / "notes"))
    pid = pid_in(tmp_path / "notes")

    end = cancel(bench, mine)

    assert end.status == Status.CANCELLED
    assert not is_alive(pid)


def test_run_that_is_cancelled_before_it_begins_does_not_begin(bench: Bench, tmp_path: Path) -> None:
    bench.may_begin = False
    mine = bench.submit("note", str(tmp_path / "notes"))

    end = cancel(bench, mine)
    bench.may_begin = True

    assert end.status == Status.CANCELLED
    wait_for(lambda: bench.run("nothing").status == Status.SUCCEEDED, what="another run")
    assert lines_of(tmp_path / "notes") == []


def test_no_body_begins_while_the_lease_is_in_doubt(bench: Bench, tmp_path: Path) -> None:
    bench.may_begin = False
    mine = bench.submit("note", str(tmp_path / "notes"))
    wait_for(lambda: getattr(body_of(bench, mine), "pid", None), what="the child to be ready")

    assert lines_of(tmp_path / "notes") == []
    bench.may_begin = True
    assert bench.outcome(mine).status == Status.SUCCEEDED
    assert len(lines_of(tmp_path / "notes")) == 1


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("exit", "Its process ended with exit status 3."),
        ("exit 0", "Its process ended with exit status 0."),
        ("SIGSEGV", "Its process was ended by SIGSEGV."),
        # As the system's killer of processes that take too much memory does.
        ("SIGKILL", "Its process was ended by SIGKILL."),
    ],
)
def test_crash_fails_its_execution_and_no_other(bench: Bench, how: str, reason: str) -> None:
    bystander = bench.submit("talk", "bystander", 2)

    end = bench.run("crash", how)

    assert (end.status, end.reason) == (Status.FAILED, reason)
    assert bench.outcome(bystander).status == Status.SUCCEEDED
    assert bench.run("nothing").status == Status.SUCCEEDED


def test_crash_keeps_what_was_printed_and_ends_what_was_started(bench: Bench, tmp_path: Path) -> None:
    end = bench.run("crash_with_program", str(tmp_path / "notes"))

    assert end.log == "last words\n"
    wait_for(lambda: not is_alive(pid_in(tmp_path / "notes")), what="the program to be gone")


def test_program_that_a_body_left_behind_holds_up_nobody(bench: Bench, tmp_path: Path) -> None:
    end = bench.run("leave_program", str(tmp_path / "notes"))

    assert end.status == Status.SUCCEEDED
    assert bench.run("nothing").status == Status.SUCCEEDED
    os.kill(pid_in(tmp_path / "notes"), signal.SIGKILL)


@pytest.fixture
def own_bench() -> Iterator[Bench]:
    """A pool that a test may break."""
    executor = ProcessesExecutor(2)
    with bench_of(lambda: executor) as bench, Tended(executor):
        yield bench


def children_of(pid: int) -> set[int]:
    path = Path(f"/proc/{pid}/task")
    found = [file.read_text().split() for file in path.glob("*/children")]
    commands = {int(each): Path(f"/proc/{each}/cmdline").read_bytes() for pids in found for each in pids}
    return {child_pid for child_pid, command in commands.items() if b"spawn_main" in command}


def test_child_that_is_killed_while_idle_costs_no_later_run(own_bench: Bench) -> None:
    before = children_of(os.getpid())
    own_bench.run("nothing")
    idle = children_of(os.getpid()) - before

    for pid in idle:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not any(map(is_alive, idle)), what="the children to be gone")

    # One that is handed over before anybody knows may fail with the pool, but is told.
    assert own_bench.run("nothing").status in (Status.SUCCEEDED, Status.FAILED)
    wait_for(lambda: own_bench.run("nothing").status == Status.SUCCEEDED, what="another pool")
    wait_for(lambda: len(children_of(os.getpid()) - before) <= 2, what="the broken pool's children to be gone")


def test_initializer_that_fails_fails_its_runs_and_no_later_ones(
    own_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With one argument it raises, in the child.
    monkeypatch.setattr(child, "prepare", os.kill)
    broken = own_bench.run("nothing")
    monkeypatch.undo()

    assert (broken.status, "could not be started" in broken.reason) == (Status.FAILED, True)
    wait_for(lambda: own_bench.run("nothing").status == Status.SUCCEEDED, what="another pool")
    assert own_bench.executor.held == 0


def test_abandoned_bodies_are_ended(own_bench: Bench, tmp_path: Path) -> None:
    mine, pid = hanging(own_bench, tmp_path / "notes")

    own_bench.executor.abandon()

    assert own_bench.outcome(mine).status == Status.CANCELLED
    assert not is_alive(pid)


def test_shutdown_ends_the_children(tmp_path: Path) -> None:
    with bench_of(lambda: ProcessesExecutor(1)) as bench:
        _mine, pid = hanging(bench, tmp_path / "notes")

    assert not is_alive(pid)


def test_shutdown_ends_what_the_bodies_started(tmp_path: Path) -> None:
    with bench_of(lambda: ProcessesExecutor(1)) as bench:
        bench.submit("hang_with_program", str(tmp_path / "notes"))
        wait_for(lambda: len(lines_of(tmp_path / "notes")) == 2, what="both processes")
    pids = [int(line.split()[0]) for line in lines_of(tmp_path / "notes")]

    wait_for(lambda: not any(map(is_alive, pids)), what="the processes to be gone")


def test_child_that_a_body_forked_tells_no_outcome_and_takes_no_run(bench: Bench) -> None:
    results = [bench.run("fork_and_return").result for _time in range(4)]
    later = [bench.run("add", 2, 3).result for _time in range(4)]

    assert results == ['"parent"'] * 4
    assert later == ["5"] * 4


def test_thread_that_a_body_started_prints_into_its_log_and_no_other(bench: Bench) -> None:
    first = bench.submit("talk_later", 0.3)
    others = [bench.submit("sleep", 0.5) for _time in range(4)]

    assert bench.outcome(first).log == "from a thread\n"
    assert [bench.outcome(each).log for each in others] == [""] * 4
