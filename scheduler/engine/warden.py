"""Watches over running bodies, apart from the loop: a database that is away must not keep a timeout from coming."""

import logging
import threading
import time
from collections.abc import Collection

from django.db import connection

from scheduler.engine.executors import Executor
from scheduler.engine.outputs import follow, tell_starts
from scheduler.engine.writing import limit_lock_waits

logger = logging.getLogger(__name__)

ROUND_SECONDS = 0.2
FOLLOW_EVERY_SECONDS = 1.0


class Warden(threading.Thread):
    """A thread that ends what is overdue, five times a second, and stores what bodies print, once a second."""

    def __init__(self, executors: Collection[Executor]) -> None:
        super().__init__(name="warden", daemon=True)
        self._executors = executors
        self._stop_requested = threading.Event()
        self._is_failing = False

    def request_stop(self) -> None:
        """End after the present round."""
        self._stop_requested.set()

    def stop(self) -> None:
        """End after the present round, and wait for that."""
        self.request_stop()
        self.join()

    def run(self) -> None:
        """Make rounds until stopped."""
        next_follow = 0.0
        while not self._stop_requested.wait(ROUND_SECONDS):
            now = time.monotonic()
            self._tend(now=now)
            if now >= next_follow:
                next_follow = now + FOLLOW_EVERY_SECONDS
                self._follow(now=now)
        connection.close()

    def _tend(self, *, now: float) -> None:
        for executor in self._executors:
            try:
                executor.tend(now=now)
            except Exception:
                logger.exception("Overdue bodies could not be ended; trying on.", extra={"action": "tend_failed"})

    def _follow(self, *, now: float) -> None:
        try:
            limit_lock_waits()
            bodies = [body for executor in self._executors for body in executor.bodies()]
            tell_starts(bodies, now=now)
            follow(bodies, now=now)
            self._is_failing = False
        except Exception:
            if not self._is_failing:
                logger.exception("Output could not be stored; trying on.", extra={"action": "follow_failed"})
            self._is_failing = True
            connection.close()
