"""What the moments at which bodies started come to."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any


def spread(number: int, count: int) -> timedelta:
    """When, within a second, the first run of one of `count` jobs is due."""
    return timedelta(seconds=number / count)


def summary(lags: Sequence[float], *, seconds: float) -> dict[str, Any]:
    """Fires, fires/s, and how late the bodies started, in seconds."""
    return {
        "fires": len(lags),
        "rate": len(lags) / seconds if seconds > 0 else 0.0,
        "p50": quantile(lags, 0.5),
        "p99": quantile(lags, 0.99),
    }


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
