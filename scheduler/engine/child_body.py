"""A body in a child process: it passes on to its node what the node cannot see."""

import json
import os
import time
from pathlib import Path
from types import FrameType
from typing import Any

from scheduler.engine.bodies import Body
from scheduler.engine.definitions import Run
from scheduler.engine.outcomes import stack_text

PROGRESS_EVERY_SECONDS = 0.2


class ChildBody(Body):
    """Writes lines of JSON into a pipe: first its process's id, then progress, and where it stood when told to stop."""

    def __init__(self, run: Run, control_pipe: Path) -> None:
        super().__init__(run, now=time.monotonic())
        self._control = os.open(control_pipe, os.O_WRONLY)
        self._told_progress_at = 0.0
        self._tell(pid=os.getpid())

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        """Report how far the body has come; often enough is passed on at once, the latest with the outcome."""
        super().progress(done, total, text)
        now = time.monotonic()
        if now - self._told_progress_at >= PROGRESS_EVERY_SECONDS:
            self._told_progress_at = now
            self._tell(progress=[self.latest_progress.done, self.latest_progress.total, self.latest_progress.text])

    def tell_where(self, frame: FrameType | None) -> None:
        """Pass on where the body stands."""
        self._tell(stack=stack_text(frame))

    def close(self) -> None:
        """Close the pipe: there is nothing more to say."""
        os.close(self._control)

    def _tell(self, **what: Any) -> None:
        try:
            os.write(self._control, f"{json.dumps(what, default=str)}\n".encode())
        except OSError:
            # Nobody listens any more; that is no reason for a body to fail.
            return
