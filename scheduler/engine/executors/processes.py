"""Bodies in child processes, by pebble: a timeout or a cancel really ends them, and a crash ends nothing else."""

import logging
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, InvalidStateError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from scheduler import clock
from scheduler.engine import child
from scheduler.engine.bodies import Body
from scheduler.engine.definitions import Run
from scheduler.engine.executors.base import Executor
from scheduler.engine.executors.pipes import Gate, PipeReader
from scheduler.engine.outcomes import Outcome, failure_texts, overdue_outcome, storable, told_in_any_case
from scheduler.engine.retrying import names_of_error
from scheduler.models import Status
from scheduler.words import reasons

logger = logging.getLogger(__name__)

# A child that has not begun the body by then never will: Django could not be set up, or the machine is overwhelmed.
STARTUP_SECONDS = 60.0


class ProcessBody(Body):
    """A body in a child process, seen from its node. Its time runs from the moment at which the child is let begin."""

    def __init__(self, run: Run, *, now: float, may_begin: Callable[[], bool]) -> None:
        super().__init__(run, now=now)
        self.deadline = now + STARTUP_SECONDS
        self.pid: int | None = None
        self.has_begun = False
        self.stack = ""
        self.gate: Gate | None = None
        self.pool: ProcessPool | None = None
        self.future: Future[Outcome] = Future()
        self._may_begin = may_begin
        self._times_gone = 0

    def note_start(self, pid: int) -> None:
        """The child is ready to begin."""
        self.pid = pid
        self.deadline = None
        self.let_begin()

    def let_begin(self) -> None:
        """Let the child begin that waits for it, unless the body was cancelled, or its node may be declared dead."""
        if self.pid and self.gate and not self.has_begun and not self.is_cancelled and self._may_begin():
            self.has_begun = True
            self.begin(time.monotonic())
            self.gate.open()

    @property
    def has_vanished(self) -> bool:
        """Whether its process is known to be gone without a word."""
        return self._times_gone > 1

    def note_whether_gone(self) -> None:
        """Look whether its process is there: pebble tells of every end but that with exit status 0.

        It is gone when it is seen gone twice, since pebble may be about to tell.
        """
        if self.pid is not None and not _exists(self.pid):
            self._times_gone += 1


class ProcessesExecutor(Executor):
    """A fixed number of child processes, started when the first run comes. It holds no run that none of them has."""

    default_workers = 4

    def __init__(self, max_workers: int) -> None:
        super().__init__(max_workers)
        self._pool: ProcessPool | None = None
        self._broken: list[ProcessPool] = []
        # Whoever uses or changes the present pool holds it.
        self._pool_lock = threading.Lock()
        self._bodies: dict[int, ProcessBody] = {}

    def start(self, scheduler: Any, alias: str) -> None:
        """Make the folder of the pipes, and start to read."""
        super().start(scheduler, alias)
        self._temporary = tempfile.TemporaryDirectory(prefix="carnation-")
        self._folder = Path(self._temporary.name)
        self._reader = PipeReader(self._folder)
        self._reader.start()

    def _do_submit_job(self, job: Run, run_times: list[datetime]) -> None:
        body = ProcessBody(
            job,
            now=time.monotonic(),
            may_begin=lambda: self.outside.is_ours(job) and self.outside.may_begin(),
        )
        self._bodies[body.id] = body
        try:
            body.gate = Gate(self._folder / f"{body.id}.gate")
            pipes = self._reader.open_pipes(body)
            with self._pool_lock:
                body.pool = self._living_pool()
                body.future = body.pool.schedule(child.carry_out, args=(job, body.gate.path, *pipes))
        except Exception as error:  # noqa: BLE001 - no file, no memory, no process: this run fails, and no other
            body.future.set_exception(error)
        body.future.add_done_callback(lambda _future: self._note_end(body))

    def _living_pool(self) -> ProcessPool:
        """Return the pool; another one, where the last has broken."""
        self._part_from_broken_pool()
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self.max_workers,
                initializer=child.prepare,
                initargs=(os.getpid(),),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _part_from_broken_pool(self) -> None:
        if self._pool is not None and not self._pool.active:
            self._broken.append(self._pool)
            self._pool = None

    def _note_end(self, body: ProcessBody) -> None:
        """A child answered, or died. A future that was cancelled says so before its process is gone: see `tend`."""
        if not body.future.cancelled():
            self._finish(body)

    def tend(self, *, now: float) -> None:
        """End the bodies that are overdue, and tell the ends of those whose processes are gone."""
        self._clear_broken_pools()
        for body in list(self._bodies.values()):
            body.let_begin()
            if not body.future.cancelled():
                body.note_whether_gone()
                if body.is_overdue(now) or body.has_vanished:
                    body.request_stop()
                    body.future.cancel()
            if body.future.cancelled() and wait([body.future], timeout=0).done:
                _end_group(body)
                self._finish(body)

    def _clear_broken_pools(self) -> None:
        """End the children of pools that broke, then the bodies that these leave without an end."""
        with self._pool_lock:
            self._part_from_broken_pool()
            broken, self._broken = self._broken, []
        for pool in broken:
            logger.error("The pool of processes broke; the next run gets another.", extra={"action": "pool_broken"})
            pool.join()
            for body in list(self._bodies.values()):
                if body.pool is pool:
                    _tell_end(body.future)

    def _finish(self, body: ProcessBody) -> None:
        if not body.end():
            return
        self._reader.close_pipes(body)
        if body.gate:
            body.gate.close()
        del self._bodies[body.id]
        self.outside.on_outcome(told_in_any_case(body, _outcome_of))
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
            body.cancel(reasons.NODE_ENDED, now=now, grace=0)
        self.tend(now=now)

    def shutdown(self, wait: bool = True) -> None:
        """End the children, and what they still do."""
        self._clear_broken_pools()
        # Read first: a body whose child ends is forgotten, but not what it had started.
        held = list(self._bodies.values())
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
        for body in held:
            _end_group(body)
        self._reader.stop()
        self._temporary.cleanup()


def _tell_end(future: Future[Outcome]) -> None:
    """Tell whoever waits for a future of a broken pool that nothing comes of it."""
    with suppress(RuntimeError, InvalidStateError):
        # Those that the pool has told of itself are skipped.
        if future.cancelled():
            future.set_running_or_notify_cancel()
        else:
            future.set_exception(BrokenProcessPool())


def _outcome_of(body: ProcessBody) -> Outcome:
    """Return how a body ended whose future is done."""
    error = _error_of(body)
    if error is None and body.future.cancelled():
        return overdue_outcome(body, traceback=body.stack)
    if error is None:
        outcome = body.future.result()
        return outcome._replace(log=storable(body.log.take_text()))
    if isinstance(error, ProcessExpired):
        _end_group(body)
    return Outcome(
        run=body.run,
        status=Status.FAILED,
        reason=_reason_of(error),
        started_at=body.started_at,
        finished_at=clock.now(),
        log=storable(body.log.take_text()),
        progress=body.latest_progress,
        error_types=names_of_error(error),
    )


def _error_of(body: ProcessBody) -> BaseException | None:
    """Return what is the matter with a body's process, if there is no outcome because of that."""
    if body.has_vanished and not body.is_cancelled:
        return ProcessExpired("", code=0, pid=body.pid)  # type: ignore[no-untyped-call]
    if body.future.cancelled():
        return None if body.has_begun or body.is_cancelled else BrokenProcessPool()
    return body.future.exception()


def _reason_of(error: BaseException) -> str:
    """Say why there is no outcome from the child."""
    if isinstance(error, BrokenProcessPool):
        return reasons.NOT_STARTED
    if not isinstance(error, ProcessExpired):
        return failure_texts(error)[0]
    status = int(error.exitcode or 0)
    if status < 0:
        return reasons.KILLED % {"signal": signal.Signals(-status).name}
    return reasons.EXITED % {"status": status}


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _end_group(body: ProcessBody) -> None:
    """End what the body has started and left behind."""
    if body.pid is not None:
        try:
            os.killpg(body.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
