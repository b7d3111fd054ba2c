"""Executors without a scheduler: what they tell is kept, what they ask is answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from json import dumps
from typing import Any

from apscheduler.schedulers.blocking import BlockingScheduler

from scheduler.engine.definitions import Run
from scheduler.engine.executors import Connections, Executor
from scheduler.engine.outcomes import Outcome
from scheduler.models import Execution
from tests.engine.runs import run_of
from tests.processes import wait_for

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_ids = count(1)


@dataclass
class Bench:
    """An executor that runs, and what it has told."""

    executor: Executor
    outcomes: dict[int, list[Outcome]] = field(default_factory=dict)
    idle_rings: int = 0
    may_begin: bool = True
    questions: int = 0
    is_ours: bool = True

    def submit(self, func: str, *args: Any, **more: Any) -> int:
        """Hand over a run of a sample task; answers its id."""
        run = run_of_task(func, *args, **more)
        self.executor.submit_job(run, [run.scheduled_for])
        return run.execution_id

    def outcome(self, execution_id: int) -> Outcome:
        """Wait until it is told how a run ended, and return that."""
        wait_for(lambda: execution_id in self.outcomes, what="an outcome")
        (outcome,) = self.outcomes[execution_id]
        return outcome

    def run(self, func: str, *args: Any, **more: Any) -> Outcome:
        """Hand over a run, and wait for its end."""
        return self.outcome(self.submit(func, *args, **more))

    def take(self, outcome: Outcome) -> None:
        self.outcomes.setdefault(outcome.run.execution_id, []).append(outcome)

    def answer(self) -> bool:
        self.questions += 1
        return self.may_begin

    def ring(self) -> None:
        self.idle_rings += 1


def run_of_task(func: str, *args: Any, **more: Any) -> Run:
    """Return a run of a sample task."""
    row = Execution(pk=next(_ids), job_id="job", scheduled_for=NOW, revision=1)
    return run_of(row, func=f"jobs:{func}", args=dumps(args), **more)


@contextmanager
def bench_of(create: Callable[[], Executor]) -> Iterator[Bench]:
    """Start an executor, and shut it down in the end."""
    bench = Bench(create())
    bench.executor.connect(
        Connections(
            on_outcome=bench.take,
            on_idle=bench.ring,
            may_begin=bench.answer,
            is_ours=lambda run: bench.is_ours,
        )
    )
    bench.executor.start(BlockingScheduler(), "bench")
    try:
        yield bench
    finally:
        bench.executor.shutdown()
