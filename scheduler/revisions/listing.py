"""The revisions of a job, which may be gone. One statement for a page of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.exceptions import RevisionNotFound
from scheduler.models import Action, HistoricalJob, Job, RevisionColumns
from scheduler.revisions.comparing import Difference, compare
from scheduler.revisions.rows import row_of


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One revision, who made it and by which way, and what it changed; None where the one before is not on record."""

    number: int
    at: datetime
    actor: str
    source: str
    action: Action | None
    restored_from: int | None
    is_current: bool
    changes: Sequence[Difference] | None


def list_revisions(job_id: str, job: Job | None, *, before: int | None = None, limit: int) -> list[Revision]:
    """Return the newest revisions, or those older than the number `before`; at most `limit`, newest first.

    What a job was made past the services, or before revisions were kept, is known from the job alone.
    """
    rows = HistoricalJob.objects.filter(id=job_id).order_by("-revision")
    found: list[RevisionColumns] = list((rows.filter(revision__lt=before) if before else rows)[: limit + 1])
    if job and not before and (not found or found[0].revision < job.revision):
        found.insert(0, row_of(job, history_date=job.updated_at))
    current = job.revision if job else None
    older = [*found, None][1:]
    return [_revision(row, earlier, current=current) for row, earlier in zip(found, older, strict=True)][:limit]


def find_revision(job_id: str, number: int) -> RevisionColumns:
    """Return what a revision was. Raises RevisionNotFound."""
    # PostgreSQL would refuse to look for an id with a null character, or for such a number.
    can_be = "\0" not in job_id and 0 < number < 2**31
    row: RevisionColumns | None = HistoricalJob.objects.filter(id=job_id, revision=number).first() if can_be else None
    if row is None:
        raise RevisionNotFound(id=job_id, revision=number)
    return row


def _revision(row: RevisionColumns, earlier: RevisionColumns | None, *, current: int | None) -> Revision:
    return Revision(
        number=row.revision,
        at=row.history_date,
        actor=row.actor,
        source=row.source,
        action=Action(row.action) if row.action in Action.values else None,
        restored_from=row.restored_from,
        is_current=row.revision == current,
        changes=compare(earlier, row) if earlier else None,
    )
