"""The next runs of a job, and what is left out between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import ngettext

from scheduler.exceptions import CarnationError
from scheduler.models import Job
from scheduler.previews import Line
from scheduler.services.previews import preview_job
from scheduler.words import said
from scheduler.words.moments import write_wall

NEXT = 5
# Lines of what is left out between the runs; a calendar can leave out a lot.
MOST_LINES = 12


@dataclass(frozen=True, kw_only=True)
class Coming:
    """One line: the instant, None where it does not run; what the job's clock was to show; and what is to be said."""

    at: datetime | None
    planned: str
    marks: Sequence[str]
    more: str = ""


def coming_runs(job: Job, *, now: datetime) -> list[Coming]:
    """Return the next runs; none of a job that is over, broken, or paused for good."""
    if job.finished_at or (job.paused and not job.end_of_pause):
        return []
    try:
        foretold = preview_job(job.pk, {"count": NEXT}, now=now)
    except CarnationError:
        return []
    return [_line(line, foretold.terms.zone) for line in foretold.preview.lines[:MOST_LINES]]


def _line(line: Line, zone: tzinfo) -> Coming:
    occurrence = line.occurrence
    more = ""
    if line.count is not None and line.count > 1:
        more = ngettext("and %d more", "and %d more", line.count - 1) % (line.count - 1)
    return Coming(
        at=occurrence.at,
        planned=f"{write_wall(occurrence.planned)} {zone}",
        marks=[said(mark.reason) for mark in occurrence.marks],
        more=more,
    )
