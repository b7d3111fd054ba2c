"""How a job, and the scheduler, stood at an instant, as far as their rows and what is written down tell. Pure.

What holds now is there to read; what held then follows by undoing what was done since.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scheduler.models import Action, AuditEntry, DesiredState, Job, SchedulerState


@dataclass(frozen=True, kw_only=True)
class Past:
    """What was done to one thing: `earlier` up to an instant, newest first; `later` after it, oldest first.

    `is_whole` is false where more was done since than anybody reads.
    """

    earlier: Sequence[AuditEntry] = ()
    later: Sequence[AuditEntry] = ()
    is_whole: bool = True

    def at(self, moment: datetime) -> "Past":
        """Return the same, as seen from another instant that lies before the later ones."""
        since = [entry for entry in self.earlier if entry.at > moment]
        return replace(self, earlier=self.earlier[len(since) :], later=[*reversed(since), *self.later])

    def value_then(self, field: str, now: Any) -> Any:
        """Return what a field held at the instant: what was there before the first change since."""
        for entry in self.later:
            if change := entry.change_of(field):
                return change[0]
        return now if self.is_whole else None

    def last(self, *actions: Action) -> AuditEntry | None:
        """Return what was the last of these to be done, up to the instant."""
        return next((entry for entry in self.earlier if entry.action in actions), None)

    def first_since(self, *actions: Action) -> AuditEntry | None:
        """Return what was the first of these to be done since."""
        return next((entry for entry in self.later if entry.action in actions), None)


@dataclass(frozen=True, kw_only=True)
class JobThen:
    """How a job stood at an instant. An entry that is None is not on record; neither is a trigger of None.

    `created` and `deleted` are what was done up to the instant, `to_be_created` and `to_be_changed` (its trigger, or
    its zone) what was done since; `begins_at` is a next run that somebody set by hand.
    """

    exists: bool
    created_at: datetime | None = None
    created: AuditEntry | None = None
    deleted: AuditEntry | None = None
    to_be_created: AuditEntry | None = None
    to_be_changed: AuditEntry | None = None
    trigger: Any = None
    timezone: str | None = None
    is_paused: bool = False
    paused: AuditEntry | None = None
    paused_until: datetime | None = None
    pause_reason: str = ""
    quarantined: AuditEntry | None = None
    finished_at: datetime | None = None
    begins_at: datetime | None = None
    set_to_begin: AuditEntry | None = None


def job_then(job: Job | None, past: Past, moment: datetime) -> JobThen:
    """Return how a job, which may be gone by now, stood at an instant."""
    begins_at, set_to_begin = _beginning(past.earlier)
    return JobThen(
        exists=_existed(job, past, moment),
        created_at=job.created_at if job else None,
        created=past.last(Action.CREATED),
        deleted=past.last(Action.DELETED),
        to_be_created=past.first_since(Action.CREATED),
        to_be_changed=next(
            (each for each in past.later if each.change_of("trigger") or each.change_of("timezone")), None
        ),
        trigger=_as_object(past.value_then("trigger", job.trigger if job else None)),
        timezone=past.value_then("timezone", job.timezone if job else None),
        is_paused=bool(past.value_then("paused", job.paused if job else None)),
        paused=_pause(past.earlier),
        paused_until=_as_moment(past.value_then("paused_until", job.paused_until if job else None)),
        pause_reason=past.value_then("pause_reason", job.pause_reason if job else None) or "",
        quarantined=past.last(Action.QUARANTINED),
        finished_at=_as_moment(past.value_then("finished_at", job.finished_at if job else None)),
        begins_at=begins_at,
        set_to_begin=set_to_begin,
    )


def _existed(job: Job | None, past: Past, moment: datetime) -> bool:
    following = past.first_since(Action.CREATED, Action.DELETED)
    if following is not None:
        # A finished job's id may be taken over by a new definition.
        return following.action == Action.DELETED or "replaced" in following.details
    return job is not None and job.created_at <= moment


def _pause(earlier: Iterable[AuditEntry]) -> AuditEntry | None:
    """Return what paused the job, if the last word on that is that it is paused.

    A paused job that is paused once more, for another reason or until another instant, is so by the last of them.
    """
    entry = next((each for each in earlier if each.change_of("paused") or each.action == Action.PAUSED), None)
    change = entry.change_of("paused") if entry else None
    return None if change and not change[1] else entry


def _beginning(earlier: Iterable[AuditEntry]) -> tuple[datetime | None, AuditEntry | None]:
    """Return the next run that somebody set by hand, if nothing that was done later has set another."""
    of_schedule = {"trigger", "timezone", "paused", "next_run_time"}
    entry = next((each for each in earlier if of_schedule & each.details.keys()), None)
    change = entry.change_of("next_run_time") if entry else None
    return (_as_moment(change[1]), entry) if change else (None, None)


@dataclass(frozen=True, kw_only=True)
class SchedulerThen:
    """What all nodes were told at an instant, by whom, and since when."""

    desired: str = DesiredState.RUNNING
    since: datetime | None = None
    entry: AuditEntry | None = None

    @property
    def is_running(self) -> bool:
        """Whether occurrences started."""
        return self.desired == DesiredState.RUNNING


def scheduler_then(state: SchedulerState | None, past: Past, moment: datetime) -> SchedulerThen:
    """Return how the scheduler stood at an instant."""
    if past.earlier:
        entry = past.earlier[0]
        return SchedulerThen(desired=entry.details["desired"][1], since=entry.at, entry=entry)
    if past.later:
        return SchedulerThen(desired=past.later[0].details["desired"][0])
    if state is not None and state.changed_at <= moment:
        return SchedulerThen(desired=state.desired, since=state.changed_at)
    return SchedulerThen()


def scheduler_now(state: SchedulerState | None, past: Past) -> SchedulerThen:
    """Return how the scheduler stands."""
    if state is None:
        return SchedulerThen()
    entry = next(iter([*reversed(past.later), *past.earlier[:1]]), None)
    if entry and entry.details["desired"][1] == state.desired:
        return SchedulerThen(desired=state.desired, since=entry.at, entry=entry)
    return SchedulerThen(desired=state.desired, since=state.changed_at)


def scheduler_between(state: SchedulerState | None, past: Past, moment: datetime, until: datetime) -> SchedulerThen:
    """Return how the scheduler stood at an instant; if it ran then, the first time that it did not, up to `until`."""
    then = scheduler_then(state, past, moment)
    halts = (each for each in past.later if each.at <= until and each.details["desired"][1] != DesiredState.RUNNING)
    if then.is_running and (entry := next(halts, None)):
        return SchedulerThen(desired=entry.details["desired"][1], since=entry.at, entry=entry)
    return then


def _as_object(trigger: Any) -> Any:
    """Return a trigger that is written down as JSON."""
    if not isinstance(trigger, str):
        return trigger
    try:
        return json.loads(trigger)
    except ValueError:
        return None


def _as_moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
