"""Imports documents: carries a plan out in one transaction, or nothing of it. The services of each kind do the work."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from scheduler.exceptions import CarnationError, ImportOutdated, ImportRefused, InvalidInput
from scheduler.exchange import Document
from scheduler.exchange.documents import SECTIONS, Kind
from scheduler.services import calendars, windows
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.import_planning import plan_import
from scheduler.services.import_plans import Change, Plan, Verb
from scheduler.services.jobs import change_job, create_job, delete_job, pause_job, resume_job
from scheduler.services.rules import hold_rules
from scheduler.services.schedules import lock_jobs


@retry_deadlocks
@transaction.atomic
def apply_import(
    document: Document, *, delete_missing: bool = False, now: datetime, fingerprint: str | None = None
) -> Plan:
    """Do what `plan_import` says for the same arguments, all of it or nothing; return the plan that was carried out.

    Raises ImportRefused where anything is wrong, and ImportOutdated where the plan is not the one of the fingerprint,
    or somebody changes meanwhile what it is about.
    """
    hold_rules()
    plan = plan_import(document, delete_missing=delete_missing, now=now)
    if plan.mistakes:
        raise ImportRefused(plan.mistakes)
    if fingerprint not in (None, plan.fingerprint):
        raise ImportOutdated
    present = [each.key for each in plan.changes if each.kind == "job" and each.verb in (Verb.CHANGED, Verb.DELETED)]
    if present:
        lock_jobs(present)
        # Nobody can change these jobs any more; whoever did before the locks has changed the plan.
        if plan_import(document, delete_missing=delete_missing, now=now).fingerprint != plan.fingerprint:
            raise ImportOutdated
    try:
        for change in plan.changes:
            _SERVICES[change.kind, change.verb](change)
    except (InvalidInput, ImportOutdated):
        raise
    except CarnationError as error:
        # A job of this id was added, or a calendar has come into use, since this was planned.
        raise ImportOutdated from error
    return plan


def _add_job(change: Change) -> None:
    data = {**change.data, "id": change.key}
    job = create_job({**data, "next_run_time": None} if change.paused else data)
    if change.paused and not job.paused:
        # A manual trigger has no next run that null could take away.
        pause_job(change.key)


def _change_job(change: Change) -> None:
    if change.data:
        change_job(change.key, change.data, unfinished_only=True)
    if "paused" in change.fields:
        (pause_job if change.paused else resume_job)(change.key, unfinished_only=True)


def _nothing(change: Change) -> None:
    """Leave what is unchanged alone."""


_SERVICES: Mapping[tuple[Kind, Verb], Callable[[Change], Any]] = {
    ("calendar", Verb.ADDED): lambda change: calendars.create_calendar(change.data),
    ("calendar", Verb.CHANGED): lambda change: calendars.change_calendar(change.key, change.data),
    ("calendar", Verb.DELETED): lambda change: calendars.delete_calendar(change.key),
    ("window", Verb.ADDED): lambda change: windows.create_window({**change.data, "name": change.key}),
    ("window", Verb.CHANGED): lambda change: windows.change_window(change.key, change.data),
    ("window", Verb.DELETED): lambda change: windows.delete_window(change.key),
    ("job", Verb.ADDED): _add_job,
    ("job", Verb.CHANGED): _change_job,
    ("job", Verb.DELETED): lambda change: delete_job(change.key, unfinished_only=True),
    **{(kind, Verb.UNCHANGED): _nothing for kind in SECTIONS.values()},
}
