"""Herds: minutes in which more runs start than may, and how to spread them."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.simulation.courses import Course, Courses
from scheduler.simulation.findings import Finding, Spread
from scheduler.simulation.heat import Minutes
from scheduler.simulation.spreading import fields_of, spread
from scheduler.simulation.subjects import Question, Subject
from scheduler.simulation.zones import MINUTE
from scheduler.triggers.sentences import gettext_noop
from scheduler.triggers.workdays import Calendar

# Each spread is found with those before it carried out, so that there are few, and they go together.
MOST_HERDS = 5
_HERD = gettext_noop("%(starts)d runs start within one minute, %(cap)d may; so it is in %(minutes)d minutes.")


@dataclass(kw_only=True)
class Herds:
    """Looks for herds, the greatest first, and for each spreads the jobs in it."""

    question: Question
    courses: Courses
    calendars: Mapping[str, Calendar]
    minutes: Minutes
    running: dict[str, tuple[Subject, Course]]

    def find(self) -> Iterator[Finding]:
        """Yield herds until there is none, or none that can be made smaller."""
        for _herd in range(MOST_HERDS):
            above, peak = self.minutes.above(self.question.cap), self.minutes.peak
            if not above or peak.at is None:
                return
            jobs = self._starting_in(peak.at)
            details = {"starts": peak.count, "cap": self.question.cap, "minutes": len(above)}
            proposed = self._spread(jobs, peak.at)
            yield Finding(
                code="herd", sentence=_HERD % details, jobs=jobs, at=peak.at, details=details, spread=proposed
            )
            if proposed is None:
                return

    def _starting_in(self, minute: int) -> Sequence[str]:
        return sorted(
            job_id
            for job_id, (_subject, course) in self.running.items()
            if (position := bisect_left(course.starts, minute)) < len(course.starts)
            and course.starts[position] < minute + MINUTE
        )

    def _spread(self, jobs: Sequence[str], minute: int) -> Spread | None:
        """Spread the jobs, if that makes the herd smaller and no other as great, and go on from there."""
        spread_out = {job_id: found for job_id in jobs if (found := self._spread_one(job_id)) is not None}
        minutes = self.minutes.copy()
        for job_id, (_subject, course) in spread_out.items():
            minutes.add(self.running[job_id][1].starts, -1)
            minutes.add(course.starts)
        touched = {stamp for _subject, course in spread_out.values() for stamp in course.starts} | {minute}
        peak = max(minutes.at(stamp) for stamp in touched)
        if peak >= self.minutes.at(minute):
            return None
        self.minutes = minutes
        self.running |= spread_out
        changes = {job_id: fields_of(subject) for job_id, (subject, _course) in spread_out.items()}
        return Spread(changes=changes, peak=peak, above=len(minutes.above(self.question.cap)))

    def _spread_one(self, job_id: str) -> tuple[Subject, Course] | None:
        subject, course = self.running[job_id]
        found = spread(subject, course.scheduled, self.question, self.calendars)
        return (found, self.courses.of(found)) if found else None
