"""A body while this node carries it out: its limits, its output, and who may say how it ended."""

import threading

from scheduler import clock, conf
from scheduler.current import NO_PROGRESS, Progress, RunningExecution
from scheduler.engine.definitions import Run
from scheduler.engine.output import BoundedText
from scheduler.models import Status

# How long a body that was told to stop may take to do so.
STOP_GRACE_SECONDS = 5.0


class Body(RunningExecution):
    """One run between its start and its end. All deadlines are on the monotonic clock."""

    # Whether the task itself runs; in a child process it waits for the child to be ready.
    has_begun = True

    def __init__(self, run: Run, *, now: float, log_length: int | None = None) -> None:
        super().__init__(
            execution_id=run.execution_id, job_id=run.job_id, scheduled_for=run.scheduled_for, attempt=run.attempt
        )
        self.run = run
        self.thread_id = threading.get_ident()
        self.log = BoundedText(conf.log_max_length() if log_length is None else log_length)
        self.cancel_reason: str | None = None
        # When a cancelled body is ended if it does not end by itself. Apart from the deadline, which is set by others.
        self._stop_by: float | None = None
        self._told_progress = NO_PROGRESS
        self.is_start_told = False
        self._ending = threading.Lock()
        self.begin(now)

    def begin(self, now: float) -> None:
        """Let its time run from now on."""
        self.started_at = clock.now()
        self.began = now
        self.deadline = now + self.run.timeout if self.run.timeout is not None else None

    def cancel(self, reason: str, *, now: float, grace: float = STOP_GRACE_SECONDS) -> None:
        """Tell the body to stop, and give it `grace` seconds for that; asking again changes nothing."""
        self.cancel_reason = self.cancel_reason or reason
        self._stop_by = now + grace if self._stop_by is None else min(self._stop_by, now + grace)
        self.request_stop()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody has cancelled it."""
        return self.cancel_reason is not None

    @property
    def doom(self) -> Status:
        """What it ends as if it does not end by itself before its time is up."""
        stop_by, deadline = self._stop_by, self.deadline
        return (
            Status.CANCELLED if stop_by is not None and (deadline is None or stop_by < deadline) else Status.TIMED_OUT
        )

    def is_overdue(self, now: float) -> bool:
        """Tell whether its time is up."""
        return any(limit is not None and now >= limit for limit in (self.deadline, self._stop_by))

    def has_news(self) -> bool:
        """Tell whether it has printed or reported anything since that was last taken."""
        return self.log.is_changed or self.latest_progress is not self._told_progress

    def take_progress(self) -> Progress:
        """Return the latest progress, and take note that it has been read."""
        self._told_progress = self.latest_progress
        return self._told_progress

    def end(self) -> bool:
        """Claim the right to say how it ended: True for the first who asks, be it the body's thread or its warden."""
        return self._ending.acquire(blocking=False)
