"""The instants of a run, in order and to scale, and the sentences that say the same. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from scheduler.models import ACTIVE, Execution, Origin, Status
from scheduler.words.elapsed import say_elapsed
from scheduler.words.phrases import fill, say_sentences

# What starts so soon was in time.
_IN_TIME = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happened at an instant, how long after the moment before it, and where on the line, in percent."""

    code: str
    label: str
    at: datetime
    since: str = ""
    percent: str = "0"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A part of the line: waiting or running, from where on and how wide, in percent."""

    code: str
    label: str
    left: str
    width: str


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The moments, the bars between them, and what they come to in words."""

    moments: list[Moment]
    bars: list[Bar]
    sentences: list[str]

    @property
    def said(self) -> str:
        """The sentences, one after the other."""
        return say_sentences(self.sentences)


def timeline_of(execution: Execution, *, now: datetime) -> Timeline:
    """Return the line of a run, which ends now if the run has not."""
    instants = _instants(execution)
    first = min(instants[0][2], now)
    end = execution.finished_at or max(now, instants[-1][2])
    scale = _Scale(start=first, end=end)
    moments, before = [], None
    for code, label, at in instants:
        since = say_elapsed(at - before) if before is not None and at > before else ""
        moments.append(Moment(code=code, label=label, at=at, since=since, percent=scale.place(at)))
        before = at
    return Timeline(moments=moments, bars=_bars(execution, scale), sentences=_sentences(execution, now=now))


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """Turns instants into places."""

    start: datetime
    end: datetime

    def place(self, at: datetime) -> str:
        return f"{100 * self._share(at):.2f}"

    def width(self, start: datetime, end: datetime) -> str:
        return f"{100 * max(self._share(end) - self._share(start), 0):.2f}"

    def _share(self, at: datetime) -> float:
        span = (self.end - self.start).total_seconds()
        return min(max((at - self.start).total_seconds() / span, 0), 1) if span > 0 else 0


def _instants(execution: Execution) -> list[tuple[str, str, datetime]]:
    """Return what is known, in order. An occurrence of long ago is not on the line of what was queued for it later."""
    is_scheduled = execution.origin == Origin.SCHEDULE
    found = [
        ("due", _("Due"), execution.scheduled_for if is_scheduled else None),
        ("created", _("Claimed") if is_scheduled else _("Queued"), execution.created_at),
        ("available", _("May start"), execution.available_at if is_held(execution) else None),
        ("started", _("Started"), execution.started_at),
        ("told", _("Told to stop"), execution.cancel_requested_at),
        ("finished", _("Finished"), execution.finished_at),
    ]
    return sorted(((code, label, at) for code, label, at in found if at is not None), key=lambda each: each[2])


def is_held(execution: Execution) -> bool:
    """Tell whether it was not to start at once: a retry, or what waits for the end of a maintenance window."""
    return execution.available_at > max(execution.created_at, execution.scheduled_for)


def due_at(execution: Execution) -> datetime:
    """Return since when it is late if it has not started."""
    if execution.origin == Origin.SCHEDULE:
        return execution.scheduled_for
    return max(execution.available_at, execution.created_at)


def _bars(execution: Execution, scale: _Scale) -> list[Bar]:
    started, end = execution.started_at, scale.end
    waited_until = started or end
    bars = [
        Bar(code="waiting", label=_("waiting"), left="0.00", width=scale.width(scale.start, waited_until)),
    ]
    if started is not None:
        bars.append(Bar(code="running", label=_("running"), left=scale.place(started), width=scale.width(started, end)))
    return bars


def _sentences(execution: Execution, *, now: datetime) -> list[str]:
    return [sentence for sentence in (_say_start(execution, now=now), _say_duration(execution, now=now)) if sentence]


def _say_start(execution: Execution, *, now: datetime) -> str:
    due, started = due_at(execution), execution.started_at
    if started is not None:
        late = started - due
        if execution.origin in (Origin.MANUAL, Origin.BACKFILL):
            return fill(_("It waited %(span)s."), span=say_elapsed(late))
        if late < _IN_TIME:
            return _("It started in time.")
        return fill(_("It started %(span)s late."), span=say_elapsed(late))
    if execution.status != Status.QUEUED:
        return _("It never started.") if execution.status not in ACTIVE else _("It is about to start.")
    if execution.available_at > now:
        return fill(_("It may start in %(span)s."), span=say_elapsed(execution.available_at - now))
    return fill(_("It has been waiting for %(span)s."), span=say_elapsed(now - due))


def _say_duration(execution: Execution, *, now: datetime) -> str:
    if execution.started_at is None:
        return ""
    if execution.finished_at is None:
        return fill(_("It has been running for %(span)s."), span=say_elapsed(now - execution.started_at))
    return fill(_("It ran for %(span)s."), span=say_elapsed(execution.finished_at - execution.started_at))
