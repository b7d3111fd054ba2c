"""The next runs of a job, and what is left out between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from scheduler.exceptions import CarnationError
from scheduler.models import Job, shown_zone
from scheduler.previews import Line
from scheduler.services.previews import preview_job
from scheduler.words import said

NEXT = 5
# Lines of what is left out between the runs; a calendar can leave out a lot.
MOST_LINES = 12
_FORMAT = "D Y-m-d H:i:s"


@dataclass(frozen=True, kw_only=True)
class Coming:
    """One line: when in the job's zone, the instant (None where it does not run), and what is to be said of it."""

    wall: str
    at: datetime | None
    marks: Sequence[str]
    more: str = ""


def coming_runs(job: Job, *, now: datetime) -> list[Coming]:
    """Return the next runs; none of a job that is over, broken, or paused for good."""
    if job.finished_at or (job.paused and job.paused_until is None):
        return []
    # What is due while the job is paused does not run, and what is due at the end of the pause does.
    asked: dict[str, Any] = {"count": NEXT, **({"start": max(job.paused_until, now)} if job.paused_until else {})}
    try:
        foretold = preview_job(job.pk, asked, now=now)
    except CarnationError:
        return []
    return [_line(line, foretold.terms.zone) for line in foretold.preview.lines[:MOST_LINES]]


def viewers_zone(job: Job) -> tzinfo | None:
    """Return the zone of whoever is looking, where it is another than the job's."""
    current = timezone.get_current_timezone()
    return None if str(current) == str(shown_zone({}, job.timezone)) else current


def _line(line: Line, zone: tzinfo) -> Coming:
    occurrence = line.occurrence
    shown = occurrence.at.astimezone(zone) if occurrence.at else occurrence.planned
    more = ""
    if line.count is not None and line.count > 1:
        more = ngettext("and %d more", "and %d more", line.count - 1) % (line.count - 1)
    return Coming(
        wall=f"{date_format(shown, _FORMAT)} {shown.tzname() or ''}".strip(),
        at=occurrence.at,
        marks=[said(mark.reason) for mark in occurrence.marks],
        more=more,
    )
