"""What a change does to a job's runs: which are added, which are gone, which are moved."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from scheduler.simulation.zones import ShownIn


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of one job's runs, by their stamps; `moved` are pairs of before and after."""

    job_id: str
    is_new: bool
    is_deleted: bool
    kept: int
    added: Sequence[int]
    removed: Sequence[int]
    moved: Sequence[tuple[int, int]]


def compare(job_id: str, before: Sequence[int] | None, after: Sequence[int] | None, *, shown: ShownIn) -> Change:
    """Compare a job's stamps; None is where there is no such job.

    What a day, on the job's wall clock, loses and gains counts as moved: each of the fewer to the nearest of the more,
    so that none overtakes another.
    """
    old, new = set(before or ()), set(after or ())
    removed, added, moved = sorted(old - new), sorted(new - old), []
    if removed and added:
        gains = {day: list(stamps) for day, stamps in groupby(added, shown.day_of)}
        moved = [pair for day, losses in _by_day(removed, shown) for pair in _pair(losses, gains.get(day, []))]
    gone, come = {before for before, _ in moved}, {after for _, after in moved}
    return Change(
        job_id=job_id,
        is_new=before is None,
        is_deleted=after is None,
        kept=len(old & new),
        added=[stamp for stamp in added if stamp not in come],
        removed=[stamp for stamp in removed if stamp not in gone],
        moved=moved,
    )


def _by_day(stamps: Sequence[int], shown: ShownIn) -> Iterator[tuple[date, list[int]]]:
    for day, of_day in groupby(stamps, shown.day_of):
        yield day, list(of_day)


def _pair(losses: list[int], gains: list[int]) -> list[tuple[int, int]]:
    if len(losses) <= len(gains):
        return list(zip(losses, _nearest(losses, gains), strict=True))
    return list(zip(_nearest(gains, losses), gains, strict=True))


def _nearest(few: list[int], many: list[int]) -> Iterator[int]:
    """Yield for each of the few the nearest of the many that leaves enough for those that follow."""
    first = 0
    for number, stamp in enumerate(few):
        last = len(many) - (len(few) - number)
        position = min(max(bisect_left(many, stamp), first), last)
        if position > first and stamp - many[position - 1] <= abs(many[position] - stamp):
            position -= 1
        yield many[position]
        first = position + 1
