"""Bodies in threads: plain threads on a SimpleQueue, which hand over twice as fast as a pool of futures.

A thread cannot be killed. The workers are daemons, so that a body that never ends cannot keep the process.
"""

import logging
import queue
import threading
import time
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from scheduler.engine.capacity import Capacity
from scheduler.engine.definitions import Run
from scheduler.engine.executors.base import Executor
from scheduler.engine.outcomes import Outcome
from scheduler.engine.runner import run_body
from scheduler.models import Status

logger = logging.getLogger(__name__)


class ThreadsExecutor(Executor):
    """A fixed number of threads."""

    def __init__(self, max_workers: int) -> None:
        super().__init__(max_workers)
        self._capacity = Capacity(max_workers)
        self._waiting: queue.SimpleQueue[Run | None] = queue.SimpleQueue()
        self._submitted = 0
        self._ended = 0
        self._count_lock = threading.Lock()

    def start(self, scheduler: Any, alias: str) -> None:
        """Start the workers."""
        super().start(scheduler, alias)
        for number in range(self.max_workers):
            threading.Thread(target=self._work, name=f"{alias}-{number}", daemon=True).start()

    def _do_submit_job(self, job: Run, run_times: list[datetime]) -> None:
        self._submitted += 1
        self._waiting.put(job)

    def _work(self) -> None:
        while (run := self._waiting.get()) is not None:
            self.on_outcome(_run_in_any_case(run))
            with self._count_lock:
                self._ended += 1
            if self.held <= self.max_workers // 2:
                self.on_idle()

    @property
    def held(self) -> int:
        """How many runs are waiting or running here."""
        return self._submitted - self._ended

    def free(self) -> int:
        """Return how many more runs to take now."""
        return self._capacity.free(self.held, self._submitted, now=time.monotonic())

    def give_back(self) -> list[Run]:
        """Return the runs that no worker has begun."""
        runs: list[Run] = []
        while True:
            try:
                run = self._waiting.get_nowait()
            except queue.Empty:
                with self._count_lock:
                    self._ended += len(runs)
                return runs
            if run is not None:
                runs.append(run)

    def shutdown(self, wait: bool = True) -> None:
        """Send the idle workers home; one whose body never ends is a daemon, and ends with the process."""
        for _number in range(self.max_workers):
            self._waiting.put(None)


def _run_in_any_case(run: Run) -> Outcome:
    """Run a body; if even saying how it ended fails, say that. A worker must not end, nor a row stay running."""
    started_at = datetime.now(UTC)
    try:
        return run_body(run)
    except BaseException:
        logger.exception("The end of a run could not be told.", extra={"action": "outcome_failed"})
        return Outcome(
            execution_id=run.execution_id,
            node_id=run.node_id,
            status=Status.FAILED,
            reason=_("How it ended could not be told; the node's log has the reason."),
            started_at=started_at,
            finished_at=datetime.now(UTC),
        )
