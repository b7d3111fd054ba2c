"""The definitions that runs have run, by their revisions."""

from collections.abc import Iterable, Mapping
from typing import Any

from scheduler.models import HistoricalJob, Job

# What sets revisions of one job apart, but is no part of what they define.
_BESIDE = ("id", "revision")


def definitions_of(job_id: str, job: Job | None, revisions: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """Return the columns of these revisions of a job, which may be gone; one that is not on record is left out."""
    names = [field.attname for field in HistoricalJob.tracked_fields if field.attname not in _BESIDE]
    wanted = set(revisions)
    rows = HistoricalJob.objects.filter(id=job_id, revision__in=wanted) if wanted else []
    found: dict[int, Mapping[str, Any]] = {row.revision: {name: getattr(row, name) for name in names} for row in rows}
    if job is not None and job.revision in wanted:
        # One that nobody has changed since may have been made before revisions were kept.
        found[job.revision] = {name: getattr(job, name) for name in names}
    return found
