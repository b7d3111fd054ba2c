"""Holds the triggers of an import against the source's own rules, in bounded time."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.exchange import Comparison, compare
from scheduler.exchange.comparing import MOST_COMPARED
from scheduler.services.import_plans import Change, Plan
from scheduler.timetables import read_timetable
from scheduler.triggers import Timetable

# Seconds for one job, and for all of an import.
LONGEST_EACH, LONGEST = 2.0, 20.0


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What came of comparing a job with its source, None where no time was left for it; and the source's rule."""

    change: Change
    comparison: Comparison | None


def compare_plan(
    plan: Plan, *, longest: float = LONGEST, clock: Callable[[], float] = time.monotonic
) -> Mapping[str, Compared]:
    """Return, by job, how many occurrences from the plan's moment on are equal, and where they first differ."""
    end = clock() + longest
    return {
        change.key: Compared(change=change, comparison=_compare(change, plan.now, end=end, clock=clock))
        for change in plan.changes
        if change.rule is not None
    }


def _compare(change: Change, now: datetime, *, end: float, clock: Callable[[], float]) -> Comparison | None:
    if change.rule is None or clock() > end:
        return None
    until = min(clock() + LONGEST_EACH, end)
    timetable = read_timetable(dict(change.trigger), change.timezone, seed=change.key)
    return compare(
        change.rule.occurrences(now),
        _occurrences(timetable, now),
        zone=ZoneInfo(change.timezone),
        is_over=lambda: clock() > until,
        most=min(MOST_COMPARED, change.max_runs or MOST_COMPARED),
    )


def _occurrences(timetable: Timetable, now: datetime) -> Iterator[datetime]:
    moment = timetable.first(now)
    while moment is not None:
        yield moment
        moment = timetable.next_after(moment)
