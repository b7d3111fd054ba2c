"""How many of the machine's cores are busy, over a while that is known only afterwards."""

import os
import threading
import time
from bisect import bisect_left
from pathlib import Path

EVERY_SECONDS = 0.02
TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")


class BusyCores(threading.Thread):
    """Looks at /proc/stat, which counts ticks of 10 ms, until asked what it saw."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._moments: list[float] = []
        self._busy: list[float] = []
        self._is_over = threading.Event()
        self.start()

    def run(self) -> None:
        """Look until somebody asks."""
        while not self._is_over.wait(EVERY_SECONDS):
            self._moments.append(time.time())
            self._busy.append(_busy_seconds())

    def between(self, start: float, end: float) -> float:
        """Return how many cores were busy between two moments (seconds since the epoch), on average."""
        self._is_over.set()
        self.join()
        first, last = (min(bisect_left(self._moments, moment), len(self._moments) - 1) for moment in (start, end))
        seconds = self._moments[last] - self._moments[first]
        return (self._busy[last] - self._busy[first]) / seconds if seconds else 0.0


def _busy_seconds() -> float:
    """Return for how long the cores have been busy since the machine was started, added up."""
    user, nice, system, _idle, _waiting, *rest = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    # The interrupts; not what a virtual machine was denied, which nobody here was busy with.
    return (user + nice + system + sum(rest[:2])) * TICK_SECONDS
