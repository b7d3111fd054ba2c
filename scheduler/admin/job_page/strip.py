"""The latest runs as a strip of marks, and their durations as bars: what the templates draw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from django.utils.translation import gettext as _

from scheduler.links import execution_url
from scheduler.models import Execution, Origin, Status
from scheduler.recent import RecentRuns
from scheduler.words import said
from scheduler.words.elapsed import say_elapsed
from scheduler.words.moments import tell_moment

STRIP = 50
# Of the drawing, in its own units: its height, the width of a bar, and the distance between two.
HEIGHT, BAR, STEP = 100, 8, 10
# A run that took next to no time has a bar, too.
LEAST_HEIGHT = 1.5


@dataclass(frozen=True, kw_only=True)
class RunMark:
    """One run of the strip: where it leads to, and what is said of it."""

    execution: Execution
    url: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Bar:
    """The duration of one run, as it is drawn."""

    x: int
    y: float
    height: float
    status: str
    title: str


@dataclass(frozen=True, kw_only=True)
class DurationChart:
    """The durations of the strip's runs: bars, and the heights of the lines for p50 and p95 of all recent runs."""

    bars: Sequence[Bar]
    width: int
    p50: float
    p95: float
    longest: str


def marks_of(runs: RecentRuns, zone: tzinfo | None) -> list[RunMark]:
    """Return the marks of the latest runs, oldest first."""
    return [
        RunMark(
            execution=each,
            url=execution_url(each.pk),
            title=_title(each, zone),
        )
        for each in reversed(runs.executions[:STRIP])
    ]


def legend_of(marks: Iterable[RunMark]) -> list[Status]:
    """Return the statuses that are to be explained: those that are there."""
    present = {mark.execution.status for mark in marks}
    return [status for status in Status if status in present]


def chart_of(runs: RecentRuns, marks: Sequence[RunMark]) -> DurationChart | None:
    """Return the chart of the durations; None where no run has ended."""
    shown = [mark.execution.duration for mark in marks]
    ended = [each for each in shown if each is not None]
    if runs.durations is None or not ended:
        return None
    tallest = max(*ended, runs.durations.p95, timedelta(microseconds=1))
    bars = [
        _bar(number, mark, duration, tallest)
        for number, (mark, duration) in enumerate(zip(marks, shown, strict=True))
        if duration is not None
    ]
    return DurationChart(
        bars=bars,
        width=STEP * STRIP,
        p50=HEIGHT - _scaled(runs.durations.p50, tallest),
        p95=HEIGHT - _scaled(runs.durations.p95, tallest),
        longest=say_elapsed(tallest),
    )


def _bar(number: int, mark: RunMark, duration: timedelta, tallest: timedelta) -> Bar:
    height = max(_scaled(duration, tallest), LEAST_HEIGHT)
    return Bar(
        x=STEP * number + (STEP - BAR) // 2,
        y=round(HEIGHT - height, 2),
        height=height,
        status=mark.execution.status,
        title=mark.title,
    )


def _scaled(length: timedelta, tallest: timedelta) -> float:
    return round(HEIGHT * max(length, timedelta()) / tallest, 2)


def _title(execution: Execution, zone: tzinfo | None) -> str:
    """Say in a line what a run was, and how it ended."""
    parts = [tell_moment(execution.scheduled_for, zone), execution.get_status_display()]
    if (duration := execution.duration) is not None:
        parts.append(say_elapsed(duration))
    if execution.origin != Origin.SCHEDULE:
        parts.append(execution.get_origin_display())
    if execution.attempt > 1:
        parts.append(_("attempt %d") % execution.attempt)
    if execution.reason:
        parts.append(said(execution.reason)[:160])
    return " · ".join(parts)
