"""What a job is up to, in a word that the list and the job's own page share."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext

from scheduler.models import Job
from scheduler.words.moments import write_moment


class JobState(NamedTuple):
    """A code for programs, and words for people."""

    code: str
    words: str


def state_of(job: Job) -> JobState:
    """Say what a job is up to; of one that is paused for a while, until when."""
    if job.problem:
        return JobState("broken", gettext("broken"))
    if job.finished_at:
        return JobState("finished", gettext("finished"))
    if job.paused and job.paused_until:
        return JobState("paused", gettext("paused until %s") % in_zone_of(job, job.paused_until))
    return JobState("paused", gettext("paused")) if job.paused else JobState("active", gettext("active"))


def in_zone_of(job: Job, moment: datetime | None) -> str:
    """Return an instant as the job shows it."""
    shown = job.localize(moment)
    return write_moment(shown) if shown else ""
