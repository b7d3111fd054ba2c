"""How long a peer is waited for, and how late its bodies began."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from benchmarks.lags import quantile

STALLED_SECONDS = 10


def wait_until_done(count: Callable[[], int], wanted: int, *, until: float) -> None:
    """Wait until so many are done, nothing has happened for a while, or a moment (seconds since the epoch) is over."""
    seen, seen_at = 0, time.time()
    while (done := count()) < wanted and time.time() < until:
        if done != seen:
            seen, seen_at = done, time.time()
        elif seen and time.time() - seen_at > STALLED_SECONDS:
            return
        time.sleep(0.02)


def lag_summary(started: Iterable[tuple[int, float]], firsts: Sequence[float], *, seconds: int) -> dict[str, Any]:
    """Compare each job's bodies with the instants at which it was due: its first, then each second."""
    moments: dict[int, list[float]] = defaultdict(list)
    for number, moment in started:
        moments[number].append(moment)
    lags = [
        moment - (firsts[number] + place)
        for number, of_job in moments.items()
        for place, moment in enumerate(sorted(of_job))
    ]
    return {"lost": len(firsts) * seconds - len(lags), "p50": quantile(lags, 0.5), "p99": quantile(lags, 0.99)}
