"""How many runs a node takes ahead of its workers: enough to keep them busy until the next turn, and no more.

What waits in a node's memory cannot be run by another, so a node whose bodies take long takes one for each worker. One
whose bodies end at once would starve on that, waiting for a commit after each handful: it takes more, twice as many
each time it ran dry, and less again as soon as a backlog is left.
"""

MOST_AHEAD = 1_000


class Capacity:
    """Adapts the number of runs that a pool of workers may hold."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._allowed = workers

    def free(self, held: int) -> int:
        """Return how many more runs may be taken, while `held` are waiting or running."""
        waiting = max(held - self._workers, 0)
        if held == 0:
            self._allowed = min(self._allowed * 2, max(MOST_AHEAD, self._workers))
        elif waiting > self._workers:
            self._allowed = max(self._allowed // 2, self._workers)
        return max(self._allowed - held, 0)
