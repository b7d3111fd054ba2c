"""Counts hours, foretells days and prunes the history, apart from the loop: nothing is dispatched later for it."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from scheduler.engine.writing import limit_lock_waits
from scheduler.services import counting, forecast, retention

logger = logging.getLogger(__name__)

# The first look comes soon, so that a new installation has its pictures.
FIRST_LOOK_SECONDS, LOOK_EVERY_SECONDS = 15.0, 60.0
REST_SECONDS = 0.1


class Housekeeper(threading.Thread):
    """A thread that looks once a minute whether it is time, and this node's turn, for each of its duties."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        super().__init__(name="housekeeper", daemon=True)
        self._clock = clock
        self._stop_requested = threading.Event()

    def stop(self) -> None:
        """End the thread; a chunk that is being deleted may be finished, or not."""
        self._stop_requested.set()

    def run(self) -> None:
        """Look until stopped."""
        seconds = FIRST_LOOK_SECONDS
        while not self._stop_requested.wait(seconds):
            self.do_duties()
            # Idle for a minute, it would be dead when it is next used.
            connection.close()
            seconds = LOOK_EVERY_SECONDS

    def do_duties(self) -> None:
        """Do what it is time for; counting comes before pruning, so that what goes has been counted."""
        for duty in (self._foretell_if_time, self._count_if_time, self._prune_if_time):
            self._do(duty)

    def _do(self, duty: Callable[[], None]) -> None:
        """Do a duty; one that fails must not keep the others from being done."""
        try:
            limit_lock_waits()
            duty()
        except Exception:
            logger.exception("Housekeeping failed; trying on.", extra={"action": "housekeeping_failed"})
            connection.close()

    def _count_if_time(self) -> None:
        now = self._clock()
        if counting.claim_counting(now=now):
            counting.count_hours(now=now, pause_seconds=REST_SECONDS)

    def _foretell_if_time(self) -> None:
        now = self._clock()
        if forecast.claim_forecast(now=now):
            forecast.renew_forecast(now=now, rest=forecast.breather())

    def _prune_if_time(self) -> None:
        now = self._clock()
        if retention.claim_housekeeping(now=now):
            began = time.monotonic()
            if deleted := retention.prune(now=now, pause_seconds=REST_SECONDS):
                seconds = time.monotonic() - began
                logger.info("%d executions pruned in %.1f s.", deleted, seconds, extra={"action": "pruned"})
