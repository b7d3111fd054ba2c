"""Writes down who did what, in the transaction that does it. One INSERT."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from scheduler.actors import Actor, current_actor
from scheduler.masking import without_secrets
from scheduler.models import Action, AuditEntry, Execution, Job, Kind
from scheduler.revisions import is_same

# Characters of a value that are kept; triggers are kept whole, since `why` reads them.
LONGEST_VALUE = 500
LONGEST_NAME = 255
# Columns that are no part of what somebody sees of a job, or follow from others.
UNTOLD = frozenset({"declared", "problem", "run_count"})

Changes: TypeAlias = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Something else than a job that somebody did something to."""

    kind: Kind
    name: str = ""


SCHEDULER = Thing(kind=Kind.SCHEDULER)


def note(
    action: Action,
    *,
    now: datetime,
    of: Job | Execution | Thing = SCHEDULER,
    changes: Changes | None = None,
    details: Mapping[str, Any] | None = None,
    actor: Actor | None = None,
) -> None:
    """Write down that somebody did this: whoever acts in this thread, unless `actor` says otherwise."""
    write([entry(action, now=now, of=of, changes=changes, details=details, actor=actor)])


def write(entries: Iterable[AuditEntry]) -> None:
    """Write entries in one statement."""
    AuditEntry.objects.bulk_create(entries)


def entry(
    action: Action,
    *,
    now: datetime,
    of: Job | Execution | Thing = SCHEDULER,
    changes: Changes | None = None,
    details: Mapping[str, Any] | None = None,
    actor: Actor | None = None,
) -> AuditEntry:
    """Return an entry that is not yet written. `changes` are fields with what was there before and after.

    Unless it is about something, it is about the scheduler as a whole.
    """
    actor = actor or current_actor()
    thing = of if isinstance(of, Thing) else Thing(kind=Kind.JOB, name=of.name if isinstance(of, Job) else "")
    return AuditEntry(
        at=now,
        actor=actor.name[:LONGEST_NAME],
        source=actor.source,
        address=actor.address,
        action=action,
        kind=thing.kind,
        name=thing.name[:LONGEST_NAME],
        job_id=_job_id(of),
        revision=None if isinstance(of, Thing) else of.revision,
        details={**_told(changes or {}), **(details or {})},
    )


def told_of(job: Job) -> dict[str, Any]:
    """Return what the history of a job has to say of it when it begins anew, or ends."""
    return {name: getattr(job, name) for name in ("trigger", "timezone", "paused", "finished_at", "max_runs")}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs, field by field, with what was there before and after; None for what is not there."""
    both = {name: (value, after.get(name)) for name, value in before.items()}
    return {name: (old, new) for name, (old, new) in both.items() if not is_same(old, new)}


def all_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs, also what is only there afterwards."""
    return differences({**dict.fromkeys(after), **before}, after)


def _job_id(of: Job | Execution | Thing) -> str:
    if isinstance(of, Thing):
        return ""
    return str(of.job_id if isinstance(of, Execution) else of.pk)


def _told(changes: Changes) -> dict[str, list[Any]]:
    return {
        name: [_value(name, before), _value(name, after)]
        for name, (before, after) in changes.items()
        if name not in UNTOLD
    }


def _value(field: str, value: Any) -> Any:
    """Return a value as it is kept, without secrets: a list or an object as JSON, so that nothing nests too deep.

    A trigger, which has none, is kept as it is.
    """
    if isinstance(value, datetime):
        return value.isoformat()
    if field != "trigger":
        value = without_secrets(value)
    if isinstance(value, list | dict):
        value = json.dumps(value, sort_keys=True, ensure_ascii=False)
    is_long = isinstance(value, str) and len(value) > LONGEST_VALUE and field != "trigger"
    return f"{value[:LONGEST_VALUE]}…" if is_long else value
