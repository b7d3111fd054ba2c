"""Spreads: how a job would be defined so that it starts at a time of its own, the same for ever."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from scheduler.simulation.subjects import Question, Subject
from scheduler.simulation.zones import SECOND
from scheduler.triggers import Context, InvalidSpec, Spec, parse, timetable
from scheduler.triggers.workdays import Calendar

# Delays that people would choose, in seconds.
_JITTERS = (3600, 1800, 900, 600, 300, 120, 60)
# What else a cron trigger may have, and keep.
_CLOCK = ("hour", "minute", "second")
_LAYERS = ("start_date", "end_date", "calendar", "days", "working_day", "on_excluded", "dst_gap", "dst_overlap")


def spread(
    subject: Subject, scheduled: Sequence[int], question: Question, calendars: Mapping[str, Calendar]
) -> Subject | None:
    """Return the job with a spread of its own; None where it has one already, or comes too often for any.

    A minute that is written down becomes H, which is hashed from the job's id; other triggers get a jitter, of at most
    half the time between two runs.
    """
    for spec in _candidates(subject.spec, scheduled):
        try:
            context = Context(zone=subject.terms.zone, now=question.start, calendars=calendars, seed=subject.id)
            canonical = parse(spec, context)
            table = timetable(canonical, subject.terms.zone, seed=subject.id, calendars=calendars)
        except InvalidSpec:
            continue
        terms = replace(subject.terms, timetable=table, due=None)
        return replace(subject, spec=canonical, terms=terms, key=(subject.id, str(canonical)))
    return None


def fields_of(subject: Subject) -> dict[str, Any]:
    """Return the fields to send for the job's trigger."""
    return {**subject.spec, "timezone": subject.timezone}


def _candidates(spec: Spec, scheduled: Sequence[int]) -> list[Spec]:
    if "jitter" in spec or "H" in spec.get("crontab", "") or spec["trigger"] in ("date", "manual"):
        return []
    hashed = _with_h(spec) if spec["trigger"] == "cron" and "allowed_hours" not in spec else None
    jitter = _jitter_for(scheduled)
    return [each for each in (hashed, {**spec, "jitter": jitter} if jitter else None) if each]


def _with_h(spec: Spec) -> Spec | None:
    """Return the spec with H for its minute, where that is a plain number, or a step of every hour."""
    layers = {name: value for name, value in spec.items() if name in _LAYERS}
    minute, *others = spec["crontab"].split() if "crontab" in spec else _as_crontab(spec)
    if len(others) != 4:
        return None
    if minute.isdigit():
        return {"trigger": "cron", "crontab": " ".join(["H", *others]), **layers}
    if minute.startswith("*/") and others[0] == "*":
        return {"trigger": "cron", "crontab": " ".join([f"H{minute[1:]}", *others]), **layers}
    return None


def _as_crontab(spec: Spec) -> list[str]:
    """Return a cron trigger's fields as those of a crontab, if they are only a minute, and an hour or every hour."""
    if set(spec) - {"trigger", *_CLOCK, *_LAYERS} or spec.get("second", "0") != "0":
        return [""]
    hour, minute = spec.get("hour", "*"), spec.get("minute", "0" if "hour" in spec else "*")
    return [minute, hour, "*", "*", "*"] if hour == "*" or hour.isdigit() else [""]


def _jitter_for(scheduled: Sequence[int]) -> int | None:
    gaps = (later - earlier for earlier, later in pairwise(scheduled))
    shortest = min(gaps, default=24 * 3600 * SECOND)
    return next((jitter for jitter in _JITTERS if 2 * jitter * SECOND <= shortest), None)
