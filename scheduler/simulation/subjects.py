"""What a simulation is given: jobs as values, the span of time, and how many starts in a minute are too many."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from scheduler.triggers import Spec
from scheduler.triggers.instants import MICROSECOND
from scheduler.triggers.terms import Terms


@dataclass(frozen=True, kw_only=True)
class Durations:
    """How long a job's runs took: the median, and what 95 in 100 stay below; in seconds."""

    median: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One job as it is, or would be.

    `key` is equal where the occurrences are, whichever job has them. `left` is how often it may run yet (None: without
    end); one that `is_paused` runs not at all. `durations` are None where none are on record.
    """

    id: str
    spec: Spec
    timezone: str
    terms: Terms
    key: Hashable
    max_instances: int = 1
    overlap: str = "skip"
    left: int | None = None
    is_paused: bool = False
    durations: Durations | None = None

    @property
    def is_manual(self) -> bool:
        """Whether it is never due by itself, on purpose."""
        return bool(self.spec["trigger"] == "manual")


@dataclass(frozen=True, kw_only=True)
class Question:
    """From when on, and for how long; in which zone days and minutes are shown; what is too much for a minute."""

    start: datetime
    length: timedelta
    zone: tzinfo
    cap: int

    @property
    def end(self) -> datetime:
        """The last instant that counts."""
        return self.start + self.length - MICROSECOND
