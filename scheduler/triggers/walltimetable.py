"""Clock changes: when a rule of the wall clock is due in a zone whose clocks go forward and back.

Where the clocks go forward, some times on the wall do not exist (a gap); where they go back, some come twice (an
overlap). Policies say what becomes of the occurrences there. Everywhere else a time on the wall is an instant, and
finding the next one takes little more than asking the rule.
"""

from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from heapq import merge
from itertools import islice

from scheduler.triggers.base import gettext_noop
from scheduler.triggers.clock import Change, span_at
from scheduler.triggers.clockpolicies import Policies, Stretch
from scheduler.triggers.instants import DAY, EARLIEST, LATEST, MICROSECOND
from scheduler.triggers.timetable import Crowded, Occurrence, Steps, Timetable, Traced
from scheduler.triggers.wall import WallRule
from scheduler.triggers.wallstamps import stamps_of_walls


class WallTimetable(Timetable):
    """The occurrences of a rule of the wall clock, in a zone."""

    def __init__(self, rule: WallRule, zone: tzinfo, policies: Policies) -> None:
        super().__init__()
        self._rule = rule
        self._zone = zone
        self._policies = policies
        self._stretch = self._stretch_at(datetime(2000, 1, 1, tzinfo=UTC))

    def find(self, moment: datetime, steps: Steps) -> datetime | None:
        """Return the next time on the wall as an instant; next to a change, look more closely."""
        steps.take()
        stretch = self._stretch
        if stretch.settled <= moment < stretch.span.end:
            wall = self._rule.next_wall((moment + stretch.offset).replace(tzinfo=None))
            if wall is not None and wall < stretch.upper:
                return wall.replace(tzinfo=UTC) - stretch.offset
        return self._find_closely(max(moment + MICROSECOND, EARLIEST))

    def stamps(self, start: datetime, end: datetime, *, most: int) -> Sequence[int]:
        """Return them day by day; next to a change, one by one."""
        found, moment = array("q"), start
        while moment <= end:
            stretch = self._stretch_at(moment)
            until = min(end, stretch.span.end - MICROSECOND)
            if moment < stretch.settled:
                until = min(until, stretch.settled - MICROSECOND)
                found.extend(super().stamps(moment, until, most=most))
            else:
                walls = stretch.span.wall(moment), min(stretch.span.wall(until), stretch.upper - MICROSECOND)
                stamps = stamps_of_walls(self._rule, *walls, offset=stretch.offset)
                found.extend(islice(stamps, most + 1 - len(found)))
            if len(found) > most:
                raise Crowded
            moment = until + MICROSECOND
        return found

    def trace(self, start: datetime, end: datetime, zone: tzinfo) -> Iterator[Traced]:
        """Yield what the rule names, span by span, with what a change at its beginning has swallowed."""
        since = self._resume(start)
        while since is not None and since <= end:
            stretch = self._stretch_at(since)
            until = min(end, stretch.span.end - MICROSECOND)
            yield from merge(
                self._trace_swallowed(stretch, since, until), self._trace_shown(stretch, since, until), key=_when
            )
            since = self._resume(stretch.span.end)

    def _find_closely(self, since: datetime) -> datetime | None:
        """Return the first occurrence at or after `since`, walking from span to span."""
        while since <= LATEST:
            stretch = self._stretch = self._stretch_at(since)
            candidates = (self._swallowed(stretch, since), self._shown(stretch, since))
            found = min((moment for moment in candidates if moment is not None), default=None)
            if found is not None:
                return found
            following = self._resume(stretch.span.end)
            if following is None:
                return None
            since = following
        return None

    def _resume(self, since: datetime) -> datetime | None:
        """Return an instant not before `since` with nothing between; None when the rule names no time any more.

        Wherever a time on the wall has its place, it is within a day of the same time in UTC.
        """
        if since > LATEST:
            return None
        wall = self._rule.next_wall(since.replace(tzinfo=None) - DAY)
        return wall and max(since, wall.replace(tzinfo=UTC) - DAY)

    def _shown(self, stretch: Stretch, since: datetime) -> datetime | None:
        """Return the first occurrence of the stretch at or after `since` whose time the clock shows."""
        wall = self._rule.next_wall(max(stretch.span.wall(since), stretch.lower) - MICROSECOND)
        return stretch.span.instant(wall) if wall is not None and wall < stretch.upper else None

    def _swallowed(self, stretch: Stretch, since: datetime) -> datetime | None:
        """Return the first instant at or after `since` at which something runs that the gap before has swallowed."""
        gap = stretch.gap
        if gap is None or since >= stretch.settled:
            return None
        if self._policies.gap == "at_shift":
            return gap.at if since <= gap.at and self._first_in(gap) else None
        wall = self._rule.next_wall((since + gap.before).replace(tzinfo=None) - MICROSECOND)
        return wall.replace(tzinfo=UTC) - gap.before if wall is not None and wall < gap.new_wall else None

    def _first_in(self, gap: Change) -> datetime | None:
        wall = self._rule.next_wall(gap.old_wall - MICROSECOND)
        return wall if wall is not None and wall < gap.new_wall else None

    def _stretch_at(self, moment: datetime) -> Stretch:
        return Stretch.of(span_at(self._zone, moment), self._policies)

    def _trace_shown(self, stretch: Stretch, since: datetime, until: datetime) -> Iterator[Traced]:
        """Yield all whose time the clock shows in a span, also those that the policy for overlaps drops."""
        span = stretch.span
        for wall in _walk(self._rule, span.wall(since), span.wall(until)):
            at = span.instant(wall)
            shown = Occurrence(planned=wall, at=at)
            if not stretch.lower <= wall < stretch.upper:
                shown = shown.marked("dropped", _COMES_TWICE[self._policies.overlap] % _clock(wall), at=None)
            elif span.last and not span.last.is_gap and wall < span.last.old_wall and self._policies.overlap == "both":
                shown = shown.marked(
                    "repeated", gettext_noop("The clocks go back, and %s comes a second time.") % _clock(wall), at=at
                )
            yield Traced(at, shown)

    def _trace_swallowed(self, stretch: Stretch, since: datetime, until: datetime) -> Iterator[Traced]:
        """Yield what the gap before a span has swallowed, each with what becomes of it."""
        gap = stretch.span.last
        if gap is None or not gap.is_gap or since >= stretch.settled:
            return
        for wall in _walk(self._rule, gap.old_wall, gap.new_wall - MICROSECOND):
            when, occurrence = self._place(wall, gap)
            if since <= when <= until:
                yield Traced(when, occurrence)

    def _place(self, wall: datetime, gap: Change) -> tuple[datetime, Occurrence]:
        """Return what becomes of a time in the gap, and the instant that it is sorted by."""
        swallowed, skipped = Occurrence(planned=wall, at=None), {"planned": _clock(wall)} | _ends(gap)
        if self._policies.gap == "skip":
            return gap.at, swallowed.marked("dropped", _SKIPPED % skipped, at=None)
        at = gap.at if self._policies.gap == "at_shift" else wall.replace(tzinfo=UTC) - gap.before
        moved = skipped | {"moved": _clock((at + gap.after).replace(tzinfo=None))}
        if self._stands_for_another(wall, at, gap):
            return at, swallowed.marked("dropped", _STANDS_FOR_IT % moved, at=None)
        return at, swallowed.marked("moved", _MOVED % moved, at=at)

    def _stands_for_another(self, wall: datetime, at: datetime, gap: Change) -> bool:
        """Tell whether what runs at `at` is another occurrence: the rule's own, or the first that the gap swallowed."""
        shown = (at + gap.after).replace(tzinfo=None)
        is_named = self._rule.next_wall(shown - MICROSECOND) == shown
        return is_named or (self._policies.gap == "at_shift" and self._first_in(gap) != wall)


_SKIPPED = gettext_noop("The clocks go forward from %(from)s to %(to)s, and skip %(planned)s.")
_MOVED = gettext_noop("The clocks go forward from %(from)s to %(to)s, and skip %(planned)s; it runs at %(moved)s.")
_STANDS_FOR_IT = gettext_noop(
    "The clocks go forward from %(from)s to %(to)s, and skip %(planned)s; the run at %(moved)s stands for it."
)
_COMES_TWICE = {
    "first": gettext_noop("The clocks go back, and %s comes twice; only the first counts."),
    "second": gettext_noop("The clocks go back, and %s comes twice; only the second counts."),
}


def _walk(rule: WallRule, first: datetime, last: datetime) -> Iterator[datetime]:
    wall = rule.next_wall(first - MICROSECOND)
    while wall is not None and wall <= last:
        yield wall
        wall = rule.next_wall(wall)


def _clock(wall: datetime) -> str:
    return wall.strftime("%H:%M:%S" if wall.second else "%H:%M")


def _ends(gap: Change) -> dict[str, str]:
    """Name the clock before and after; with the day, where a whole day is missing."""
    pattern = "%Y-%m-%d %H:%M" if gap.old_wall.time() == gap.new_wall.time() else "%H:%M"
    return {"from": gap.old_wall.strftime(pattern), "to": gap.new_wall.strftime(pattern)}


def _when(traced: Traced) -> datetime:
    return traced.when
