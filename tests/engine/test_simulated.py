"""What is simulated is what the engine starts: 1,000 random definitions, claimed one instant after the other."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scheduler.engine.definitions import Definitions
from scheduler.engine.ledger import Room
from scheduler.engine.store import ScheduleStore
from scheduler.exceptions import InvalidInput
from scheduler.models import ACTIVE, Execution, Node, Schedule
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job
from scheduler.services.simulation import Stock, read_stored_jobs
from scheduler.services.windows import create_window
from scheduler.simulation import Question, Subject
from scheduler.simulation.courses import Courses
from scheduler.timetables import read_windows
from scheduler.triggers.instants import moment_of
from scheduler.triggers.timetable import Crowded
from tests.triggers.occurrences import ZONES, any_fields

pytestmark = pytest.mark.django_db

# The clocks of New York go back on the third day.
NOW = datetime(2026, 10, 30, 12, tzinfo=UTC)
# SQLite's claims are quick, and those of a server the same.
DEFINITIONS = 1_000 if connection.vendor == "sqlite" else 200
DUE_EACH = 5
LENGTHS = (timedelta(days=4), timedelta(hours=12), timedelta(minutes=10), timedelta(seconds=5))
MOST = 1_000
PLENTY = Room({"default": 1_000_000})
# Which windows concern a job, and its policy for them.
upkeep = st.fixed_dictionaries(
    {"tags": st.sampled_from([[], ["nightly"], ["often"]]), "maintenance": st.sampled_from(["skip", "once", "all"])}
)
zones = st.sampled_from([zone.key for zone in ZONES])
HASHED = st.sampled_from(["H H * * *", "H/20 * * * *", "0 3 * * *", "*/30 1 * * *", "H(0-29) 9-17 * * 1-5"])
crontabs = HASHED.map(lambda text: {"trigger": "cron", "crontab": text})
definitions = st.builds(
    lambda fields, zone, more: {**fields, "timezone": zone, **more}, crontabs | any_fields, zones, upkeep
)


def draw(count: int) -> list[dict[str, Any]]:
    """Return so many different definitions, or more, always the same."""
    drawn: dict[str, dict[str, Any]] = {}

    @settings(
        max_examples=3 * count, phases=[Phase.generate], derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(definitions)
    def collect(fields: dict[str, Any]) -> None:
        text = json.dumps(fields)
        # To find out that nothing is left of these takes seconds.
        if not ("MINUTELY" in text and "BYHOUR" in text and "allowed_hours" in text):
            drawn[text] = fields

    collect()
    return list(drawn.values())


def store_jobs() -> int:
    """Store as many jobs as are wanted; what is refused is none of them."""
    create_calendar(
        {
            "name": "work",
            "days": [{"day": "2026-10-31", "working": True}, {"day": "2026-11-02", "working": False}],
        }
    )
    create_window({"name": "night", "trigger": "cron", "hour": "1,13", "duration_seconds": 5400, "tags": ["nightly"]})
    create_window({"name": "gaps", "trigger": "interval", "hours": 3, "duration_seconds": 1800, "tags": ["often"]})
    stored = 0
    for fields in draw(DEFINITIONS):
        try:
            policies = {"max_instances": 1_000, "misfire_grace_time": None}
            create_job({"id": f"job-{stored}", "func": "jobs:nothing", **fields, **policies})
        except InvalidInput:
            continue
        stored += 1
        if stored == DEFINITIONS:
            break
    return stored


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """What a job is simulated to start, up to `end`: each start with the instant that it is scheduled for."""

    end: datetime
    starts: list[tuple[datetime, datetime]]


def simulated(subject: Subject) -> Foretold:
    """Simulate a job for as long as it does not come too often."""
    for length in LENGTHS:
        question = Question(start=NOW, length=length, zone=UTC, cap=1)
        try:
            course = Courses(question, most=MOST).of(subject)
        except Crowded:
            continue
        pairs = zip(course.scheduled, course.starts, strict=True)
        return Foretold(end=question.end, starts=[(moment_of(when), moment_of(start)) for when, start in pairs])
    return Foretold(end=NOW - timedelta(seconds=1), starts=[])


def claim_each(node: Node, ends: dict[str, datetime]) -> dict[str, datetime]:
    """Claim at each instant at which anything is due; return how far each job has come.

    A job is left alone when it has come to its end, or has been due often enough.
    """
    definitions = Definitions()
    definitions.windows = read_windows()
    store, times, last = ScheduleStore(definitions), Counter[str](), dict(ends)
    while (now := _next_due()) is not None:
        due = list(Schedule.objects.filter(next_run_time__lte=now).values_list("pk", flat=True))
        times.update(due)
        over = {job_id for job_id in due if ends[job_id] < now}
        Schedule.objects.filter(pk__in=over).update(next_run_time=None)
        store.claim(node, now=now, room=PLENTY.copy())
        done = {job_id for job_id in due if times[job_id] == DUE_EACH} - over
        last |= dict.fromkeys(done, now)
        Schedule.objects.filter(pk__in=done).update(next_run_time=None)
    return last


def _next_due() -> datetime | None:
    due = Schedule.objects.exclude(next_run_time=None).order_by("next_run_time")
    moment: datetime | None = due.values_list("next_run_time", flat=True).first()
    return moment


def started() -> dict[str, list[tuple[datetime, datetime]]]:
    """Return what the ledger says that starts, by job."""
    found: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Execution.objects.filter(status__in=ACTIVE).order_by("scheduled_for")
    for job_id, scheduled_for, available_at in rows.values_list("job_id", "scheduled_for", "available_at"):
        found[job_id].append((scheduled_for, available_at))
    return found


def test_simulated_instants_are_those_that_the_engine_starts(node: Node) -> None:
    with time_machine.travel(NOW, tick=False):
        count = store_jobs()
    jobs = list(read_stored_jobs())
    stock = Stock(Question(start=NOW, length=LENGTHS[0], zone=UTC, cap=1), jobs)
    foretold = {job.pk: simulated(stock.stored(job)) for job in jobs}

    last = claim_each(node, {job_id: each.end for job_id, each in foretold.items()})

    expected = {job_id: [pair for pair in each.starts if pair[0] <= last[job_id]] for job_id, each in foretold.items()}
    in_truth = started()
    assert count == DEFINITIONS
    assert sum(map(len, expected.values())) > DEFINITIONS
    assert any(start > when for pairs in expected.values() for when, start in pairs)
    assert {job_id: pairs for job_id, pairs in expected.items() if in_truth[job_id] != pairs} == {}
