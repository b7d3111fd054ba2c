"""Definitions that somebody is still typing: when such a job would run, and what that does to the others.

Nothing is written, and nothing need be complete but the trigger.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scheduler.models import Job
from scheduler.previews import preview
from scheduler.queries import next_run_time_of_job
from scheduler.services.planned import DEFAULT_DAYS, Planned, read_question
from scheduler.services.previews import DEFAULT_COUNT, Foretold, preview_definition
from scheduler.services.simulation import simulate_planned
from scheduler.simulation import Finding

# What all jobs do is asked by itself only where there are so few that nobody has to wait.
MOST_ASKED_UNBIDDEN = 100
# And the more there are, the shorter is the time that is looked at: for so many jobs a day, in all.
MOST_JOB_DAYS = 6_000
# What a job that has no id yet is called among the others.
UNNAMED = "?"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A job as it would be, and its next runs. Where its trigger is not new, `due` is the next run that it has now."""

    foretold: Foretold
    is_new: bool = True
    due: datetime | None = None


def foretell_draft(data: Mapping[str, Any], *, of: str | None, now: datetime) -> Draft:
    """Foretell the runs of a job that is being typed; `of` is the job's id where it is stored. Raises InvalidInput.

    A stored job whose trigger stays the same keeps its next run, which somebody may have set.
    """
    foretold = preview_definition({**data, "count": DEFAULT_COUNT}, now=now)
    stored = _find(of)
    if stored is None or (stored.trigger, stored.timezone) != (foretold.job.trigger, foretold.job.timezone):
        return Draft(foretold=foretold)
    due: datetime | None = getattr(stored, "next_run_time", None)
    terms = replace(foretold.terms, due=due, since=stored.created_at)
    runs = None if foretold.job.max_runs is None else max(foretold.job.max_runs - stored.run_count, 0)
    found = preview(terms, start=min(due or now, now), count=DEFAULT_COUNT, left=runs)
    return Draft(foretold=replace(foretold, terms=terms, preview=found), is_new=False, due=due)


def are_few() -> bool:
    """Tell whether there are so few jobs that all of them may be simulated unbidden."""
    return Job.objects.unfinished()[: MOST_ASKED_UNBIDDEN + 1].count() <= MOST_ASKED_UNBIDDEN


def days_looked_at() -> int:
    """Return how many of the coming days a simulation of all jobs looks at."""
    return min(DEFAULT_DAYS, max(1, MOST_JOB_DAYS // (Job.objects.unfinished().count() + 1)))


def find_conflicts(draft: Draft, data: Mapping[str, Any], *, of: str | None, days: int, now: datetime) -> list[Finding]:
    """Simulate all jobs with this one among them, and return what the operator should know of it.

    Raises InvalidInput where there are too many occurrences.
    """
    stored, foretold = _find(of), draft.foretold.job
    job = stored or Job(pk=foretold.pk or UNNAMED, created_at=now)
    for name in ("trigger", "timezone", "tags", "maintenance", "max_runs"):
        setattr(job, name, getattr(foretold, name))
    for name in ("overlap", "max_instances"):
        setattr(job, name, data[name])
    job.paused = False
    planned = Planned(id=job.pk, job=job, due=draft.due)
    findings = simulate_planned([planned], read_question({"timezone": job.timezone, "days": days}, now=now)).findings
    return [finding for finding in findings if job.pk in finding.jobs]


def _find(job_id: str | None) -> Job | None:
    unfinished = Job.objects.unfinished().annotate(next_run_time=next_run_time_of_job())
    return unfinished.filter(pk=job_id).first() if job_id else None
