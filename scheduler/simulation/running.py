"""Runs a simulation: courses, what changes, heat, concurrency, findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.simulation.changes import Change, compare
from scheduler.simulation.concurrency import concurrency_of
from scheduler.simulation.courses import Course, Courses
from scheduler.simulation.findings import Finding, find_idle, find_overlaps
from scheduler.simulation.heat import HeatMap, Minutes, Peak
from scheduler.simulation.herds import Herds
from scheduler.simulation.subjects import Question, Subject
from scheduler.simulation.zones import ShownIn
from scheduler.triggers.workdays import Calendar

# How many occurrences a simulation looks at, of all distinct courses together.
MOST_OCCURRENCES = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much there is to do: all starts, the busiest minute, and the most runs that go on at once."""

    starts: int
    peak: Peak
    concurrency: Peak


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """What would come of it. `unknown` are the jobs of which nobody knows how long they take."""

    question: Question
    jobs: int
    changes: Sequence[Change]
    before: Load
    after: Load
    heat: HeatMap
    findings: Sequence[Finding]
    unknown: Sequence[str]


def simulate(
    present: Sequence[Subject],
    changed: Mapping[str, Subject | None],
    question: Question,
    *,
    calendars: Mapping[str, Calendar],
    most: int = MOST_OCCURRENCES,
) -> Simulation:
    """Simulate the jobs as they are, with some changed or new, or gone (None).

    Raises Crowded where they have more than `most` occurrences.
    """
    courses = Courses(question, most=most)
    before = {subject.id: (subject, courses.of(subject)) for subject in present}
    after = {job_id: run for job_id, run in before.items() if job_id not in changed}
    after |= {job_id: (subject, courses.of(subject)) for job_id, subject in changed.items() if subject}
    unchanged = _minutes_of([run for job_id, run in before.items() if job_id not in changed], question)
    minutes_before, minutes_after = unchanged.copy(), unchanged.copy()
    for job_id in changed:
        minutes_before.add(before[job_id][1].starts if job_id in before else ())
        minutes_after.add(after[job_id][1].starts if job_id in after else ())
    herds = Herds(question=question, courses=courses, calendars=calendars, minutes=minutes_after, running=dict(after))
    load_before = _load(before, minutes_before, question)
    return Simulation(
        question=question,
        jobs=sum(not subject.is_paused for subject, _course in after.values()),
        changes=[_change(job_id, before.get(job_id), after.get(job_id), question) for job_id in sorted(changed)],
        before=load_before,
        after=_load(after, minutes_after, question) if changed else load_before,
        heat=minutes_after.by_day(ShownIn(question.zone, question.start, question.end)),
        findings=[*herds.find(), *_findings_of_single(after, question)],
        unknown=sorted(
            job_id for job_id, (subject, course) in after.items() if course.starts and not subject.durations
        ),
    )


def _minutes_of(runs: Sequence[tuple[Subject, Course]], question: Question) -> Minutes:
    """Count the starts, once for all jobs of one course."""
    minutes, times = Minutes(question), dict[int, tuple[Course, int]]()
    for _subject, course in runs:
        times[id(course)] = (course, times.get(id(course), (course, 0))[1] + 1)
    for course, count in times.values():
        minutes.add(course.starts, count)
    return minutes


def _load(runs: Mapping[str, tuple[Subject, Course]], minutes: Minutes, question: Question) -> Load:
    return Load(starts=minutes.total, peak=minutes.peak, concurrency=concurrency_of(runs.values(), question))


def _change(
    job_id: str, before: tuple[Subject, Course] | None, after: tuple[Subject, Course] | None, question: Question
) -> Change:
    (subject, _course) = after or before or _no_job(job_id)
    shown = ShownIn(subject.terms.zone, question.start, question.end)
    old, new = (run[1].starts if run else None for run in (before, after))
    return compare(job_id, old, new, shown=shown)


def _no_job(job_id: str) -> tuple[Subject, Course]:
    raise LookupError(job_id)


def _findings_of_single(runs: Mapping[str, tuple[Subject, Course]], question: Question) -> Iterator[Finding]:
    for _job_id, (subject, course) in sorted(runs.items()):
        yield from find_overlaps(subject, course)
        yield from find_idle(subject, course, question.start)
