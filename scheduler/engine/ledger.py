"""What one claim will write: decided here in memory, row by row, and written by the store in one go."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from scheduler.engine.definitions import CompiledJob, Run
from scheduler.engine.planning import Maintenance, PlannedRow, plan
from scheduler.models import ACTIVE, Origin, Overlap, Status, new_ids
from scheduler.triggers import NEVER
from scheduler.triggers.windows import Span, Windows
from scheduler.words import reasons

# What a claim says of each row; the rest follows from it.
EXECUTION_COLUMNS: Mapping[str, type] = {
    "id": int, "job_id": str, "scheduled_for": datetime, "status": str, "reason": str, "revision": int, "priority": int,
    "node_id": int, "occurrences": int, "first_scheduled_for": datetime, "finished_at": datetime,
}  # fmt: skip
EXECUTION_EXPRESSIONS: Mapping[str, str] = {
    "attempt": "1", "origin": f"'{Origin.SCHEDULE.value}'", "available_at": "v.scheduled_for", "created_at": "%s",
}  # fmt: skip
# The row of a run that waits for the end of a maintenance window also says from when on it may start.
POSTPONED_COLUMNS: Mapping[str, type] = {**EXECUTION_COLUMNS, "available_at": datetime}
POSTPONED_EXPRESSIONS: Mapping[str, str] = {
    name: expression for name, expression in EXECUTION_EXPRESSIONS.items() if name != "available_at"
}
IDS_AT_ONCE = 100


class Room:
    """How many more runs each executor can take at this moment; counts down as they are given out."""

    def __init__(self, free: Mapping[str, int]) -> None:
        self._free = dict(free)
        self._had_places = {alias for alias, places in free.items() if places > 0}

    def take(self, alias: str) -> bool:
        """Take a place in this executor, if it has one."""
        free = self._free.get(alias, 0)
        self._free[alias] = free - 1
        return free > 0

    def is_used_up(self, alias: str) -> bool:
        """Tell whether this executor had places, and has none left."""
        return alias in self._had_places and self._free[alias] <= 0

    def copy(self) -> "Room":
        """Return the same room, for a try that may fail."""
        return Room(self._free)

    @property
    def total(self) -> int:
        """All free places."""
        return sum(max(free, 0) for free in self._free.values())

    @property
    def full(self) -> list[str]:
        """The executors without a free place."""
        return [alias for alias, free in self._free.items() if free <= 0]


def _endless_ids() -> Iterator[int]:
    """Yield ids; to make them singly would take as long as all the rest of an occurrence."""
    while True:
        yield from new_ids(IDS_AT_ONCE)


@dataclass(kw_only=True)
class Ledger:
    """The rows, the moved schedules, and what the claim found out about the jobs.

    `active` counts the runs of each job that are queued or running, and `backfills` those that run among them;
    `existing` are occurrences that have a row; `replacing` names, by job, the queued run that is to replace those
    before it. `is_waiting` tells whether a run of a job waits for the end of a span of maintenance windows.
    """

    node_id: int
    now: datetime
    room: Room
    active: dict[str, int]
    backfills: Mapping[str, int]
    existing: AbstractSet[tuple[str, datetime]]
    windows: Windows = field(default_factory=Windows)
    is_waiting: Callable[[str, Span], bool] = lambda job_id, span: False
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    postponed: list[tuple[Any, ...]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    moves: list[tuple[str, datetime | None]] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    run_counts: dict[str, int] = field(default_factory=dict)
    replacing: dict[str, int] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=_endless_ids)

    def enter(self, job: CompiledJob, due: datetime) -> None:
        """Enter all of a job's occurrences from `due` to now, and move its schedule on.

        The occurrence of a broken one-shot job is held, without a row, until the job is mended, which schedules it
        afresh: it is not to be lost because its task is missing for the length of a deploy.
        """
        row = job.row
        planned = plan(
            job.timetable,
            due,
            now=self.now,
            coalesce=row.coalesce,
            grace_seconds=row.misfire_grace_time,
            maintenance=self._maintenance_of(job) if self.windows else None,
        )
        if job.problem != row.problem:
            self.problems[row.id] = job.problem
        if job.problem and planned.next_run_time is None and job.timetable.first(self.now) is not None:
            self.moves.append((row.id, None))
            return
        is_used_up = self._enter_occurrences(job, planned.occurrences)
        next_run_time = None if is_used_up else planned.next_run_time
        self.moves.append((row.id, next_run_time))
        if next_run_time is None and job.timetable is not NEVER:
            self.finished.append(row.id)

    def _maintenance_of(self, job: CompiledJob) -> Maintenance:
        return Maintenance(
            policy=job.row.maintenance,
            stretch=partial(self.windows.stretch, tags=job.tags),
            is_waiting=partial(self.is_waiting, job.row.id),
        )

    def _enter_occurrences(self, job: CompiledJob, occurrences: Iterable[PlannedRow]) -> bool:
        """Enter them one by one; True when the job has run as often as it may, and what is left is not due any more."""
        for occurrence in occurrences:
            if self._is_used_up(job):
                break
            if (job.row.id, occurrence.scheduled_for) not in self.existing:
                self._enter_occurrence(job, occurrence)
        return self._is_used_up(job)

    def _is_used_up(self, job: CompiledJob) -> bool:
        row = job.row
        return row.max_runs is not None and self.run_counts.get(row.id, row.run_count) >= row.max_runs

    def _enter_occurrence(self, job: CompiledJob, occurrence: PlannedRow) -> None:
        row, execution_id = job.row, next(self._ids)
        status, reason = self._decide(job, occurrence, execution_id)
        is_active, is_running = status in ACTIVE, status is Status.RUNNING
        available_at = occurrence.available_at if is_active else None
        if is_active:
            # What waits for the end of a maintenance window keeps no other from running meanwhile.
            if available_at is None or available_at <= self.now:
                self.active[row.id] = self.active.get(row.id, 0) + 1
            if row.max_runs is not None:
                self.run_counts[row.id] = self.run_counts.get(row.id, row.run_count) + 1
        if is_running:
            self.runs.append(job.run(execution_id, occurrence.scheduled_for, self.node_id))
        columns = (
            execution_id, row.id, occurrence.scheduled_for, status.value, reason, row.revision, row.priority,
            self.node_id if is_running else None, occurrence.stands_for, occurrence.first,
            None if is_active else self.now,
        )  # fmt: skip
        if available_at is None:
            self.rows.append(columns)
        else:
            self.postponed.append((*columns, available_at))

    def _decide(self, job: CompiledJob, occurrence: PlannedRow, execution_id: int) -> tuple[Status, str]:
        """Decide what becomes of one occurrence, and why if it does not run."""
        if occurrence.missed:
            return Status.MISSED, late_reason(self.now, occurrence.scheduled_for, job.row.misfire_grace_time)
        if occurrence.skipped:
            return Status.SKIPPED, occurrence.reason
        if job.problem:
            return Status.SKIPPED, job.problem
        if occurrence.available_at is not None:
            return Status.QUEUED, occurrence.reason
        if self.active.get(job.row.id, 0) >= job.row.max_instances:
            return self._decide_overlap(job, execution_id)
        return (Status.RUNNING if self.room.take(job.row.executor) else Status.QUEUED), ""

    def _decide_overlap(self, job: CompiledJob, execution_id: int) -> tuple[Status, str]:
        """Decide what becomes of an occurrence while as many runs as the job allows are queued or running."""
        without_backfills = self.active[job.row.id] - self.backfills.get(job.row.id, 0)
        if without_backfills < job.row.max_instances:
            # What somebody runs once more delays the schedule, but takes nothing from it.
            return Status.QUEUED, ""
        if job.row.overlap == Overlap.SKIP:
            return Status.SKIPPED, reasons.TOO_MANY % {"most": job.row.max_instances}
        if job.row.overlap == Overlap.REPLACE:
            self.replacing[job.row.id] = execution_id
        return Status.QUEUED, ""


def late_reason(now: datetime, moment: datetime, grace_seconds: int | None) -> str:
    """Say why a run that could start only now does not."""
    late = (now - moment).total_seconds()
    return reasons.LATE % {"late": f"{late:.0f}", "grace": grace_seconds}
