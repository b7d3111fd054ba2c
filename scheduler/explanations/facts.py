"""Gathers all that is known about a job and an instant, in a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from scheduler import conf
from scheduler.calendars import names_in
from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.explanations.asked import Asked, read_asked
from scheduler.explanations.history import JobThen, Past, job_then
from scheduler.explanations.instants import Timing, find_timing
from scheduler.models import (
    HEARTBEAT_EVERY,
    OF_DEFINITIONS,
    OF_SCHEDULER,
    Action,
    AuditEntry,
    Execution,
    Job,
    Kind,
    Node,
    Origin,
    Schedule,
    SchedulerState,
    zone_named,
)
from scheduler.queries import calendars_named
from scheduler.timetables import read_windows, terms_of
from scheduler.triggers import InvalidSpec, Occurrence
from scheduler.triggers.terms import trace_of

# Of what was done to a job since the instant; beyond that nobody can say what held then.
MOST_ENTRIES = 500
MOST_ROWS = 200
# Rows that follow the instant, among which is that into which it was folded, if it was.
ROWS_AFTER = 5


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """What the nodes' rows tell: whether one was heard of at the instant, and else between when none was."""

    any_alive: bool = True
    silent_since: datetime | None = None
    next_start: datetime | None = None
    on_record_since: datetime | None = None
    last_heard_of: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known. `timing` is None where the definition of that time is not known, or cannot be read.

    `to_come` is what becomes of an occurrence that lies in the future, by the maintenance windows as they are now.
    `rows` are the executions of the instant, each with the name of its node as `node_name`; `folding` is the one that
    stands for it among others. `oldest_row` is the earliest instant of which an execution is kept. `calendar_change` is
    what was last done to a calendar of the trigger since the instant.
    """

    job_id: str
    asked: Asked
    now: datetime
    job: Job | None
    next_run_time: datetime | None
    then: JobThen
    timing: Timing | None
    to_come: Occurrence | None = None
    rows: Sequence[Execution]
    folding: Execution | None
    oldest_row: datetime | None
    nodes: Nodes
    scheduler: Past
    state: SchedulerState | None
    calendar_change: AuditEntry | None = None

    @property
    def zone(self) -> tzinfo:
        """The zone in which instants are shown."""
        return self.asked.zone


def gather(job_id: str, at: str, *, now: datetime) -> Facts:
    """Read all that is known about a job and the instant that `at` names. Raises JobNotFound, InvalidInput."""
    next_run_time = Subquery(Schedule.objects.filter(pk=OuterRef("pk")).values("next_run_time")[:1])
    job = Job.objects.filter(pk=job_id).annotate(next_run_time=next_run_time).first()
    asked = read_asked(at, _clock_of(job, job_id), now=now)
    of_job, of_scheduler = _read_past(job_id, asked.end), _read_past("", asked.end)
    oldest_row = Execution.objects.filter(job_id=job_id).aggregate(oldest=Min("scheduled_for"))["oldest"]
    if job is None and oldest_row is None and not of_job.earlier and not of_job.later:
        raise JobNotFound(id=job_id)
    then, timing = _stand(job, job_id, of_job, asked)
    return Facts(
        job_id=job_id,
        asked=asked,
        now=now,
        job=job,
        next_run_time=getattr(job, "next_run_time", None),
        then=then,
        timing=timing,
        to_come=_to_come(job, timing, now=now),
        rows=_rows(job_id, asked),
        folding=_folding(job_id, asked),
        oldest_row=oldest_row,
        nodes=_nodes(asked.start),
        scheduler=of_scheduler.at(asked.start),
        state=SchedulerState.objects.filter(pk=SchedulerState.THE_ONE).first(),
        calendar_change=_calendar_change(then.trigger, asked.end),
    )


def _clock_of(job: Job | None, job_id: str) -> tzinfo:
    """Return the zone of a job; of one that is gone, the zone that it had."""
    if job is not None:
        return zone_named(job.timezone)
    deleted = AuditEntry.objects.of_job(job_id).filter(action=Action.DELETED).first()
    zone = deleted.change_of("timezone") if deleted else None
    return zone_named(zone[0]) if zone else conf.timezone()


def _read_past(job_id: str, moment: datetime) -> Past:
    entries = AuditEntry.objects.of_job(job_id).filter(action__in=OF_DEFINITIONS if job_id else OF_SCHEDULER)
    later = list(entries.filter(at__gt=moment).order_by("id")[:MOST_ENTRIES])
    return Past(
        earlier=list(entries.filter(at__lte=moment)[:MOST_ENTRIES]), later=later, is_whole=len(later) < MOST_ENTRIES
    )


def _stand(job: Job | None, job_id: str, past: Past, asked: Asked) -> tuple[JobThen, Timing | None]:
    """Return how the job stood at the occurrence, if there is one, and what its definition said then."""
    then = job_then(job, past.at(asked.start), asked.start)
    timing = _timing(job_id, then, asked)
    if timing and timing.found and timing.found.at:
        moment = timing.found.at
        then = job_then(job, past.at(moment), moment)
    return then, timing


def _timing(job_id: str, then: JobThen, asked: Asked) -> Timing | None:
    try:
        zone = ZoneInfo(then.timezone or "")
        return find_timing(then.trigger, zone, asked, seed=job_id, calendars=calendars_named(then.trigger))
    except (InvalidSpec, KeyError, OSError, TypeError, ValueError):
        return None


def _to_come(job: Any, timing: Timing | None, *, now: datetime) -> Occurrence | None:
    """Return what becomes of the occurrence, if it lies in the future."""
    moment = timing.found.at if timing and timing.found else None
    if job is None or moment is None or moment <= now:
        return None
    try:
        terms = terms_of(job, windows=read_windows(), due=job.next_run_time)
    except InvalidInput:
        return None
    return next((each.occurrence for each in trace_of(terms, moment, moment) if each.when == moment), None)


def _calendar_change(trigger: Any, moment: datetime) -> AuditEntry | None:
    """Return what was last done to the days of a calendar that a trigger names, since an instant."""
    if not (names := names_in(trigger)):
        return None
    entries = AuditEntry.objects.filter(kind=Kind.CALENDAR, name__in=names, at__gt=moment).order_by("-id")
    # Compared exactly, as not every database does; and what a calendar is for, in words, changes no day.
    matching = (each for each in entries[:MOST_ENTRIES] if each.name in names and set(each.details) != {"description"})
    return next(matching, None)


def _rows(job_id: str, asked: Asked) -> list[Execution]:
    rows = _named(job_id).filter(scheduled_for__gte=asked.start, scheduled_for__lte=asked.end)
    return list(rows.order_by("scheduled_for", "attempt")[:MOST_ROWS])


def _folding(job_id: str, asked: Asked) -> Execution | None:
    """Return the row that stands for several occurrences, the instant among them."""
    rows = _named(job_id).filter(scheduled_for__gt=asked.end, origin=Origin.SCHEDULE, attempt=1)
    following = rows.order_by("scheduled_for")[:ROWS_AFTER]
    return next((row for row in following if row.first_scheduled_for and row.first_scheduled_for <= asked.end), None)


def _named(job_id: str) -> QuerySet[Execution]:
    names = Node.objects.filter(pk=OuterRef("node_id")).values("name")
    return Execution.objects.filter(job_id=job_id).annotate(node_name=Subquery(names[:1]))


def _nodes(moment: datetime) -> Nodes:
    """Say what the nodes' rows tell: from its start to its last heartbeat, a node was there."""
    begun = Q(started_at__lte=moment)
    told = Node.objects.aggregate(
        alive=Count("pk", filter=begun & Q(heartbeat_at__gte=moment - HEARTBEAT_EVERY)),
        silent_since=Max("heartbeat_at", filter=begun),
        next_start=Min("started_at", filter=~begun),
        first=Min("started_at"),
        last=Max("heartbeat_at"),
    )
    return Nodes(
        any_alive=told["alive"] > 0,
        silent_since=told["silent_since"],
        next_start=told["next_start"],
        on_record_since=told["first"],
        last_heard_of=told["last"],
    )
