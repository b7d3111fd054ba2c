"""Decides what becomes of the occurrences of one due job. Pure: values in, values out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.triggers import Timetable

# How many single occurrences of one job are taken in one turn; the rest is due in the next turn.
PER_TURN = 100


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One row of the ledger to be: a single occurrence, or several folded into the latest of them."""

    scheduled_for: datetime
    missed: bool = False
    count: int | None = 1
    first: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The rows to write for a due job, and when it is due next (None: never again)."""

    occurrences: tuple[Occurrence, ...]
    next_run_time: datetime | None


def plan(timetable: Timetable, due: datetime, *, now: datetime, coalesce: bool, grace_seconds: int | None) -> Plan:
    """Plan the occurrences from `due` to `now`, both inclusive.

    With `coalesce` they fold into the latest, which runs unless even that is more than `grace_seconds` late (None:
    never too late). Without, each runs on its own, and those that are too late fold into one missed row.
    """
    following = timetable.next_after(due)
    horizon = now - timedelta(seconds=grace_seconds) if grace_seconds is not None else None
    if following is None or following > now:
        only = Occurrence(scheduled_for=due, missed=_is_late(due, horizon))
        return Plan(occurrences=(only,), next_run_time=following)
    if coalesce:
        folded = _fold(timetable, due, until=now, horizon=horizon)
        return Plan(occurrences=(folded,), next_run_time=timetable.next_after(folded.scheduled_for))
    return _plan_each(timetable, due, now=now, horizon=horizon)


def _plan_each(timetable: Timetable, due: datetime, *, now: datetime, horizon: datetime | None) -> Plan:
    occurrences: list[Occurrence] = []
    next_run_time: datetime | None = due
    if horizon is not None and due < horizon:
        # One microsecond short of the horizon, because what is exactly at it is still in time.
        missed = _fold(timetable, due, until=horizon - timedelta(microseconds=1), horizon=horizon)
        occurrences.append(missed)
        next_run_time = timetable.next_after(missed.scheduled_for)
    for moment in _walk(timetable, next_run_time, now=now):
        if len(occurrences) == PER_TURN:
            return Plan(occurrences=tuple(occurrences), next_run_time=moment)
        occurrences.append(Occurrence(scheduled_for=moment))
        next_run_time = timetable.next_after(moment)
    return Plan(occurrences=tuple(occurrences), next_run_time=next_run_time)


def _walk(timetable: Timetable, moment: datetime | None, *, now: datetime) -> Iterator[datetime]:
    while moment is not None and moment <= now:
        yield moment
        moment = timetable.next_after(moment)


def _fold(timetable: Timetable, due: datetime, *, until: datetime, horizon: datetime | None) -> Occurrence:
    fold = timetable.fold(due, until)
    first = due if fold.latest != due else None
    return Occurrence(scheduled_for=fold.latest, missed=_is_late(fold.latest, horizon), count=fold.count, first=first)


def _is_late(moment: datetime, horizon: datetime | None) -> bool:
    return horizon is not None and moment < horizon
