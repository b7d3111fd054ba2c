"""Maintenance windows: when jobs are not started, and what becomes of the occurrences that fall into one.

A window begins whenever its timetable says so, and lasts a fixed while: its first instant belongs to it, its end does
not. Windows that overlap or touch are one span. Pure, like all of this package.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from scheduler.triggers.instants import EARLIEST, LATEST, MICROSECOND, utc
from scheduler.triggers.sentences import Sentence, gettext_noop
from scheduler.triggers.timetable import Mark, Occurrence, Timetable

SKIP, ONCE, ALL = "skip", "once", "all"
SKIPPED = gettext_noop("In the maintenance window %(windows)s, until %(end)s.")
LEFT_OUT = gettext_noop("In the maintenance window %(windows)s, until %(end)s; the job runs once after it.")
POSTPONED = gettext_noop("Postponed to %(end)s by the maintenance window %(windows)s.")
LONGEST = timedelta(days=31)
FOREVER = datetime.max.replace(tzinfo=UTC)
# So many spans are joined into one; windows that together never end would be joined for ever.
MOST_JOINED = 100
# How many sets of tags are remembered.
MOST_REMEMBERED = 1_000
_NO_TAGS: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Span:
    """From `start`, inclusive, to `end`, exclusive, the named windows are in force; `zone` is that of the last."""

    windows: tuple[str, ...]
    start: datetime
    end: datetime
    zone: tzinfo = UTC

    @property
    def skipped(self) -> Sentence:
        """Why an occurrence does not run."""
        return SKIPPED % self._names

    @property
    def left_out(self) -> Sentence:
        """Why an occurrence does not run whose job runs once after the window."""
        return LEFT_OUT % self._names

    @property
    def postponed(self) -> Sentence:
        """Why a run waits."""
        return POSTPONED % self._names

    @property
    def _names(self) -> dict[str, str]:
        return {"windows": ", ".join(self.windows), "end": str(self.end.astimezone(self.zone))}

    def joined(self, other: "Span") -> "Span":
        """Return the span from the start of the earlier to the end of the later, which overlap or touch."""
        return replace(max(self, other, key=lambda span: span.end), start=min(self.start, other.start))


@dataclass(frozen=True, kw_only=True)
class Window:
    """A window. It concerns the jobs that have any of its tags; without tags, all jobs."""

    name: str
    timetable: Timetable
    duration: timedelta
    zone: tzinfo = UTC
    tags: frozenset[str] = _NO_TAGS

    def concerns(self, tags: frozenset[str]) -> bool:
        """Tell whether a job with these tags is concerned."""
        return not self.tags or not self.tags.isdisjoint(tags)

    def span_at(self, moment: datetime) -> Span | None:
        """Return its span that holds this moment; the earliest, where the window overlaps itself."""
        # What began longer ago than it lasts is over.
        start = self.timetable.next_after(_earlier(moment, self.duration))
        return self._span_from(start) if start is not None and start <= moment else None

    def next_span(self, after: datetime) -> Span | None:
        """Return its first span that begins later than this moment."""
        start = self.timetable.next_after(after)
        return self._span_from(start) if start is not None else None

    def begins_within(self, span: Span) -> bool:
        """Tell whether it begins within a span."""
        start = self.timetable.next_after(span.start - MICROSECOND)
        return start is not None and start < span.end

    def _span_from(self, start: datetime) -> Span:
        end = start + self.duration if LATEST - start > self.duration else LATEST
        return Span(windows=(self.name,), start=start, end=end, zone=self.zone)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Time that lies in one span, or in none; its `start` belongs to it, its `end` does not."""

    start: datetime
    end: datetime
    span: Span | None


def covering(windows: Sequence[Window], moment: datetime) -> Span | None:
    """Return the span that holds this moment: all windows that follow each other without a gap, seen as one."""
    span = _joined(windows, utc(moment))
    if span is None:
        return None
    for _step in range(MOST_JOINED):
        if not (later := _joined(windows, span.end)):
            break
        span = span.joined(later)
    for _step in range(MOST_JOINED):
        if not (earlier := _joined(windows, span.start - MICROSECOND)):
            break
        span = span.joined(earlier)
    return replace(span, windows=_names_within(windows, span))


def next_start(windows: Sequence[Window], after: datetime) -> datetime | None:
    """Return when a window begins next, later than this moment."""
    starts = (window.timetable.next_after(after) for window in windows)
    return min((start for start in starts if start is not None), default=None)


class Windows:
    """All windows there are. For each set of tags it remembers the stretch of the last answer: most ask for the same.

    Not to be shared by threads.
    """

    def __init__(self, windows: Iterable[Window] = ()) -> None:
        self.all = tuple(windows)
        self._remembered: dict[frozenset[str], Stretch] = {}

    def __bool__(self) -> bool:
        return bool(self.all)

    def covering(self, moment: datetime, tags: frozenset[str] = _NO_TAGS) -> Span | None:
        """Return the span that holds this moment, for jobs with these tags."""
        return self.stretch(moment, tags).span if self.all else None

    def stretch(self, moment: datetime, tags: frozenset[str] = _NO_TAGS) -> Stretch:
        """Return the stretch of time around this moment, for jobs with these tags."""
        known = self._remembered.get(tags)
        if known is None or not known.start <= moment < known.end:
            known = self._search(moment, tags)
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[tags] = known
        return known

    def _search(self, moment: datetime, tags: frozenset[str]) -> Stretch:
        concerned = [window for window in self.all if window.concerns(tags)]
        span = covering(concerned, moment)
        if span is not None:
            return Stretch(start=span.start, end=span.end, span=span)
        return Stretch(start=moment, end=next_start(concerned, moment) or FOREVER, span=None)


def with_windows(
    occurrences: Iterable[Occurrence], windows: Windows, *, policy: str, tags: frozenset[str] = _NO_TAGS
) -> Iterator[Occurrence]:
    """Yield a job's occurrences, in order, as the engine carries them out: with `skip`, those in a window are dropped.

    With `all`, each is moved to the end of its window; with `once`, the first of each span is, and the rest dropped.
    """
    waiting_for: datetime | None = None
    for occurrence in occurrences:
        span = windows.covering(occurrence.at, tags) if occurrence.at is not None else None
        if span is None:
            yield occurrence
        elif policy == ALL or (policy == ONCE and waiting_for != span.end):
            waiting_for = span.end
            yield _marked(occurrence, span.end, span.postponed)
        else:
            yield _marked(occurrence, None, span.left_out if policy == ONCE else span.skipped)


def _marked(occurrence: Occurrence, at: datetime | None, reason: Sentence) -> Occurrence:
    return replace(occurrence, at=at, marks=(*occurrence.marks, Mark(code="window", reason=reason)))


def _joined(windows: Sequence[Window], moment: datetime) -> Span | None:
    """Return the spans that hold this moment as one."""
    found: Span | None = None
    for window in windows:
        if span := window.span_at(moment):
            found = found.joined(span) if found else span
    return found


def _names_within(windows: Sequence[Window], span: Span) -> tuple[str, ...]:
    """Return the names of the windows that begin within a span, whichever moment of it was asked for."""
    return tuple(window.name for window in windows if window.begins_within(span))


def _earlier(moment: datetime, duration: timedelta) -> datetime:
    """Return the moment so much earlier, as far as instants go back."""
    return moment - duration if moment - EARLIEST > duration else EARLIEST - MICROSECOND
