"""Bodies in threads: plain threads on a SimpleQueue, which hand over twice as fast as a pool of futures.

A thread cannot be killed. One whose body does not end in time is written off: the run's end is told, its slot goes to a
new thread, and the old one counts as stuck until its body ends. The workers are daemons, so that a body that never ends
cannot keep the process.
"""

import logging
import queue
import sys
import threading
import time
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from scheduler import conf
from scheduler.engine.bodies import Body
from scheduler.engine.capacity import Capacity
from scheduler.engine.definitions import Run
from scheduler.engine.executors.base import Executor
from scheduler.engine.outcomes import Outcome, overdue_outcome, stack_text, told_in_any_case
from scheduler.engine.runner import run_body

logger = logging.getLogger(__name__)

# How long a worker waits before it asks again whether it may begin.
DOUBT_SECONDS = 0.05


class ThreadsExecutor(Executor):
    """A fixed number of threads that take runs."""

    default_workers = 20

    def __init__(self, max_workers: int) -> None:
        super().__init__(max_workers)
        self._capacity = Capacity(max_workers)
        # Asking the settings for each body would take longer than most of what is done for one.
        self._log_length = conf.log_max_length()
        self._waiting: queue.SimpleQueue[Run | None] = queue.SimpleQueue()
        self._bodies: dict[int, Body] = {}
        self._stuck: set[Body] = set()
        # What waits here, and which of it has been cancelled.
        self._unbegun: set[int] = set()
        self._cancelled: dict[int, str] = {}
        self._submitted = 0
        self._ended = 0
        self._busy_seconds = 0.0
        self._count_lock = threading.Lock()

    def start(self, scheduler: Any, alias: str) -> None:
        """Start the workers."""
        super().start(scheduler, alias)
        self._alias = alias
        for _number in range(self.max_workers):
            self._start_worker()

    def _start_worker(self) -> None:
        threading.Thread(target=self._work, name=self._alias, daemon=True).start()

    def _do_submit_job(self, job: Run, run_times: list[datetime]) -> None:
        self._submitted += 1
        self._unbegun.add(job.execution_id)
        self._waiting.put(job)

    def _work(self) -> None:
        """Take runs and carry them out, until told to go, or written off."""
        while (run := self._waiting.get()) is not None:
            if not self.outside.may_begin():
                self._waiting.put(run)
                time.sleep(DOUBT_SECONDS)
            elif not self.outside.is_ours(run):
                # This worker, in doubt, held it while the rest was taken back.
                self._drop([run])
            elif not self._carry_out(run):
                return

    def _carry_out(self, run: Run) -> bool:
        """Run a body and tell how it ended; False if somebody has told that already."""
        # In this order: whoever cancels it meanwhile finds it in one place or the other.
        self._bodies[run.execution_id] = body = Body(run, now=time.monotonic(), log_length=self._log_length)
        self._unbegun.discard(body.id)
        if reason := self._cancelled.pop(body.id, ""):
            body.cancel(reason, now=body.began, grace=0)
        outcome = overdue_outcome(body) if reason else told_in_any_case(body, run_body)
        if not body.end():
            self._stuck.discard(body)
            logger.warning("A body of job %s that was written off has ended.", run.job_id, extra={"action": "unstuck"})
            return False
        self._finish(body, outcome)
        return True

    def _finish(self, body: Body, outcome: Outcome) -> None:
        self._bodies.pop(body.id, None)
        self.outside.on_outcome(outcome)
        self._count_end(seconds=time.monotonic() - body.began)
        if self.held <= self.max_workers // 2:
            self.outside.on_idle()

    def _count_end(self, runs: int = 1, seconds: float = 0.0) -> None:
        with self._count_lock:
            self._ended += runs
            self._busy_seconds += seconds

    @property
    def held(self) -> int:
        """How many runs are waiting or running here."""
        return self._submitted - self._ended

    @property
    def stuck(self) -> int:
        """How many threads are lost to bodies that did not end in time."""
        return len(self._stuck)

    def free(self) -> int:
        """Return how many more runs to take now."""
        return self._capacity.free(
            submitted=self._submitted, ended=self._ended, busy_seconds=self._busy_seconds, now=time.monotonic()
        )

    def has_stalled(self) -> bool:
        """Tell, about once a second, whether a run has waited that long for a worker."""
        begun = self._submitted - self._waiting.qsize()
        return self._capacity.has_stalled(submitted=self._submitted, begun=begun, now=time.monotonic())

    def bodies(self) -> Iterable[Body]:
        """Return the bodies that run now."""
        # list() of a dict's values is atomic; iterating over them is not.
        return list(self._bodies.values())

    def cancel(self, execution_id: int, reason: str, *, now: float) -> None:
        """Tell a body to stop; one that has not begun never will."""
        if execution_id in self._unbegun:
            self._cancelled[execution_id] = reason
        if body := self._bodies.get(execution_id):
            self._cancelled.pop(execution_id, None)
            body.cancel(reason, now=now)

    def tend(self, *, now: float) -> None:
        """Write off the bodies that are overdue."""
        for body in self.bodies():
            if body.is_overdue(now):
                self._write_off(body)

    def _write_off(self, body: Body) -> None:
        body.request_stop()
        where = stack_text(sys._current_frames().get(body.thread_id))  # noqa: SLF001 - the documented way
        self._stuck.add(body)
        if not body.end():
            # It has ended just now.
            self._stuck.discard(body)
            return
        logger.warning(
            "A body of job %s did not end in time; its thread is stuck.", body.job_id, extra={"action": "stuck"}
        )
        self._start_worker()
        self._finish(body, overdue_outcome(body, traceback=where))

    def give_back(self) -> list[Run]:
        """Return the runs that no worker has begun."""
        runs: list[Run] = []
        while True:
            try:
                run = self._waiting.get_nowait()
            except queue.Empty:
                self._drop(runs)
                return runs
            if run is not None:
                runs.append(run)

    def _drop(self, runs: Collection[Run]) -> None:
        """Forget runs that will not begin here."""
        for run in runs:
            self._unbegun.discard(run.execution_id)
            self._cancelled.pop(run.execution_id, None)
        self._count_end(len(runs))

    def abandon(self) -> None:
        """Tell every body to stop."""
        for body in self.bodies():
            body.request_stop()

    def shutdown(self, wait: bool = True) -> None:
        """Send the idle workers home; one whose body never ends is a daemon, and ends with the process."""
        for _number in range(self.max_workers):
            self._waiting.put(None)
