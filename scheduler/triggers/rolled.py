"""Rolling: what falls on a day that does not count moves to the same time of the next, or the previous, that does."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from heapq import heappop, heappush

from scheduler.triggers.base import Timetable, gettext_noop
from scheduler.triggers.clock import Clock, instant_of, pieces_of
from scheduler.triggers.daylayer import DayRule
from scheduler.triggers.instants import DAY, EARLIEST, LATEST, MICROSECOND
from scheduler.triggers.timetable import Exhausted, Occurrence, Steps, Traced, horizon_of

# As many may meet on one day: those of a rule of every 15 seconds, with a weekend's.
MOST_MEETING = 20_000
# What would have to move farther than this is dropped.
FARTHEST = timedelta(days=366)


class RolledTimetable(Timetable):
    """Another timetable, with what falls on excluded days moved `forward` or back; what meets counts once.

    A day that counts has its own occurrences, and those of the excluded days right before it (after it, when rolling
    back). So a search looks at one day that counts after the other.
    """

    def __init__(self, base: Timetable, days: DayRule, zone: tzinfo, *, forward: bool) -> None:
        super().__init__()
        self._base = base
        self._days = days
        self._clock = Clock(zone)
        self._forward = forward

    def find(self, moment: datetime, steps: Steps) -> datetime | None:
        """Look at the day of `moment` if it counts, else at the next; then wherever the base has more."""
        day = self._days.first_from(self._day_at(moment + MICROSECOND))
        last = LATEST
        while day is not None:
            found = self._first_on(day, moment, steps)
            if found is not None:
                return found
            following = self._base.find(self._beginning(self._sources_of(day)[-1] + DAY) - MICROSECOND, steps)
            if following is None or following > last:
                return None
            last = horizon_of(following) if last == LATEST else last
            day = self._target_after(day, self._day_at(following))
        return None

    def trace(self, start: datetime, end: datetime, zone: tzinfo) -> Iterator[Traced]:
        """Yield all in order, what was moved with its mark; of what meets, only one stays."""
        waiting = _Meeting()
        for traced in self._base.trace(*self._reach(start, end), zone):
            day = self._day_at(traced.when)
            target = self._target(day)
            yield from waiting.leave_before(self._beginning(min(day, target or day)), start, end)
            waiting.enter(*self._roll(traced, day, target))
            if waiting.is_crowded:
                raise Exhausted
        yield from waiting.leave_before(LATEST, start, end)

    def _first_on(self, target: date, moment: datetime, steps: Steps) -> datetime | None:
        """Return the first that runs after `moment` on a day that counts: the day's own, or one that moves there."""
        first, found = None, EARLIEST
        earliest = self._clock.span_at(moment).wall(moment).time() if self._day_at(moment) == target else time.min
        for day in self._sources_of(target):
            for span, start, end in pieces_of(self._clock.zone, day):
                begin = max(start, span.instant(datetime.combine(day, earliest)))
                # The base has nothing before what it answered for an earlier day.
                if found >= end:
                    continue
                found = self._base.find(begin - MICROSECOND, steps) or LATEST
                while found < end:
                    moved = found if day == target else self._moved(span.wall(found), target)
                    if moved > moment:
                        first = moved if first is None else min(first, moved)
                        break
                    found = self._base.find(found, steps) or LATEST
        return first

    def _sources_of(self, target: date) -> list[date]:
        """Return the days whose occurrences run on a day that counts, itself among them, in order."""
        if self._forward:
            before = self._days.last_until(target - DAY)
            first = max(before + DAY if before else date.min, target - FARTHEST)
            return [first + DAY * number for number in range((target - first).days + 1)]
        after = self._days.first_from(target + DAY)
        last = min(after - DAY if after else date.max, target + FARTHEST)
        return [target + DAY * number for number in range((last - target).days + 1)]

    def _target(self, day: date) -> date | None:
        """Return the day on which the occurrences of `day` run."""
        target = self._days.first_from(day) if self._forward else self._days.last_until(day)
        return target if target and abs(target - day) <= FARTHEST else None

    def _target_after(self, day: date, source: date) -> date | None:
        """Return the next day to look at after `day`, `source` being the next on which the base has anything."""
        target = self._target(source)
        return target if target and target > day else self._days.first_from(max(source, day + DAY))

    def _reach(self, start: datetime, end: datetime) -> tuple[datetime, datetime]:
        """Return from when to when the base has what runs from `start` to `end`."""
        if self._forward:
            target = self._days.first_from(self._day_at(start))
            first = self._beginning(self._sources_of(target)[0]) if target else start
            return min(start, first), end
        target = self._days.last_until(self._day_at(end))
        last = self._beginning(self._sources_of(target)[-1] + DAY) - MICROSECOND if target else end
        return start, max(end, last)

    def _roll(self, traced: Traced, day: date, target: date | None) -> tuple[Traced, bool]:
        """Return what becomes of an occurrence of the base, and whether it moves."""
        when, occurrence = traced
        if occurrence.at is None or target == day:
            return traced, False
        reason = self._days.reason(day)
        if target is None:
            return Traced(when, occurrence.marked("calendar", reason, at=None)), False
        moved = self._moved(self._clock.span_at(when).wall(when), target)
        return Traced(moved, occurrence.marked("rolled", _RUNS_ON % {"reason": reason, "day": target}, at=moved)), True

    def _moved(self, wall: datetime, target: date) -> datetime:
        return instant_of(self._clock.zone, datetime.combine(target, wall.time()))

    def _beginning(self, day: date) -> datetime:
        return instant_of(self._clock.zone, datetime.combine(day, time.min))

    def _day_at(self, moment: datetime) -> date:
        return self._clock.span_at(moment).wall(moment).date()


class _Meeting:
    """Puts occurrences in the order in which they run: those that moved come among others, and may meet them."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, bool, datetime, int, Occurrence]] = []
        self._entered = 0
        self._taken: datetime | None = None

    def enter(self, traced: Traced, has_moved: bool) -> None:
        """Let one wait for its turn."""
        self._entered += 1
        heappush(self._waiting, (traced.when, has_moved, traced.occurrence.planned, self._entered, traced.occurrence))

    @property
    def is_crowded(self) -> bool:
        """Whether there are more than anybody should be told of."""
        return len(self._waiting) > MOST_MEETING

    def leave_before(self, until: datetime, start: datetime, end: datetime) -> Iterator[Traced]:
        """Yield those before `until`, as far as they lie from `start` to `end`."""
        while self._waiting and self._waiting[0][0] < until:
            when, _, _, _, occurrence = heappop(self._waiting)
            if occurrence.at is not None and occurrence.at == self._taken:
                occurrence = _stand_back(occurrence)
            self._taken = occurrence.at or self._taken
            if start <= when <= end:
                yield Traced(when, occurrence)


def _stand_back(occurrence: Occurrence) -> Occurrence:
    """Return what becomes of one that moved to where another runs."""
    reason = _STANDS_FOR_IT % {"reason": occurrence.marks[-1].reason}
    return Occurrence(planned=occurrence.planned, at=None, marks=occurrence.marks[:-1]).marked(
        "calendar", reason, at=None
    )


_RUNS_ON = gettext_noop("%(reason)s It runs on %(day)s.")
_STANDS_FOR_IT = gettext_noop("%(reason)s Another run at the same time stands for it.")
