"""Puts the schedules back, or forward, to where a travel begins."""

from collections.abc import Mapping
from datetime import datetime
from json import loads

from scheduler import clock
from scheduler.exceptions import InvalidInput
from scheduler.models import Job, Schedule
from scheduler.queries import calendars_named
from scheduler.services.schedules import LockedJob, reschedule
from scheduler.timetables import timetable_of
from scheduler.triggers import Calendar
from scheduler.triggers.instants import MICROSECOND


def set_schedules(start: datetime) -> None:
    """Let every job be due as if the engine had run until just before `start`, and nothing were left to do.

    A next run that somebody has set stands, unless that travels over it; what is paused or over stays so.
    """
    stored = dict(Schedule.objects.values_list("pk", "next_run_time"))
    is_past = start < clock.now()
    jobs = list(Job.objects.unfinished())
    calendars = calendars_named(*(job.trigger for job in jobs))
    moves = []
    for job in jobs:
        known = None if is_past or not _is_derived(job) else stored.get(job.pk)
        moves.append((LockedJob(job=job, next_run_time=None), _first(job, known, start, calendars)))
    reschedule(moves, now=start)


def _first(job: Job, known: datetime | None, start: datetime, calendars: Mapping[str, Calendar]) -> datetime | None:
    if job.paused or job.is_used_up:
        return None
    if known is not None and known >= start:
        return known
    try:
        return timetable_of(job, calendars).next_after(start - MICROSECOND)
    except InvalidInput:
        # The engine says what is the matter with it.
        return None


def _is_derived(job: Job) -> bool:
    """Tell whether the schedule agrees with the job. Compared as values: the texts may be another database's."""
    if job.synced_trigger is None:
        return False
    return (loads(job.synced_trigger), job.synced_timezone, job.synced_paused) == (
        job.trigger,
        job.timezone,
        job.paused,
    )
