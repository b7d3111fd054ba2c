"""How many runs a node takes ahead of its workers: enough to keep them busy until the next turn, and no more.

What waits in a node's memory cannot be run by another, so a node takes as many as it has workers. One that has used up
all it was offered and is idle again would starve on that, waiting for a commit after each handful: it is offered twice
as many each time, and fewer again as soon as it does not use them up, or a backlog is left. After a second without a
question all of that is forgotten: the next burst may be of another kind.
"""

MOST_AHEAD = 1_000
FORGET_AFTER_SECONDS = 1.0


class Capacity:
    """Adapts the number of runs that a pool of workers may hold."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._allowed = workers
        self._offered = 0
        self._submitted = 0
        self._asked_at = 0.0

    def free(self, held: int, submitted: int, *, now: float) -> int:
        """Return how many more runs to take at `now` (monotonic seconds), while `held` of `submitted` wait or run."""
        if now - self._asked_at > FORGET_AFTER_SECONDS:
            self._allowed, self._offered = self._workers, 0
        self._asked_at = now
        used_up = 0 < self._offered <= submitted - self._submitted
        backlog = held > 2 * self._workers
        if used_up and held == 0:
            self._allowed = min(self._allowed * 2, max(MOST_AHEAD, self._workers))
        elif backlog or (self._offered and not used_up):
            self._allowed = max(self._allowed // 2, self._workers)
        self._submitted = submitted
        self._offered = max(self._allowed - held, 0)
        return self._offered
