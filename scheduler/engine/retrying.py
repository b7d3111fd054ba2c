"""Decides whether and when a failed run is tried again. Pure: values in, values out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """A job's wishes. Delays and the budget are in seconds; `on` names exceptions, none of them meaning all."""

    retries: int
    delay: int
    max_delay: int
    budget: int | None = None
    on: tuple[str, ...] = ()

    def next_try(
        self, *, retried: int, error_types: Collection[str], first_tried_at: datetime, failed_at: datetime, seed: str
    ) -> datetime | None:
        """Return when to try again, after `retried` retries; None for never.

        The n-th retry waits 2^(n-1) times the delay, at most the ceiling, of which a half at random, drawn from
        `seed`: what failed together is not to come back together.
        """
        if retried >= self.retries or (self.on and not set(self.on) & set(error_types)):
            return None
        # Beyond 2^40 times anything the ceiling holds in any case.
        delay = min(self.delay * 2 ** min(retried, 40), self.max_delay)
        moment = failed_at + timedelta(seconds=delay * (0.5 + 0.5 * _fraction(f"{seed} {retried}")))
        if self.budget is not None and moment > first_tried_at + timedelta(seconds=self.budget):
            return None
        return moment


def names_of_error(error: BaseException) -> tuple[str, ...]:
    """Return the names by which a policy may mean this error: its class's and all its bases', short and full."""
    classes = [each for each in type(error).__mro__ if issubclass(each, BaseException)]
    return tuple(name for each in classes for name in (each.__name__, f"{each.__module__}.{each.__qualname__}"))


def _fraction(seed: str) -> float:
    """Return a number from 0 to 1 that looks random, and is the same for the same seed."""
    return int.from_bytes(blake2b(seed.encode(), digest_size=7).digest()) / 2**56
