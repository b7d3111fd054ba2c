"""An exception at any call of the database costs one turn: what is due gets one row and one body all the same."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection

from scheduler.engine import recorder as recorder_module
from scheduler.engine import store as store_module
from scheduler.engine.definitions import CompiledJob
from scheduler.engine.ledger import Ledger
from scheduler.engine.outcomes import Outcome
from scheduler.engine.recorder import Recorder
from scheduler.engine.scheduler import AFTER_FAILURE, CarnationScheduler
from scheduler.engine.statements import BulkInsert
from scheduler.models import DEAD_AFTER, Execution, Job, Schedule, Status
from scheduler.services.jobs import create_job
from scheduler.services.runs import run_job
from scheduler.services.schedules import quarantine_job
from tests.engine.runs import run_of
from tests.processes import lines_of, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
MOST_CALLS = 200


@dataclass(kw_only=True)
class Faults:
    """Counts this thread's calls of the database, and lets some of them fail.

    A call is whatever waits for the server: to connect, to begin, a statement, a commit. It fails either before it gets
    there, or, with `is_done`, after it was carried out: then only the answer is lost.
    """

    failing: range
    is_done: bool
    error: type[Exception] = OperationalError
    calls: int = 0
    _connect: Callable[..., Any] | None = None

    def call(self, perform: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Perform a call, or fail."""
        self.calls += 1
        fails = self.calls in self.failing
        if fails and not self.is_done:
            raise self.error("injected before the call")
        result = perform(*args, **kwargs)
        if fails:
            if perform == self._connect:
                # Nobody else will.
                result.close()
            raise self.error("injected after the call")
        return result

    @property
    def have_happened(self) -> bool:
        """Tell whether any call failed."""
        return self.calls >= self.failing.start

    @contextmanager
    def injected(self) -> Iterator[None]:
        """Let the calls go through here."""
        with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(self.call):
            self._connect = connection.get_new_connection
            for name in ("get_new_connection", "_set_autocommit", "_commit"):
                patch.setattr(connection, name, partial(self.call, getattr(connection, name)))
            yield


def at_each_call(is_done: bool, *, first: int = 1, least: int = 10) -> Iterator[Faults]:
    """Yield faults at the first call, at the next, and so on, until there are no more calls: `least` at least."""
    for number in range(first, MOST_CALLS):
        error = (OperationalError, InterfaceError)[number % 2]
        faults = Faults(failing=range(number, number + 1), is_done=is_done, error=error)
        yield faults
        if not faults.have_happened:
            assert number > least
            return
    raise AssertionError(f"more than {MOST_CALLS} calls")


class Bench:
    """A node whose clock is set by hand, an hour a round; each round brings work of every kind."""

    def __init__(self, notes: Path) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        self.expected: Counter[tuple[str, str]] = Counter()
        self._notes = notes
        self._round = 0
        self.node = CarnationScheduler(name="here", threads=4, clock=lambda: self.now)
        self.node.prepare()
        self.node._start_workers()
        # A job by whose row a deleted one can be told from one that never was.
        self._add("hourly", trigger="interval", hours=1, start_date=self.now.isoformat())
        self._add("often", trigger="interval", minutes=20, start_date=self.now.isoformat(), coalesce=False)
        self._add("by-hand", next_run_time=None)
        Job.objects.update(max_instances=100)
        Schedule.objects.filter(pk__in=["hourly", "often"]).update(next_run_time=self.now + HOUR)

    def bring_work(self) -> None:
        """Let an hour pass: one occurrence, three at once, a run by hand, a job that was written past the services."""
        self._round += 1
        before, self.now = self.now, self.now + HOUR
        self._expect("hourly", self.now)
        # Those between the first round's beginning and its end are not due: the schedules begin at its end.
        for moment in [self.now] if self._round == 1 else [before + HOUR / 3, before + HOUR * 2 / 3, self.now]:
            self._expect("often", moment)
        self._expect("by-hand", run_job("by-hand").scheduled_for)
        Job.objects.create(
            id=f"raw{self._round}",
            func="jobs:sign",
            args=[str(self._notes), f"raw{self._round}"],
            trigger={"trigger": "date", "run_date": self.now.isoformat()},
            timezone="UTC",
        )
        self._expect(f"raw{self._round}", self.now)

    def turn(self) -> float:
        """Make one turn, and beat as though it were time to bury the dead; return for how long the loop would sleep."""
        membership = self.node._membership
        membership._next_beat = time.monotonic()
        membership._beating_since = membership._next_beat - DEAD_AFTER.total_seconds()
        pause = self.node._guarded_turn()
        self.node._guarded_beat()
        return pause

    def settle(self) -> None:
        """Make turns until nothing is due or queued or running any more."""
        self.turn()
        assert self.node._failed_turns == 0
        wait_for(lambda: self.turn() and not Execution.objects.active().exists(), what="all to be recorded")

    def rows(self) -> Counter[tuple[str, str]]:
        """Count the rows of each occurrence."""
        rows = Execution.objects.filter(status=Status.SUCCEEDED).values_list("job_id", "scheduled_for")
        return Counter((job_id, moment.isoformat()) for job_id, moment in rows)

    def bodies(self) -> Counter[str]:
        """Count the bodies of each job."""
        return Counter(line.split()[0] for line in lines_of(self._notes))

    def _add(self, job_id: str, **more: Any) -> None:
        create_job({"id": job_id, "func": "jobs:sign", "args": [str(self._notes), job_id], **more})

    def _expect(self, job_id: str, moment: datetime) -> None:
        self.expected[job_id, moment.isoformat()] += 1


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "notes")
    yield bench
    bench.node._drain()


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_fault_at_any_call_of_a_turn_costs_that_turn_only(
    bench: Bench, is_done: bool, caplog: pytest.LogCaptureFixture
) -> None:
    for faults in at_each_call(is_done):
        bench.bring_work()
        # So that connecting is among the calls.
        connection.close()
        caplog.clear()

        with faults.injected():
            pause = bench.turn()
        bench.settle()

        assert pause <= AFTER_FAILURE, faults
        assert bench.rows() == bench.expected, faults
        assert bench.bodies() == Counter(job_id for job_id, _moment in bench.expected), faults
        assert len([line for line in caplog.records if line.exc_info]) == faults.have_happened, faults


def test_lost_answer_while_a_poisonous_job_is_sought_out_loses_no_run_of_the_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter = Ledger.enter

    def choke(ledger: Ledger, job: CompiledJob, due: datetime) -> None:
        if job.row.id.startswith("poison"):
            raise DataError("out of range")
        enter(ledger, job, due)

    monkeypatch.setattr(Ledger, "enter", choke)
    # What comes before is the same as without poison.
    for faults in at_each_call(is_done=True, first=25, least=50):
        bench.bring_work()
        create_job({"id": f"poison{faults.failing.start}", "func": "jobs:nothing", "run_date": bench.now.isoformat()})

        with faults.injected():
            bench.turn()
        bench.settle()

        assert bench.rows() == bench.expected, faults
        assert bench.bodies() == Counter(job_id for job_id, _moment in bench.expected), faults
        assert Execution.objects.get(job_id=f"poison{faults.failing.start}").status == Status.SKIPPED, faults


def test_duplicate_and_poisonous_jobs_at_once_hold_up_no_other(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """One claim is refused for each of them, and for neither alone."""
    bench.bring_work()
    bench.settle()
    create_job({"id": "poison", "func": "jobs:nothing", "run_date": bench.now.isoformat()})
    Schedule.objects.filter(pk="hourly").update(next_run_time=bench.now)

    insert = BulkInsert.run

    def refuse(self: BulkInsert, rows: Sequence[Sequence[Any]], parameters: Sequence[Any] = ()) -> None:
        jobs = [row[list(self.columns).index("job_id")] for row in rows]
        if "poison" in jobs and "hourly" not in jobs:
            raise DataError("out of range")
        insert(self, rows, parameters)

    monkeypatch.setattr(BulkInsert, "run", refuse)

    bench.turn()
    bench.settle()

    assert bench.rows() == bench.expected
    assert Execution.objects.get(job_id="poison").status == Status.SKIPPED


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_fault_at_any_call_of_the_recorder_loses_no_outcome(
    bench: Bench, is_done: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0)
    recorder = Recorder(lambda recorded: None)
    for number, faults in enumerate(at_each_call(is_done, least=5)):
        row = running_row(bench, attempt=number + 1)
        connection.close()

        with faults.injected():
            recorder._record_until_done([ended(row)])

        row.refresh_from_db()
        assert (row.status, row.output.result) == (Status.SUCCEEDED, "5"), faults


def test_outcome_keeps_its_texts_however_long_the_database_is_away(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "RETRY_SECONDS", 0)
    recorder = Recorder(lambda recorded: None)
    for last in range(1, 12):
        row = running_row(bench, attempt=last)
        connection.close()

        # Nobody gets in until so many calls have failed.
        with Faults(failing=range(1, last + 1), is_done=False).injected():
            recorder._record_until_done([ended(row)])

        row.refresh_from_db()
        assert (row.status, row.reason, row.output.result) == (Status.SUCCEEDED, "", "5"), last


def running_row(bench: Bench, *, attempt: int) -> Execution:
    return Execution.objects.create(
        job_id="hourly",
        scheduled_for=bench.now,
        attempt=attempt,
        status=Status.RUNNING,
        revision=1,
        node=bench.node._membership.node,
        created_at=bench.now,
    )


def ended(row: Execution) -> Outcome:
    return Outcome(
        run=run_of(row),
        status=Status.SUCCEEDED,
        started_at=row.created_at,
        finished_at=row.created_at,
        result="5",
    )


def test_deadlock_while_jobs_are_claimed_one_by_one_loses_no_run_of_those_before(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runs that are committed by then must not be forgotten with the try that failed."""
    bench.bring_work()
    create_job({"id": "poison", "func": "jobs:nothing", "run_date": bench.now.isoformat()})
    enter, quarantine, tries = Ledger.enter, quarantine_job, iter(range(10))

    def choke(ledger: Ledger, job: CompiledJob, due: datetime) -> None:
        if job.row.id == "poison":
            raise DataError("out of range")
        enter(ledger, job, due)

    def deadlock_once(*args: Any, **kwargs: Any) -> None:
        if next(tries) == 0:
            raise OperationalError(1213, "Deadlock found when trying to get lock; try restarting transaction")
        quarantine(*args, **kwargs)

    monkeypatch.setattr(Ledger, "enter", choke)
    monkeypatch.setattr(store_module, "quarantine_job", deadlock_once)

    bench.turn()
    bench.settle()

    assert bench.rows() == bench.expected
    assert bench.bodies() == Counter(job_id for job_id, _moment in bench.expected)
