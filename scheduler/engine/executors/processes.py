"""Bodies in child processes, by pebble: a timeout or a cancel really ends them, and a crash ends nothing else."""

import logging
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from pebble import ProcessExpired, ProcessPool

from scheduler.engine import child
from scheduler.engine.bodies import Body
from scheduler.engine.definitions import Run
from scheduler.engine.executors.base import Executor
from scheduler.engine.executors.pipes import PipeReader
from scheduler.engine.outcomes import Outcome, failure_texts, overdue_outcome, storable, untold_outcome
from scheduler.models import Status

logger = logging.getLogger(__name__)

# A child that has not begun the body by then never will: Django could not be set up, or the machine is overwhelmed.
STARTUP_SECONDS = 60.0


class ProcessBody(Body):
    """A body in a child process, seen from its node. Its time runs from the moment at which the child has begun it."""

    def __init__(self, run: Run, *, now: float) -> None:
        super().__init__(run, now=now)
        self.deadline = now + STARTUP_SECONDS
        self.pid: int | None = None
        self.stack = ""
        self.future: Future[Outcome]

    def note_start(self, pid: int) -> None:
        """The child has begun the body."""
        self.pid = pid
        if not self.is_cancelled:
            self.begin(time.monotonic())


class ProcessesExecutor(Executor):
    """A fixed number of child processes, started when the first run comes. It holds no run that none of them has."""

    default_workers = 4

    def __init__(self, max_workers: int) -> None:
        super().__init__(max_workers)
        self._pool: ProcessPool | None = None
        self._folder: Path
        self._bodies: dict[int, ProcessBody] = {}

    def start(self, scheduler: Any, alias: str) -> None:
        """Make the folder of the pipes, and start to read."""
        super().start(scheduler, alias)
        self._temporary = tempfile.TemporaryDirectory(prefix="carnation-")
        self._reader = PipeReader(Path(self._temporary.name))
        self._reader.start()

    def _do_submit_job(self, job: Run, run_times: list[datetime]) -> None:
        body = ProcessBody(job, now=time.monotonic())
        try:
            body.future = self._living_pool().schedule(child.carry_out, args=(job, *self._reader.open_pipes(body)))
        except Exception as error:  # noqa: BLE001 - no file, no memory, no process: this run fails, and no other
            body.future = Future()
            body.future.set_exception(error)
        self._bodies[body.id] = body
        body.future.add_done_callback(lambda _future: self._note_end(body))

    def _living_pool(self) -> ProcessPool:
        """Return the pool; another one, where the last has broken."""
        if self._pool is None or not self._pool.active:
            self._pool = ProcessPool(
                max_workers=self.max_workers,
                initializer=child.prepare,
                initargs=(os.getpid(),),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _note_end(self, body: ProcessBody) -> None:
        """A child answered, or died. A future that was cancelled says so before its process is gone: see `tend`."""
        if not body.future.cancelled():
            self._finish(body)

    def tend(self, *, now: float) -> None:
        """End the bodies that are overdue, and tell the ends of those whose processes are gone."""
        for body in list(self._bodies.values()):
            if body.is_overdue(now) and not body.future.cancelled():
                body.request_stop()
                body.future.cancel()
            if body.future.cancelled() and wait([body.future], timeout=0).done:
                _end_group(body)
                self._finish(body)

    def _finish(self, body: ProcessBody) -> None:
        if not body.end():
            return
        self._reader.close_pipes(body)
        del self._bodies[body.id]
        self.outside.on_outcome(_outcome_in_any_case(body))
        self.outside.on_idle()

    @property
    def held(self) -> int:
        """How many runs are here."""
        return len(self._bodies)

    def free(self) -> int:
        """Return how many more runs to take now."""
        return max(self.max_workers - self.held, 0)

    def bodies(self) -> Iterable[Body]:
        """Return the bodies that run now."""
        return list(self._bodies.values())

    def cancel(self, execution_id: int, reason: str, *, now: float) -> None:
        """End a body: SIGTERM, by which it can put things in order, and SIGKILL a moment later."""
        if body := self._bodies.get(execution_id):
            body.cancel(reason, now=now, grace=0)

    def give_back(self) -> list[Run]:
        """Return nothing: a run is with a child as soon as it is here."""
        return []

    def abandon(self) -> None:
        """End all bodies."""
        now = time.monotonic()
        for body in list(self._bodies.values()):
            body.cancel(_("Its node stopped, or was declared dead."), now=now, grace=0)
        self.tend(now=now)

    def shutdown(self, wait: bool = True) -> None:
        """End the children, and what they still do."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
        self._reader.stop()
        self._temporary.cleanup()


def _outcome_in_any_case(body: ProcessBody) -> Outcome:
    """Return how a body ended; if even that fails, what can be said of it. No row may stay running."""
    try:
        return _outcome_of(body)
    except Exception:
        logger.exception("The end of a run could not be told.", extra={"action": "outcome_failed"})
        return untold_outcome(body)


def _outcome_of(body: ProcessBody) -> Outcome:
    """Return how a body ended whose future is done."""
    if body.future.cancelled():
        return overdue_outcome(body, traceback=body.stack)
    error = body.future.exception()
    if error is None:
        outcome = body.future.result()
        return replace(outcome, log=storable(body.log.take_text()))
    return Outcome(
        run=body.run,
        status=Status.FAILED,
        reason=_reason_of(error),
        started_at=body.started_at,
        finished_at=datetime.now(UTC),
        log=storable(body.log.take_text()),
        progress=body.latest_progress,
        error_types=(type(error).__name__,),
    )


def _reason_of(error: BaseException) -> str:
    """Say why there is no outcome from the child."""
    if isinstance(error, BrokenProcessPool):
        return _("Its process could not be started; the node's log has the reason.")
    if not isinstance(error, ProcessExpired):
        return failure_texts(error)[0]
    status = int(error.exitcode or 0)
    if status < 0:
        return _("Its process was ended by %s.") % signal.Signals(-status).name
    return _("Its process ended with exit status %d.") % status


def _end_group(body: ProcessBody) -> None:
    """End what the body has started and left behind."""
    if body.pid is not None:
        try:
            os.killpg(body.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
