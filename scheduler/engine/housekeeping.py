"""Prunes the history, apart from the loop, so that nothing is dispatched later for it."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from scheduler.engine.writing import limit_lock_waits
from scheduler.services import retention

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 60.0
REST_SECONDS = 0.1


class Housekeeper(threading.Thread):
    """A thread that looks once a minute whether it is time, and this node's turn, to prune."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        super().__init__(name="housekeeper", daemon=True)
        self._clock = clock
        self._stop_requested = threading.Event()

    def stop(self) -> None:
        """End the thread; a chunk that is being deleted may be finished, or not."""
        self._stop_requested.set()

    def run(self) -> None:
        """Look until stopped."""
        while not self._stop_requested.wait(LOOK_EVERY_SECONDS):
            try:
                limit_lock_waits()
                self._prune_if_time()
            except Exception:
                logger.exception("The history could not be pruned; trying on.", extra={"action": "prune_failed"})
            # Idle for a minute, it would be dead when it is next used.
            connection.close()

    def _prune_if_time(self) -> None:
        now = self._clock()
        if retention.claim_housekeeping(now=now):
            began = time.monotonic()
            if deleted := retention.prune(now=now, pause_seconds=REST_SECONDS):
                seconds = time.monotonic() - began
                logger.info("%d executions pruned in %.1f s.", deleted, seconds, extra={"action": "pruned"})
