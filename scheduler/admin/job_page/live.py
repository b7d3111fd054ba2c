"""The parts of a job's page that change by themselves: its state, its runs, what comes, and what was done to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import floor
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from scheduler import clock
from scheduler.admin.job_page.compared import sides_and_rows
from scheduler.admin.job_page.frame import find_job, frame_of
from scheduler.admin.job_page.strip import RunMark, chart_of, legend_of, marks_of
from scheduler.admin.job_page.told import Told, lately_done
from scheduler.admin.job_page.upcoming import coming_runs
from scheduler.admin.job_state import state_of
from scheduler.links import job_url
from scheduler.models import ACTIVE, Action, Job, zone_of
from scheduler.recent import Percentiles, RecentRuns, compare_ends, read_recent
from scheduler.words import describe
from scheduler.words.elapsed import say_elapsed

# While something runs or waits, and else.
ACTIVE_SECONDS, IDLE_SECONDS = 2, 5


@dataclass(frozen=True, kw_only=True)
class LiveParts:
    """The parts as HTML, and what must be known beside them; `digest` is another one when any of them is."""

    job_id: str
    job: Job | None
    runs: RecentRuns
    marks: Sequence[RunMark]
    told: Sequence[Told]
    main: SafeString
    history: SafeString

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is known of such a job."""
        return self.job is None and not self.runs.executions and not self.told

    @property
    def digest(self) -> str:
        """What tells what is shown from what was shown before."""
        return sha256(f"{self.main}{self.history}".encode()).hexdigest()[:16]

    @property
    def standing(self) -> str:
        """What the buttons depend on."""
        if self.job is None:
            return "gone"
        return "paused" if self.job.paused else "active"

    @property
    def deleted(self) -> Told | None:
        """Who deleted the job, if it is gone and that is known."""
        if self.job is not None:
            return None
        return next((each for each in self.told if each.entry.action == Action.DELETED), None)

    @property
    def news(self) -> str:
        """What a screen reader says when something has changed."""
        return self.marks[-1].title if self.marks else ""

    @property
    def seconds(self) -> int:
        """After how many seconds it is time to look again."""
        return ACTIVE_SECONDS if self.runs.is_active else IDLE_SECONDS

    @property
    def address(self) -> str:
        """Where to look again."""
        return f"{job_url(self.job_id, 'live')}?seen={self.digest}&standing={self.standing}"


def read_parts(request: HttpRequest, job_id: str) -> LiveParts:
    """Read and render the parts of a job, which may be gone, in a constant number of statements."""
    job, runs = find_job(job_id), read_recent(job_id)
    zone = zone_of(job) if job else None
    marks, told = marks_of(runs, zone), lately_done(job_id, zone)
    context = {**_of_job(job), **_of_runs(runs, marks), "comparison": _compared(runs, job_id, job)}
    return LiveParts(
        job_id=job_id,
        job=job,
        runs=runs,
        marks=marks,
        told=told,
        main=render_to_string("scheduler/job/live.html", context, request),
        history=render_to_string("scheduler/job/told.html", {**frame_of(job_id), "told": told}, request),
    )


def _of_job(job: Any) -> Mapping[str, Any]:
    if job is None:
        return {"job": None}
    return {
        "job": job,
        "state": state_of(job),
        "in_words": describe(job.trigger, job.timezone, seed=job.pk),
        "coming": coming_runs(job, now=clock.now()),
    }


def _of_runs(runs: RecentRuns, marks: Sequence[RunMark]) -> Mapping[str, Any]:
    return {
        "runs": runs,
        "marks": marks,
        "active": [mark for mark in marks if mark.execution.status in ACTIVE],
        "legend": legend_of(marks),
        "chart": chart_of(runs, marks),
        "percent": _percent(runs.success_rate),
        "durations": _shown(runs.durations),
        "lateness": _shown(runs.lateness),
    }


def _compared(runs: RecentRuns, job_id: str, job: Job | None) -> Mapping[str, Any] | None:
    comparison = compare_ends(runs, job_id, job)
    return None if comparison is None else sides_and_rows(comparison)


def _percent(rate: float | None) -> str | None:
    """Return a share as it is read, rounded down: what is not all must not look like it."""
    return None if rate is None else f"{floor(1000 * rate) / 10:g}"


def _shown(lengths: Percentiles | None) -> Mapping[str, Any] | None:
    if lengths is None:
        return None
    return {"count": lengths.count, "p50": say_elapsed(lengths.p50), "p95": say_elapsed(lengths.p95)}
