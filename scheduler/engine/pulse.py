"""The pulse: all that a turn must know to decide what to do, in one statement."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.engine.statements import as_moment, as_parameter, moment_of, select
from scheduler.exceptions import NodeBuried
from scheduler.models import Execution, Job, Node, Origin, Schedule, SchedulerState, Status

_READY = f"SELECT 1 FROM {Execution._meta.db_table} WHERE status = %s AND available_at <= %s"


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """What all nodes are told, and whether there is work."""

    desired: str
    next_run_time: datetime | None
    # When the next of the paused jobs resumes by itself.
    next_resume: datetime | None
    has_stale: bool
    has_queued: bool
    has_manual: bool
    # How often somebody has asked this node to cancel something.
    orders: int
    # Counts the changes of calendars and maintenance windows.
    rules_revision: int


def feel_pulse(node: Node, *, now: datetime, has_due: bool = False) -> Pulse:
    """Read the pulse. Each part is one look into an index. Raises NodeBuried when the node has been declared dead.

    Who knows that something is due need not look for it: amid a burst the front of that index is full of entries that
    were moved away, and on PostgreSQL the look takes longer than all others.

    Not by the ORM, which takes several times as long to make the statement as the database to answer it.
    """
    first_resume = f"(SELECT {moment_of('MIN(paused_until)')} FROM {Job._meta.db_table})"
    first_due = f"(SELECT {moment_of('MIN(next_run_time)')} FROM {Schedule._meta.db_table})"
    statement = f"""
        SELECT desired, rules_revision, {"NULL" if has_due else first_due}, {first_resume},
        EXISTS (SELECT 1 FROM {Job._meta.db_table} WHERE stale = 1),
        EXISTS ({_READY}),
        EXISTS ({_READY} AND origin = %s),
        (SELECT orders FROM {Node._meta.db_table} WHERE id = %s AND stopped_at IS NULL)
        FROM {SchedulerState._meta.db_table} WHERE id = %s
    """
    ready = [Status.QUEUED.value, as_parameter(now)]
    parameters = [*ready, *ready, Origin.MANUAL.value, node.pk, SchedulerState.THE_ONE]
    for desired, revision, next_run_time, next_resume, has_stale, has_queued, has_manual, orders in select(
        statement, parameters
    ):
        if orders is None:
            raise NodeBuried(name=node.name)
        return Pulse(
            desired=desired,
            next_run_time=now if has_due else as_moment(next_run_time),
            next_resume=as_moment(next_resume),
            has_stale=bool(has_stale),
            has_queued=bool(has_queued),
            has_manual=bool(has_manual),
            orders=orders,
            rules_revision=revision,
        )
    # Somebody deleted the one row, as a test database's flush does.
    SchedulerState.objects.get_or_create(pk=SchedulerState.THE_ONE)
    return feel_pulse(node, now=now)
