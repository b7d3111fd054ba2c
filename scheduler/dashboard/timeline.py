"""The timeline as a picture: where on its line each run stands, in parts of a hundred, and what is said of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduler.links import job_url
from scheduler.models import AN_HOUR, Execution, Status
from scheduler.services.timeline import Row, Timeline
from scheduler.words.elapsed import say_briefly
from scheduler.words.phrases import say_counts, say_items, say_sentences

# Of the coming runs so many are read out; the picture shows the rest.
MOST_SAID = 5
LEAST_PERCENT = 1.0


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A run on a line: from `left`, so wide; `link` is the id of its execution, if it has one."""

    left: float
    width: float
    status: str
    title: str
    link: int | None = None

    @property
    def is_long(self) -> bool:
        """Whether it is longer than the mark itself."""
        return self.width > LEAST_PERCENT


@dataclass(frozen=True, kw_only=True)
class Band:
    """A maintenance window, or more runs than can be told apart."""

    left: float
    width: float
    title: str
    is_past: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One job; `key` is the same at each refresh."""

    key: str
    url: str
    job_id: str
    name: str
    next_run_time: datetime
    marks: tuple[Mark, ...]
    windows: tuple[Band, ...]
    dense: tuple[Band, ...]
    said: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All lines, where now is, and the hours of the clock."""

    now: float
    next_name: str
    next_run_time: datetime | None
    hours: tuple[tuple[float, datetime], ...]
    lines: tuple[Line, ...]


def draw_timeline(timeline: Timeline, *, with_past: bool) -> Picture:
    """Draw it; the past only for those who may see it."""
    scale = _Scale(timeline)
    return Picture(
        now=scale.at(timeline.now),
        next_name=timeline.next.name if timeline.next else "",
        next_run_time=timeline.next.next_run_time if timeline.next else None,
        hours=tuple(_hours(timeline, scale)),
        lines=tuple(_line(row, scale, with_past=with_past) for row in timeline.rows),
    )


class _Scale:
    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._length = timeline.end - timeline.start

    def at(self, moment: datetime) -> float:
        """Return where a moment stands, within the picture."""
        return round(min(max((moment - self.timeline.start) / self._length * 100, 0.0), 100.0), 2)

    def span(self, start: datetime, end: datetime) -> tuple[float, float]:
        """Return where a span begins, and how wide it is."""
        left = self.at(start)
        return left, round(max(self.at(end) - left, 0.0), 2)


def _hours(timeline: Timeline, scale: _Scale) -> Iterator[tuple[float, datetime]]:
    """Yield the full hours of the reader's clock."""
    moment = timezone.localtime(timeline.start).replace(minute=0, second=0, microsecond=0) + AN_HOUR
    while moment < timeline.end:
        yield scale.at(moment), moment
        moment += AN_HOUR


def _line(row: Row, scale: _Scale, *, with_past: bool) -> Line:
    past, windows = row.past if with_past else (), tuple(_windows(row, scale))
    return Line(
        key=f"{crc32(row.job_id.encode()):x}",
        url=job_url(row.job_id),
        job_id=row.job_id,
        name=row.name,
        next_run_time=row.next_run_time,
        marks=tuple(_marks(row, past, scale)),
        windows=windows,
        dense=tuple(_dense(row, scale, with_past=with_past)),
        said=_said(row, past, windows),
    )


def _marks(row: Row, past: tuple[Execution, ...], scale: _Scale) -> Iterator[Mark]:
    """Yield the runs that can be told apart: where there are too many, the latest and the next one."""
    for run in past[-1:] if row.is_past_cut else past:
        yield _past(run, scale)
    for moment in row.coming[:1] if row.is_coming_cut else row.coming:
        yield _coming(moment, scale)


def _past(run: Execution, scale: _Scale) -> Mark:
    start = run.started_at or run.scheduled_for
    end = run.finished_at if run.started_at else None
    if run.status == Status.RUNNING:
        end = scale.timeline.now
    left, width = scale.span(start, end or start)
    title = f"{_clock(start)} · {Status(run.status).label}"
    if run.duration is not None:
        title = f"{title} · {say_briefly(run.duration)}"
    return Mark(left=left, width=width, status=run.status, title=title, link=run.pk)


def _coming(moment: datetime, scale: _Scale) -> Mark:
    is_late = moment < scale.timeline.now
    state = _("overdue") if is_late else _("to come")
    title = f"{_clock(moment)} · {state}"
    return Mark(left=scale.at(moment), width=0, status="overdue" if is_late else "coming", title=title)


def _windows(row: Row, scale: _Scale) -> Iterator[Band]:
    for span in row.spans:
        left, width = scale.span(span.start, span.end)
        names = say_items(span.windows)
        title = _("Maintenance window %(names)s, %(start)s to %(end)s")
        yield Band(
            left=left,
            width=width,
            title=title % {"names": names, "start": _clock(span.start), "end": _clock(span.end)},
        )


def _dense(row: Row, scale: _Scale, *, with_past: bool) -> Iterator[Band]:
    """Yield where there are more runs than are drawn one by one."""
    title = _("More runs than can be told apart")
    if row.is_past_cut and with_past:
        left, width = scale.span(scale.timeline.start, row.past[-1].scheduled_for)
        yield Band(left=left, width=width, title=title, is_past=True)
    if row.is_coming_cut:
        left, width = scale.span(row.coming[0], scale.timeline.end)
        yield Band(left=left, width=width, title=title)


def _said(row: Row, past: tuple[Execution, ...], windows: Iterable[Band]) -> str:
    """Say the line, for those who do not see it."""
    counts = Counter(str(Status(run.status).label) for run in past)
    parts = [_("Past hour: %s.") % say_counts(counts)] if counts else []
    if row.coming:
        moments = say_items([_clock(moment) for moment in row.coming[:MOST_SAID]])
        parts.append((_("To come: %s, and more.") if len(row.coming) > MOST_SAID else _("To come: %s.")) % moments)
    parts += [_("%s.") % band.title for band in windows]
    return say_sentences(parts) if parts else ""


def _clock(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M:%S" if moment.second else "%H:%M")
