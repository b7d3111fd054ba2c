"""Deletes what is older, or more, than is to be kept: a little at a time, from any node, and only what is over."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from scheduler import conf
from scheduler.models import (
    OF_STANDING,
    Action,
    AuditEntry,
    Execution,
    ExecutionOutput,
    HistoricalJob,
    Job,
    Kind,
    Node,
    Status,
    first_id_of,
)
from scheduler.services.chores import claim_chore
from scheduler.services.transactions import write_transaction

# The most rows that one transaction deletes, so that nobody waits for long.
CHUNK = 1_000
HOUSEKEEPING_EVERY = timedelta(minutes=10)
# Nodes are named in the history; without a limit of days for that, they go after these.
NODES_KEPT_DAYS = 90


def claim_housekeeping(*, now: datetime) -> bool:
    """Tell one caller among all nodes, every ten minutes, that it is the one who shall prune."""
    return claim_chore("housekept_at", every=HOUSEKEEPING_EVERY, now=now)


def prune(*, now: datetime, pause_seconds: float = 0) -> int:
    """Delete the executions that are not to be kept; return how many. Rests after each chunk, for others' sake."""
    deleted = 0
    for queryset in _disposable(now=now):
        while count := _delete_chunk(queryset):
            deleted += count
            time.sleep(pause_seconds)
    if (days := conf.keep_days()) is not None:
        limit = now - timedelta(days=days)
        while _delete_entries(limit) + _delete_revisions(limit):
            time.sleep(pause_seconds)
    _prune_nodes(now=now)
    return deleted


def _disposable(*, now: datetime) -> Iterator[QuerySet[Execution]]:
    """Yield sets of executions to be deleted, the first in their order first, until none is left."""
    own_days = dict(Job.objects.exclude(keep_days=None).values_list("pk", "keep_days"))
    if (days := conf.keep_days()) is not None:
        with_own = Job.objects.exclude(keep_days=None).values("pk")
        yield _older_than(days, now=now).exclude(job_id__in=with_own)
    for job_id, days in own_days.items():
        yield _older_than(days or 0, now=now).filter(job_id=job_id)
    yield from _too_many()


def _older_than(days: int, *, now: datetime) -> QuerySet[Execution]:
    """Ids grow with time, and the primary key finds them; but what waited or ran for long is as old as its end."""
    limit = now - timedelta(days=days)
    return _ended().filter(Q(finished_at=None) | Q(finished_at__lt=limit), pk__lt=first_id_of(limit)).order_by("pk")


def _too_many() -> Iterator[QuerySet[Execution]]:
    own_limits = dict(Job.objects.exclude(keep_executions=None).values_list("pk", "keep_executions"))
    limits = [limit for limit in (conf.keep_executions(), *own_limits.values()) if limit is not None]
    if not limits:
        return
    counts = (
        Execution.objects.order_by().values_list("job_id").annotate(count=Count("pk")).filter(count__gt=min(limits))
    )
    for job_id, count in list(counts):
        limit = own_limits.get(job_id, conf.keep_executions())
        if limit is not None and count > limit:
            yield from _oldest(job_id, count - limit)


def _oldest(job_id: str, count: int) -> Iterator[QuerySet[Execution]]:
    """Yield the oldest `count` of a job's executions, by the unique index, and so by their occurrences."""
    oldest = Execution.objects.filter(job_id=job_id).order_by("scheduled_for", "attempt")
    last = oldest.values_list("scheduled_for", "attempt")[count - 1 : count].first()
    if last:
        moment, attempt = last
        until = Q(scheduled_for__lt=moment) | Q(scheduled_for=moment, attempt__lte=attempt)
        yield _ended().filter(until, job_id=job_id).order_by("scheduled_for", "attempt")


def _ended() -> QuerySet[Execution]:
    """What is final, and stands in no chain that goes on: retries and recoveries are counted by their rows."""
    going_on = Execution.objects.active().filter(job_id=OuterRef("job_id"), scheduled_for=OuterRef("scheduled_for"))
    return Execution.objects.final().filter(~Exists(going_on))


def _delete_chunk(disposable: QuerySet[Execution]) -> int:
    with write_transaction():
        ids = list(disposable.values_list("pk", flat=True)[:CHUNK])
        ExecutionOutput.objects.filter(pk__in=ids).delete()
        deleted, _by_model = Execution.objects.final().filter(pk__in=ids).delete()
        return deleted


def _delete_entries(limit: datetime) -> int:
    """Delete a chunk of what was done before `limit`; return how many entries.

    Of a job that is still there, who made it stays, and of it and of the scheduler the last word on a pause, however
    old: it says who paused what stands paused since, and how all stood at the limit.
    """
    old = AuditEntry.objects.filter(pk__lt=first_id_of(limit))
    later = old.filter(kind=OuterRef("kind"), job_id=OuterRef("job_id"), pk__gt=OuterRef("pk"))
    has_last_word = ~Exists(later.filter(action__in=OF_STANDING)) & Q(action__in=OF_STANDING)
    says_who_made_it = ~Exists(later.filter(action=Action.CREATED)) & Q(action=Action.CREATED)
    of_something = Q(kind=Kind.SCHEDULER) | Exists(Job.objects.filter(pk=OuterRef("job_id")))
    disposable = old.exclude(of_something, has_last_word | says_who_made_it).order_by("pk")
    with write_transaction():
        ids = list(disposable.values_list("pk", flat=True)[:CHUNK])
        deleted, _by_model = AuditEntry.objects.filter(pk__in=ids).delete()
        return deleted


def _delete_revisions(limit: datetime) -> int:
    """Delete a chunk of the revisions that others had replaced before `limit`; return how many.

    All go of a job that is gone and has no executions left. The first of a job goes last: where one is left, a new job
    of that id is told so, and begins with a number that no execution names.
    """
    old = HistoricalJob.objects.filter(pk__lt=first_id_of(limit))
    later = HistoricalJob.objects.filter(id=OuterRef("id"), pk__gt=OuterRef("pk"))
    was_replaced = Exists(later.filter(pk__lt=first_id_of(limit))) & ~Q(revision=1)
    is_there = Exists(Job.objects.filter(pk=OuterRef("id"))) | Exists(Execution.objects.filter(job_id=OuterRef("id")))
    is_forgotten = ~Exists(later.filter(pk__gte=first_id_of(limit))) & ~is_there
    disposable = old.filter(was_replaced | is_forgotten).order_by("-pk")
    with write_transaction():
        ids = list(disposable.values_list("pk", flat=True)[:CHUNK])
        deleted, _by_model = HistoricalJob.objects.filter(pk__in=ids).delete()
        return int(deleted)


def _prune_nodes(*, now: datetime) -> None:
    """Delete nodes that ended long ago, and run nothing: there are as many of them as there were restarts."""
    long_ago = now - timedelta(days=conf.keep_days() or NODES_KEPT_DAYS)
    running = Execution.objects.filter(status=Status.RUNNING, node_id=OuterRef("pk"))
    Node.objects.filter(~Exists(running), stopped_at__lt=long_ago).delete()
