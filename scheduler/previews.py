"""Previews: the next runs of one job, and what the clock, a calendar or a window drops between them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from scheduler.triggers import LATEST, Occurrence
from scheduler.triggers.instants import MICROSECOND
from scheduler.triggers.terms import Terms, trace_of
from scheduler.triggers.timetable import Traced

# What is dropped in a row for one reason is shown one by one up to so many, and else as one line.
MOST_SINGLY = 3
# After so many that are dropped in a row, the search leaps to where something may come about again.
MOST_IN_A_ROW = 1_000
# How much is looked at in all; the next page goes on from there.
MOST_LOOKED_AT = 10_000
# What may still be moved needs some time to move to.
_END = LATEST - timedelta(days=800)


@dataclass(frozen=True, kw_only=True)
class Line:
    """An occurrence; or several that are dropped, of which it is the first: how many, and the last of them.

    `count` and `last` are None where there are too many to look at: they go on up to the next line.
    """

    occurrence: Occurrence
    count: int | None = 1
    last: Occurrence | None = None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The lines, in order, and from when on the next page begins; None where nothing comes any more."""

    lines: tuple[Line, ...]
    next_start: datetime | None


@dataclass
class _Page:
    """Lines as they come; `_run` are those dropped in a row for one reason that have no line yet."""

    lines: list[Line] = field(default_factory=list)
    found: int = 0
    _run: list[Occurrence] = field(default_factory=list)

    def add(self, occurrence: Occurrence) -> None:
        """Add one."""
        if occurrence.at is not None:
            self.close()
            self.lines.append(Line(occurrence=occurrence))
            self.found += 1
            return
        if self._run and self._run[-1].marks[-1].code != occurrence.marks[-1].code:
            self.close()
        self._run.append(occurrence)

    def leap(self) -> None:
        """Take it that those dropped in a row go on."""
        self.lines.append(Line(occurrence=self._run[0], count=None))
        self._run.clear()

    def close(self) -> None:
        """Give those dropped in a row their lines."""
        if len(self._run) <= MOST_SINGLY:
            self.lines += [Line(occurrence=each) for each in self._run]
        else:
            self.lines.append(Line(occurrence=self._run[0], count=len(self._run), last=self._run[-1]))
        self._run.clear()


def preview(terms: Terms, *, start: datetime, count: int, left: int | None = None) -> Preview:
    """Return the first `count` occurrences from `start` on that come about, and all that are dropped between them.

    There are fewer where there are no more, where too many are dropped, and where the job may run only so often as is
    `left` to it.
    """
    page, last = _Page(), None
    most = count if left is None else min(count, left)
    for looked, traced in enumerate(_leaping(terms, start) if most > 0 else (), 1):
        if traced is None:
            page.leap()
        else:
            page.add(traced.occurrence)
            last = traced.when
        if page.found == most or looked == MOST_LOOKED_AT:
            break
    else:
        last = None
    page.close()
    goes_on = last is not None and page.found != left and terms.first_after_dropped(last) is not None
    return Preview(lines=tuple(page.lines), next_start=last + MICROSECOND if last is not None and goes_on else None)


def count_runs(terms: Terms, start: datetime, end: datetime, *, most: int) -> int:
    """Return how many occurrences from `start` on and before `end` come about, and no more than `most`."""
    runs = (each for each in trace_of(terms, start, end - MICROSECOND) if each.occurrence.at is not None)
    return sum(1 for _each in islice(runs, most))


def _leaping(terms: Terms, start: datetime) -> Iterator[Traced | None]:
    """Yield all from `start` on, and None where so many are dropped in a row that the rest of them is left out."""
    resume: datetime | None = start
    while resume is not None and resume <= _END:
        dropped, when = 0, None
        for traced in trace_of(terms, resume, _END):
            yield traced
            when = traced.when
            dropped = dropped + 1 if traced.occurrence.at is None else 0
            if dropped == MOST_IN_A_ROW:
                break
        if dropped < MOST_IN_A_ROW or when is None:
            return
        yield None
        resume = terms.first_after_dropped(when)
