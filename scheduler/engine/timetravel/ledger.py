"""What came of a travel: the rows of the ledger that the engine wrote on the way."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from json import loads
from typing import Any

from scheduler.engine.statements import as_moment, moment_of, select
from scheduler.models import Execution, Job, Status, zone_of


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """An execution's row. `local` is `scheduled_for` on the job's clock, and `folded` how many occurrences it is for.

    `folded` is None where these were too many to count. `args` and `kwargs` are what the task was called with, or
    would have been.
    """

    job_id: str
    scheduled_for: datetime
    local: datetime
    status: Status
    reason: str
    attempt: int
    origin: str
    folded: int | None
    available_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    func: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    @property
    def at(self) -> datetime:
        """When it started; of one that never did, when that was decided, or from when on it waits."""
        return self.started_at or self.finished_at or self.available_at

    @property
    def call(self) -> str:
        """The call of the task, as one would write it."""
        named = [f"{name}={value!r}" for name, value in self.kwargs.items()]
        return f"{self.func}({', '.join([*map(repr, self.args), *named])})"


@dataclass(frozen=True, kw_only=True)
class TravelLedger:
    """The rows from `start` to `end`, in the order in which things happened."""

    start: datetime
    end: datetime
    rows: tuple[LedgerRow, ...]

    def __iter__(self) -> Iterator[LedgerRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, job_id: str) -> list[LedgerRow]:
        """Return the rows of one job."""
        return [row for row in self.rows if row.job_id == job_id]

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many rows there are of each status, the most frequent first."""
        return dict(Counter(row.status for row in self.rows).most_common())


# Past the ORM, to which tens of thousands of instants would be as much work as the travel.
_COLUMNS = (
    "id", "job_id", "scheduled_for", "status", "reason", "attempt", "origin", "occurrences", "available_at",
    "started_at", "finished_at", "args", "kwargs",
)  # fmt: skip


def read_ledger(*, since: int, start: datetime, end: datetime) -> TravelLedger:
    """Return the rows whose ids are greater than `since`."""
    columns = ", ".join(moment_of(name) if name.endswith(("_for", "_at")) else name for name in _COLUMNS)
    found = select(f"SELECT {columns} FROM {Execution._meta.db_table} WHERE id > %s ORDER BY id", [since])
    jobs = {job_id: _Told.of(job) for job_id, job in Job.objects.in_bulk().items()}
    rows = [_row(columns, jobs.get(columns[1], _GONE)) for columns in found]
    # Rows of one instant stay in the order in which they were written.
    return TravelLedger(start=start, end=end, rows=tuple(sorted(rows, key=lambda row: row.at)))


@dataclass(frozen=True)
class _Told:
    """What a row has from its job."""

    zone: tzinfo = UTC
    func: str = ""
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, job: Job) -> "_Told":
        return cls(zone_of(job), job.func, tuple(job.args), job.kwargs)


_GONE = _Told()


def _row(columns: Sequence[Any], job: _Told) -> LedgerRow:
    _id, job_id, scheduled_for, status, reason, attempt, origin, folded, *moments, args, kwargs = columns
    scheduled_for = as_moment(scheduled_for)
    available_at, started_at, finished_at = map(as_moment, moments)
    return LedgerRow(
        job_id=job_id,
        scheduled_for=scheduled_for,
        local=scheduled_for.astimezone(job.zone),
        status=Status(status),
        reason=reason,
        attempt=attempt,
        origin=origin,
        folded=folded,
        available_at=available_at,
        started_at=started_at,
        finished_at=finished_at,
        func=job.func,
        args=tuple(loads(args)) if args else job.args,
        kwargs=loads(kwargs) if kwargs else job.kwargs or {},
    )
