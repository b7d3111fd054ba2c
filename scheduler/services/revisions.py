"""Writes down each revision of a job, in the transaction that makes it. One INSERT."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import JSONField, Max, Value

from scheduler.actors import NOBODY, Actor, current_actor
from scheduler.models import Action, HistoricalJob, Job, RevisionColumns
from scheduler.revisions import row_of
from scheduler.services.audit import LONGEST_NAME

_CREATED, _CHANGED = "+", "~"
_JSON = tuple(field.attname for field in HistoricalJob.tracked_fields if isinstance(field, JSONField))


def revision_of(job: Job, action: Action, *, now: datetime, actor: Actor | None = None, **told: Any) -> RevisionColumns:
    """Return the revision that the job is now; not yet written. `told` are other columns of it."""
    actor = actor or current_actor()
    is_first = action == Action.CREATED and job.revision == 1
    return _row(job, actor, action=action, history_date=now, history_type=_CREATED if is_first else _CHANGED, **told)


def revision_before(job: Job, **before: Any) -> RevisionColumns:
    """Return what the job was before a change that is about to be made; `before` are columns that are changed already.

    It is there already, unless the job was made past the services, or before revisions were kept; nobody knows by whom.
    """
    return _row(job, NOBODY, history_date=job.updated_at, history_type=_CHANGED, **before)


def write_new(revision: RevisionColumns) -> None:
    """Write the first revision of a job. Raises IntegrityError where a job that is gone had the same id."""
    HistoricalJob.objects.bulk_create([revision])


def write(revisions: Iterable[RevisionColumns]) -> None:
    """Write revisions in one statement; what is there already stays."""
    HistoricalJob.objects.bulk_create(revisions, ignore_conflicts=True)


def next_revision_of(job_id: str) -> int:
    """Return the number that a new job begins with: executions name the revisions of one that was deleted, too."""
    last = HistoricalJob.objects.filter(id=job_id).aggregate(last=Max("revision"))["last"]
    return (last or 0) + 1


def _row(job: Job, actor: Actor, **columns: Any) -> RevisionColumns:
    row = row_of(job, actor=actor.name[:LONGEST_NAME], source=actor.source, **columns)
    for name in _JSON:
        if getattr(row, name) is None:
            # JSON's null, which somebody has written into the job by hand, is not the database's.
            setattr(row, name, Value(None, JSONField()))
    return row
