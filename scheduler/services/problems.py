"""Keeps each job's `problem` true: why the engine cannot run it with the code as it is now."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from scheduler import conf
from scheduler.exceptions import AmbiguousTask, InvalidInput, UnknownTask
from scheduler.models import Job, JsonText, Schedule
from scheduler.registry import find_task
from scheduler.timetables import timetable_of, unknown_zone
from scheduler.triggers import Calendar

# How many jobs are read at once: a driver keeps all that a statement returns in memory.
REVIEWED_AT_ONCE = 5_000


def review_problems() -> int:
    """Check every unfinished job against the code, as when a node starts; return how many are broken now.

    Triggers were checked when they were stored, and are again when they come due; here only those are of broken jobs,
    and of jobs that were changed past the services.
    """
    found: dict[str, str] = {}
    broken = 0
    review = _Review()
    for job in _unfinished_jobs():
        problem = review.problem_of(job)
        broken += bool(problem)
        if problem != job.problem:
            found[job.id] = problem
    write_problems(found)
    _reschedule_healed([job_id for job_id, problem in found.items() if not problem])
    return broken


class _ReviewedJob(NamedTuple):
    """The columns that a job's problem depends on; JSON columns as text."""

    id: str
    func: str
    args: str
    kwargs: str
    executor: str
    timezone: str
    trigger: str
    stale: int
    problem: str


def _unfinished_jobs() -> Iterator[_ReviewedJob]:
    columns = [JsonText(name) if name in ("args", "kwargs", "trigger") else name for name in _ReviewedJob._fields]
    last = ""
    while True:
        unfinished = Job.objects.unfinished().filter(pk__gt=last).order_by("pk")
        page = [_ReviewedJob._make(row) for row in unfinished.values_list(*columns)[:REVIEWED_AT_ONCE]]
        yield from page
        if len(page) < REVIEWED_AT_ONCE:
            return
        last = page[-1].id


class CallReview:
    """Finds what is wrong with calls, once for all of the same shape: the code stays the same while a process lives."""

    def __init__(self) -> None:
        self._problems: dict[tuple[object, ...], str] = {}
        # Most jobs have one of few texts for their arguments; even reading those takes a while.
        self.problem_of = lru_cache(maxsize=1_000)(self._problem_of)

    def _problem_of(self, func: str, args: str, kwargs: str, executor: str) -> str:
        """Say why a call cannot be made, whose arguments are JSON as it is stored; "" when it can."""
        listed, named = json.loads(args), json.loads(kwargs)
        if not isinstance(listed, list) or not isinstance(named, dict):
            return problem_of(func, listed, named, executor)
        # Whether arguments fit a signature depends on how many there are, and on their names.
        shape = (func, executor, len(listed), *sorted(named))
        if shape not in self._problems:
            self._problems[shape] = problem_of(func, listed, named, executor)
        return self._problems[shape]


class _Review:
    """Finds what is wrong with jobs, once for all that make the same call in the same zone."""

    def __init__(self) -> None:
        self._calls = CallReview()
        self._zones: dict[str, str] = {}

    def problem_of(self, job: _ReviewedJob) -> str:
        """Say why a job cannot run; "" when it can."""
        return self._problem_of_trigger(job) or self._calls.problem_of(job.func, job.args, job.kwargs, job.executor)

    def _problem_of_trigger(self, job: _ReviewedJob) -> str:
        if job.problem or job.stale:
            return problem_of_trigger(Job(pk=job.id, trigger=json.loads(job.trigger), timezone=job.timezone))
        if job.timezone not in self._zones:
            self._zones[job.timezone] = _problem_of_zone(job.timezone)
        return self._zones[job.timezone]


def _problem_of_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, TypeError, ValueError):
        return str(unknown_zone(name))
    return ""


def _reschedule_healed(job_ids: list[str]) -> None:
    """Let the engine derive the schedules anew of jobs that a problem took out of theirs."""
    nothing_next = Schedule.objects.filter(pk=OuterRef("pk"), next_run_time=None)
    healed = Job.objects.unfinished().filter(pk__in=job_ids, paused=False)
    healed.filter(Exists(nothing_next)).update(synced_trigger=None)


def problem_of_job(job: Job) -> str:
    """Say why a job cannot run; "" when it can."""
    return problem_of_trigger(job) or problem_of(job.func, job.args, job.kwargs, job.executor)


def problem_of(func: str, args: object, kwargs: object, executor: str) -> str:
    """Say why a job of this kind cannot run; "" when it can."""
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        return "args must be a list, and kwargs an object."
    if executor not in conf.executors():
        return f"There is no executor called {executor}."
    try:
        find_task(func).check_arguments(args, kwargs)
    except (UnknownTask, AmbiguousTask, ValueError) as error:
        return str(error)
    return ""


def problem_of_trigger(job: Job, calendars: Mapping[str, Calendar] | None = None) -> str:
    """Say why a job's occurrences cannot be computed; "" when they can."""
    try:
        timetable_of(job, calendars)
    except InvalidInput as error:
        return str(error)
    return ""


def write_problems(problems: Mapping[str, str]) -> None:
    """Store the problems that changed, one statement for each distinct problem."""
    for problem in set(problems.values()):
        ids = [job_id for job_id, found in problems.items() if found == problem]
        Job.objects.filter(~Q(problem=problem), pk__in=ids).update(problem=problem)
