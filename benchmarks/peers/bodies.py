"""What the jobs of APScheduler's schedulers do: note when they began."""

import time

# The number of the job, and seconds since the epoch; appending is atomic.
STARTED: list[tuple[int, float]] = []


def note(number: int) -> None:
    """Note that this job's body began."""
    STARTED.append((number, time.time()))
