"""What a job is up to, in a word that the list and the job's own page share."""

from typing import NamedTuple

from django.utils.translation import gettext

from scheduler.models import Job, zone_of
from scheduler.words.moments import tell_moment


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
    if job.end_of_pause:
        return JobState("paused", gettext("paused until %s") % tell_moment(job.end_of_pause, zone_of(job)))
    return JobState("paused", gettext("paused")) if job.paused else JobState("active", gettext("active"))
