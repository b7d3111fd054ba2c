"""Courses: all instants at which a job is due within the span, and at which it then starts."""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.simulation.subjects import Question, Subject
from scheduler.triggers.instants import MICROSECOND, stamp_of
from scheduler.triggers.terms import Terms
from scheduler.triggers.windows import ALL, ONCE, Stretch


@dataclass(frozen=True, kw_only=True)
class Course:
    """The stamps for which runs are scheduled, and those at which they start, in the same order: mostly the same."""

    scheduled: Sequence[int] = ()
    starts: Sequence[int] = ()


class Courses:
    """The courses of many jobs over one span; equal keys share one. `most` is how many occurrences in all."""

    def __init__(self, question: Question, *, most: int) -> None:
        self._question = question
        self._left = most
        self._known: dict[Hashable, Course] = {}

    def of(self, subject: Subject) -> Course:
        """Return the course of a job. Raises Crowded where all of them have too many occurrences."""
        if subject.is_paused:
            return Course()
        key = (subject.key, subject.left)
        if key not in self._known:
            course = self._known[key] = _course_of(subject, self._question, most=self._left)
            self._left -= len(course.scheduled)
        return self._known[key]


def _course_of(subject: Subject, question: Question, *, most: int) -> Course:
    terms, start, end = subject.terms, question.start, question.end
    scheduled = _due_stamps(terms, start, end, most=most)
    course = Course(scheduled=scheduled, starts=scheduled)
    if terms.windows:
        course = _laid(scheduled, terms, start, end)
    if subject.left is not None:
        course = Course(scheduled=course.scheduled[: subject.left], starts=course.starts[: subject.left])
    return course


def _due_stamps(terms: Terms, start: datetime, end: datetime, *, most: int) -> Sequence[int]:
    """Return the trigger's own, from the next run on, and that itself where somebody has set it by hand."""
    due = terms.due
    if due is None or due < start:
        return terms.timetable.stamps(start, end, most=most)
    stamps = terms.timetable.stamps(due, end, most=most)
    if due > end or (stamps and stamps[0] == stamp_of(due)):
        return stamps
    return [stamp_of(due), *stamps]


def _laid(scheduled: Sequence[int], terms: Terms, start: datetime, end: datetime) -> Course:
    """Lay the maintenance windows over the occurrences, stretch by stretch."""
    kept: list[int] = []
    starts: list[int] = []
    for stretch in _stretches(terms, start, end):
        first, last = (bisect_left(scheduled, stamp_of(moment)) for moment in (stretch.start, stretch.end))
        stamps = scheduled[first:last]
        if stretch.span is None:
            kept.extend(stamps)
            starts.extend(stamps)
        elif stamps and (terms.maintenance == ALL or (terms.maintenance == ONCE and not _waits(terms, stretch, start))):
            postponed = stamps if terms.maintenance == ALL else stamps[:1]
            kept.extend(postponed)
            starts.extend([stamp_of(stretch.span.end)] * len(postponed))
    return Course(scheduled=kept, starts=starts)


def _stretches(terms: Terms, start: datetime, end: datetime) -> Iterator[Stretch]:
    moment = start
    while moment <= end:
        stretch = terms.windows.stretch(moment, terms.tags)
        yield Stretch(start=moment, end=min(stretch.end, end + MICROSECOND), span=stretch.span)
        moment = stretch.end


def _waits(terms: Terms, stretch: Stretch, start: datetime) -> bool:
    """Tell whether a run of before the beginning waits for the end of this span already."""
    return stretch.start == start and terms.waiting_since(start) is not None
