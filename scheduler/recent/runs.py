"""The latest runs of a job, how long they took, how late they were, and how many of them succeeded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from math import ceil

from scheduler.models import ACTIVE, FAILURES, Execution, Origin, Status

# More would tell little more, and cost a job of long standing more than one that is new. An index by which the latest
# of a status could be found among all of them would be paid for by every claim.
LATEST = 200
_COLUMNS = (
    "job_id", "scheduled_for", "attempt", "status", "reason", "origin", "revision", "node_id", "available_at",
    "started_at", "finished_at",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Percentiles:
    """The middle of some lengths of time, and what 19 of 20 do not exceed; by the nearest rank."""

    count: int
    p50: timedelta
    p95: timedelta
    longest: timedelta


@dataclass(frozen=True)
class RecentRuns:
    """The latest executions of a job, by the instants for which they were scheduled, newest first; LATEST at most."""

    executions: Sequence[Execution]

    @property
    def is_active(self) -> bool:
        """Whether any of them is queued or running."""
        return any(each.status in ACTIVE for each in self.executions)

    @property
    def is_cut(self) -> bool:
        """Whether there may be older ones, which nobody has looked at."""
        return len(self.executions) >= LATEST

    @property
    def ran(self) -> int:
        """How many have run to some end, good or bad; what was skipped, missed or cancelled has not."""
        return sum(each.status == Status.SUCCEEDED or each.status in FAILURES for each in self.executions)

    @property
    def succeeded(self) -> int:
        """How many of those have succeeded."""
        return sum(each.status == Status.SUCCEEDED for each in self.executions)

    @property
    def success_rate(self) -> float | None:
        """The share of those that have succeeded; None where none has run."""
        return self.succeeded / self.ran if self.ran else None

    @cached_property
    def durations(self) -> Percentiles | None:
        """How long those took that have begun and ended; None where none has."""
        return _percentiles(each.duration for each in self.executions)

    @cached_property
    def lateness(self) -> Percentiles | None:
        """How long after its instant each scheduled run began, or after the end of the window that it waited for."""
        return _percentiles(
            each.started_at - max(each.scheduled_for, each.available_at)
            for each in self.executions
            if each.started_at is not None and each.origin == Origin.SCHEDULE
        )

    @property
    def last_success(self) -> Execution | None:
        """The latest that has succeeded."""
        return next((each for each in self.executions if each.status == Status.SUCCEEDED), None)

    @property
    def last_failure(self) -> Execution | None:
        """The latest that has failed, in whichever way."""
        return next((each for each in self.executions if each.status in FAILURES), None)


def read_recent(job_id: str) -> RecentRuns:
    """Read the latest executions of a job, which may be gone. One statement, by the index execution_once."""
    latest = Execution.objects.filter(job_id=job_id).order_by("-scheduled_for", "-attempt")
    return RecentRuns(list(latest.only(*_COLUMNS)[:LATEST]))


def _percentiles(lengths: Iterable[timedelta | None]) -> Percentiles | None:
    # A clock that was set back between start and end makes no run shorter than nothing.
    ordered = sorted(max(each, timedelta()) for each in lengths if each is not None)
    if not ordered:
        return None
    return Percentiles(
        count=len(ordered), p50=_nearest_rank(ordered, 0.5), p95=_nearest_rank(ordered, 0.95), longest=ordered[-1]
    )


def _nearest_rank(ordered: Sequence[timedelta], share: float) -> timedelta:
    return ordered[max(ceil(share * len(ordered)) - 1, 0)]
