"""Decides what becomes of the occurrences of one due job. Pure: values in, values out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from scheduler.triggers import Timetable
from scheduler.triggers.instants import MICROSECOND
from scheduler.triggers.windows import ALL, ONCE, Span, Stretch
from scheduler.words import reasons

# How many single occurrences of one job are taken in one turn; the rest is due in the next turn.
PER_TURN = 100
# Of the time that a node was away, so many stretches within maintenance windows, and between them, are seen to at once.
STRETCHES_PER_TURN = 20


class PlannedRow(NamedTuple):
    """One row of the ledger to be: a single occurrence, or several folded into the latest of them.

    In a maintenance window it is `skipped`, or waits until it is `available_at`, and `reason` says so.
    """

    scheduled_for: datetime
    missed: bool = False
    # How many occurrences it stands for; None where they are too many to be counted.
    stands_for: int | None = 1
    first: datetime | None = None
    skipped: bool = False
    available_at: datetime | None = None
    reason: str = ""


class Plan(NamedTuple):
    """The rows to write for a due job, and when it is due next (None: never again)."""

    occurrences: tuple[PlannedRow, ...]
    next_run_time: datetime | None


@dataclass(frozen=True, kw_only=True)
class Maintenance:
    """What maintenance windows mean to one job: when they are, its policy, and what the ledger knows.

    `is_waiting` tells whether a run of the job waits for the end of a span already; it is asked for no other time.
    """

    policy: str
    stretch: Callable[[datetime], Stretch]
    is_waiting: Callable[[Span], bool]


def plan(
    timetable: Timetable,
    due: datetime,
    *,
    now: datetime,
    coalesce: bool,
    grace_seconds: int | None,
    maintenance: Maintenance | None = None,
) -> Plan:
    """Plan the occurrences from `due` to `now`, both inclusive.

    With `coalesce` they fold into the latest, which runs unless even that is more than `grace_seconds` late (None:
    never too late). Without, each runs on its own, and those that are too late fold into one missed row. Those in
    maintenance windows are left out of this, and go by the job's policy for them.
    """
    horizon = now - timedelta(seconds=grace_seconds) if grace_seconds is not None else None
    if maintenance is not None and not _is_clear(maintenance.stretch(due), until=now):
        return _plan_by_stretches(timetable, due, now=now, coalesce=coalesce, horizon=horizon, maintenance=maintenance)
    return _plan_clear(timetable, due, until=now, coalesce=coalesce, horizon=horizon)


def _is_clear(stretch: Stretch, *, until: datetime) -> bool:
    return stretch.span is None and stretch.end > until


def _plan_clear(
    timetable: Timetable, due: datetime, *, until: datetime, coalesce: bool, horizon: datetime | None
) -> Plan:
    """Plan the occurrences up to `until`, none of which is in a maintenance window."""
    following = timetable.next_after(due)
    if following is None or following > until:
        only = PlannedRow(scheduled_for=due, missed=_is_late(due, horizon))
        return Plan(occurrences=(only,), next_run_time=following)
    if coalesce:
        folded = _fold(timetable, due, until=until, horizon=horizon)
        return Plan(occurrences=(folded,), next_run_time=timetable.next_after(folded.scheduled_for))
    return _plan_each(timetable, due, until=until, horizon=horizon)


def _plan_each(timetable: Timetable, due: datetime, *, until: datetime, horizon: datetime | None) -> Plan:
    occurrences: list[PlannedRow] = []
    next_run_time: datetime | None = due
    if horizon is not None and due < horizon:
        # One microsecond short of the horizon, because what is exactly at it is still in time.
        missed = _fold(timetable, due, until=min(until, horizon - MICROSECOND), horizon=horizon)
        occurrences.append(missed)
        next_run_time = timetable.next_after(missed.scheduled_for)
    for moment in _walk(timetable, next_run_time, until=until):
        if len(occurrences) == PER_TURN:
            return Plan(occurrences=tuple(occurrences), next_run_time=moment)
        occurrences.append(PlannedRow(scheduled_for=moment))
        next_run_time = timetable.next_after(moment)
    return Plan(occurrences=tuple(occurrences), next_run_time=next_run_time)


def _walk(timetable: Timetable, moment: datetime | None, *, until: datetime) -> Iterator[datetime]:
    while moment is not None and moment <= until:
        yield moment
        moment = timetable.next_after(moment)


def _plan_by_stretches(
    timetable: Timetable,
    due: datetime,
    *,
    now: datetime,
    coalesce: bool,
    horizon: datetime | None,
    maintenance: Maintenance,
) -> Plan:
    """Plan stretch by stretch, each within windows or between them; what folds, folds over all that are between."""
    within: list[PlannedRow] = []
    between: list[PlannedRow] = []
    moment: datetime | None = due
    stretches = 0
    while moment is not None and moment <= now and len(within) + len(between) < PER_TURN:
        stretch = maintenance.stretch(moment)
        if stretch.span is None and stretches >= STRETCHES_PER_TURN:
            break
        stretches += 1
        until = min(stretch.end - MICROSECOND, now)
        if stretch.span is None:
            part = _plan_clear(timetable, moment, until=until, coalesce=coalesce, horizon=horizon)
            between += part.occurrences
        else:
            part = _plan_within(timetable, moment, stretch.span, until=until, horizon=horizon, maintenance=maintenance)
            within += part.occurrences
        moment = part.next_run_time
    if coalesce:
        between = _folded(between)
        if moment is not None and moment <= now and maintenance.stretch(moment).span is None:
            # What is due at that moment comes with the next turn, and stands for these, one part of a long time away.
            between = [row if row.missed else row._replace(skipped=True, reason=reasons.FOLDED) for row in between]
    rows = [*within, *between]
    return Plan(occurrences=tuple(sorted(rows, key=lambda row: row.scheduled_for)), next_run_time=moment)


def _plan_within(
    timetable: Timetable,
    due: datetime,
    span: Span,
    *,
    until: datetime,
    horizon: datetime | None,
    maintenance: Maintenance,
) -> Plan:
    """Plan the occurrences up to `until`, all of which are in one span of maintenance windows."""
    if maintenance.policy == ALL and not _is_late(span.end, horizon):
        return _postpone_each(timetable, due, span, until=until)
    rows: list[PlannedRow] = []
    rest: datetime | None = due
    if maintenance.policy == ONCE and not maintenance.is_waiting(span):
        rows.append(PlannedRow(scheduled_for=due, available_at=span.end, reason=span.postponed))
        rest = timetable.next_after(due)
    if rest is not None and rest <= until:
        row = _fold(timetable, rest, until=until, horizon=None)
        rows.append(_left_out(row, span, policy=maintenance.policy))
        rest = timetable.next_after(row.scheduled_for)
    return Plan(occurrences=tuple(rows), next_run_time=rest)


def _left_out(row: PlannedRow, span: Span, *, policy: str) -> PlannedRow:
    """Return the row of what does not run; even what would have run after the window may be too late by now."""
    if policy == ALL:
        return row._replace(missed=True)
    return row._replace(skipped=True, reason=span.left_out if policy == ONCE else span.skipped)


def _postpone_each(timetable: Timetable, due: datetime, span: Span, *, until: datetime) -> Plan:
    occurrences: list[PlannedRow] = []
    next_run_time: datetime | None = due
    for moment in _walk(timetable, due, until=until):
        if len(occurrences) == PER_TURN:
            return Plan(occurrences=tuple(occurrences), next_run_time=moment)
        occurrences.append(PlannedRow(scheduled_for=moment, available_at=span.end, reason=span.postponed))
        next_run_time = timetable.next_after(moment)
    return Plan(occurrences=tuple(occurrences), next_run_time=next_run_time)


def _folded(rows: Sequence[PlannedRow]) -> list[PlannedRow]:
    """Fold rows into the latest, which stands for all of them."""
    if len(rows) < 2:
        return list(rows)
    counts = [row.stands_for for row in rows]
    count = None if None in counts else sum(filter(None, counts))
    return [rows[-1]._replace(stands_for=count, first=rows[0].first or rows[0].scheduled_for)]


def _fold(timetable: Timetable, due: datetime, *, until: datetime, horizon: datetime | None) -> PlannedRow:
    fold = timetable.fold(due, until)
    first = due if fold.latest != due else None
    return PlannedRow(
        scheduled_for=fold.latest, missed=_is_late(fold.latest, horizon), stands_for=fold.count, first=first
    )


def _is_late(moment: datetime, horizon: datetime | None) -> bool:
    return horizon is not None and moment < horizon
