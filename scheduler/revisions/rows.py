"""Rows of the table of revisions."""

from typing import Any

from scheduler.models import HistoricalJob, Job, RevisionColumns

# What a revision says of a job, beside which job and which revision it is.
DEFINING = tuple(name for field in HistoricalJob.tracked_fields if (name := field.attname) not in ("id", "revision"))


def row_of(job: Job, **columns: Any) -> RevisionColumns:
    """Return the revision that a job is now, as a row that is not written; `columns` go over those of the job."""
    values = {name: getattr(job, name) for name in ("id", "revision", *DEFINING)}
    row: RevisionColumns = HistoricalJob(**{**values, **columns})
    return row
