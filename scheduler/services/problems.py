"""Keeps each job's `problem` true: why the engine cannot run it with the code as it is now."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from scheduler import conf
from scheduler.exceptions import AmbiguousTask, InvalidInput, UnknownTask
from scheduler.models import Job, Schedule
from scheduler.registry import find_task
from scheduler.triggers import InvalidSpec, Timetable, timetable


def review_problems() -> int:
    """Check every unfinished job against the code, as when a node starts; return how many are broken now."""
    found: dict[str, str] = {}
    for job in Job.objects.unfinished().iterator(chunk_size=2000):
        problem = problem_of_job(job)
        if problem != job.problem:
            found[job.pk] = problem
    write_problems(found)
    _reschedule_healed([job_id for job_id, problem in found.items() if not problem])
    return Job.objects.unfinished().broken().count()


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


def problem_of_trigger(job: Job) -> str:
    """Say why a job's occurrences cannot be computed; "" when they can."""
    try:
        timetable_of(job)
    except InvalidInput as error:
        return str(error)
    return ""


def timetable_of(job: Job) -> Timetable:
    """Return the occurrences of a job. Raises InvalidInput, as read_timetable does."""
    return read_timetable(job.trigger, job.timezone, seed=job.id)


def read_timetable(trigger: Any, zone_name: str, *, seed: str) -> Timetable:
    """Return the occurrences of what is stored. Raises InvalidInput where that is no trigger, or no zone."""
    try:
        return timetable(trigger, ZoneInfo(zone_name), seed=seed)
    except InvalidSpec as error:
        raise InvalidInput(error.errors) from error
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise InvalidInput({"timezone": _("No time zone found with key %s.") % zone_name}) from error


def write_problems(problems: Mapping[str, str]) -> None:
    """Store the problems that changed, one statement for each distinct problem."""
    for problem in set(problems.values()):
        ids = [job_id for job_id, found in problems.items() if found == problem]
        Job.objects.filter(~Q(problem=problem), pk__in=ids).update(problem=problem)
