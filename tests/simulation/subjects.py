"""Short ways to make what a simulation is given."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.simulation import Durations, Question, Simulation, Subject, simulate
from scheduler.triggers import timetable
from scheduler.triggers.terms import Terms
from tests.triggers.occurrences import CALENDARS, NOW, parsed

WEEK = Question(start=NOW, length=timedelta(days=7), zone=UTC, cap=20)


def subject(job_id: str = "job", *, zone: str = "UTC", seconds: float | None = None, **more: Any) -> Subject:
    """Return a job of this trigger, whose runs took so long; a field of Subject may be given as well."""
    own = {name: more.pop(name) for name in ("max_instances", "overlap", "left", "is_paused") if name in more}
    spec = parsed(zone, **more)
    table = timetable(spec, ZoneInfo(zone), seed=job_id, calendars=CALENDARS)
    durations = None if seconds is None else Durations(median=seconds, high=2 * seconds)
    return Subject(
        id=job_id,
        spec=spec,
        timezone=zone,
        terms=Terms(timetable=table, zone=ZoneInfo(zone)),
        key=(job_id, str(spec)),
        durations=durations,
        **own,
    )


def run(*present: Subject, question: Question = WEEK, **changed: Subject | None) -> Simulation:
    """Simulate these, with some changed, by id."""
    return simulate(present, changed, question, calendars=CALENDARS)


def capped(cap: int, question: Question = WEEK) -> Question:
    """Return the question with another cap."""
    return replace(question, cap=cap)
