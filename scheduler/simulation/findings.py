"""Findings: what an operator should know of before he saves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from scheduler.simulation.courses import Course
from scheduler.simulation.subjects import Subject
from scheduler.simulation.zones import SECOND
from scheduler.triggers import EARLIEST, LATEST
from scheduler.triggers.sentences import gettext_noop
from scheduler.triggers.terms import trace_of

A_YEAR = timedelta(days=366)
# How much of a year is looked at where maintenance windows drop all that comes.
MOST_LOOKED_AT = 2_000


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What to change so that runs do not start at once: for each job the fields to send, and what it comes to.

    `peak` is the most that then start in a minute among those that the jobs start in; `above` is how many minutes
    remain with more than the cap.
    """

    changes: dict[str, dict[str, Any]]
    peak: int
    above: int


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to know; `at` is the stamp of where it shows first or most, `details` are its figures."""

    code: str
    sentence: str
    jobs: Sequence[str]
    at: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
    spread: Spread | None = None


def find_overlaps(subject: Subject, course: Course) -> Iterator[Finding]:
    """Find a job whose runs take longer than the time until as many further ones as it may have at once."""
    durations, limit, starts = subject.durations, subject.max_instances, course.starts
    if durations is None or len(starts) <= limit:
        return
    gaps = [later - earlier for earlier, later in zip(starts, starts[limit:], strict=False)]
    often, now_and_then = (sum(gap < length * SECOND for gap in gaps) for length in (durations.median, durations.high))
    if now_and_then:
        shortest = min(gaps)
        details = {
            "median_seconds": round(durations.median, 3),
            "p95_seconds": round(durations.high, 3),
            "gap_seconds": shortest / SECOND,
            "max_instances": limit,
            "runs": often,
            "runs_at_p95": now_and_then,
        }
        sentence = _OVERLAPS[bool(often)] % (details | {"becomes": _BECOMES.get(subject.overlap, _BECOMES["skip"])})
        at = starts[gaps.index(shortest)]
        yield Finding(code="overlap", sentence=sentence, jobs=(subject.id,), at=at, details=details)


def find_idle(subject: Subject, course: Course, start: datetime) -> Iterator[Finding]:
    """Find a job that will not run for a year."""
    if not (course.starts or subject.is_paused or subject.is_manual) and not _runs_within_a_year(subject, start):
        yield Finding(code="idle", sentence=_IDLE, jobs=(subject.id,))


def _runs_within_a_year(subject: Subject, start: datetime) -> bool:
    if subject.left == 0:
        return False
    begin = max(start, subject.terms.due or EARLIEST)
    following = begin if begin == subject.terms.due else subject.terms.timetable.next_after(begin)
    end = start + A_YEAR if LATEST - start > A_YEAR else LATEST
    if following is None or following > end:
        return False
    looked_at = list(islice(trace_of(subject.terms, following, end), MOST_LOOKED_AT))
    # What is looked at no more is given the benefit of the doubt.
    return len(looked_at) == MOST_LOOKED_AT or any(each.occurrence.at for each in looked_at)


_IDLE = gettext_noop("It will not run for a year.")
_OVERLAPS = {
    True: gettext_noop(
        "Its runs mostly take %(median_seconds)s s, but may follow each other within %(gap_seconds)s s. %(becomes)s"
    ),
    False: gettext_noop(
        "One run in twenty takes %(p95_seconds)s s or more, but they may follow each other within %(gap_seconds)s s. "
        "%(becomes)s"
    ),
}
_BECOMES = {
    "skip": gettext_noop("What is due meanwhile is skipped."),
    "queue": gettext_noop("What is due meanwhile waits, and there will be more and more of it."),
    "replace": gettext_noop("Each run cancels the one before it."),
}
