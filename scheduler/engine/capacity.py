"""How many runs a node takes ahead of its workers: enough to keep them busy until the next turn, and no more.

What waits in a node's memory cannot be run by another, so a node takes as many as it has workers. Where bodies are so
short that its workers would run dry, waiting for a commit after each handful, it takes as many as they can get through
in HORIZON_SECONDS, judging by how long the latest bodies took. That is a guess: when it was wrong, and a run has waited
for STALLED_SECONDS, `has_stalled` says so, and all that waits goes back into the queue.
"""

MOST_AHEAD = 2_000
HORIZON_SECONDS = 0.05
FORGET_AFTER_SECONDS = 1.0
STALLED_SECONDS = 1.0


class Capacity:
    """Adapts the number of runs that a pool of workers may hold. All `now` are monotonic seconds."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        # The state at the last question.
        self._asked_at = self._progressed_at = float("-inf")
        self._submitted = self._ended = self._offered = 0
        self._busy_seconds = 0.0
        # How long the latest bodies took, on average; None: nobody knows.
        self._mean_seconds: float | None = None
        # How many had come at a moment that is at most STALLED_SECONDS ago when it is next looked at.
        self._marked, self._marked_at = 0, float("-inf")

    def free(self, *, submitted: int, ended: int, busy_seconds: float, now: float) -> int:
        """Return how many more runs to take, where so many came and ended by now, whose bodies took so long in all."""
        held = submitted - ended
        self._measure(ended=ended, busy_seconds=busy_seconds, now=now)
        # That there is more to do than there are workers for shows in what came, or in what waits.
        is_rush = held > self._workers or 0 < min(self._offered, self._workers) <= submitted - self._submitted
        self._asked_at, self._submitted = now, submitted
        self._offered = max((self._allowed() if is_rush else self._workers) - held, 0)
        return self._offered

    def _measure(self, *, ended: int, busy_seconds: float, now: float) -> None:
        if now - self._asked_at > FORGET_AFTER_SECONDS:
            self._mean_seconds, self._progressed_at = None, now
        elif ended > self._ended:
            self._mean_seconds = (busy_seconds - self._busy_seconds) / (ended - self._ended)
            self._progressed_at = now
        elif self._mean_seconds is not None:
            # The bodies that run now take at least as long as nothing has ended.
            self._mean_seconds = max(self._mean_seconds, now - self._progressed_at)
        self._ended, self._busy_seconds = ended, busy_seconds

    def _allowed(self) -> int:
        if self._mean_seconds is None:
            return self._workers
        done_in_time = self._workers * HORIZON_SECONDS / max(self._mean_seconds, 1e-6)
        return max(min(int(done_in_time), MOST_AHEAD), self._workers)

    def has_stalled(self, *, submitted: int, begun: int, now: float) -> bool:
        """Tell, at times, whether a run has not begun that came long ago."""
        if now - self._marked_at < STALLED_SECONDS:
            return False
        has_stalled = begun < self._marked
        self._marked, self._marked_at = submitted, now
        return has_stalled
