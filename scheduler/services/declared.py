"""Loads SCHEDULER_JOBS. The settings speak when they change; in between, what the operator did stands."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler import conf
from scheduler.actors import acting
from scheduler.exceptions import InvalidInput, JobAlreadyExists, JobNotFound
from scheduler.models import Job
from scheduler.services.definitions import TRIGGER_FIELDS
from scheduler.services.jobs import change_job, create_job
from scheduler.services.values import read_args, read_id, read_kwargs
from scheduler.triggers import InvalidField

# Fields of an entry that say how to add it, not what it is.
_ABOUT_ADDING = frozenset({"replace_existing", "jobstore"})


@dataclass
class Report:
    """What loading did, by job id; `invalid` also says why."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    invalid: dict[str, str] = field(default_factory=dict)


def load_declared_jobs(entries: Sequence[Mapping[str, Any]]) -> Report:
    """Bring the jobs that the settings declare into the database. Never raises for an entry, never deletes a job.

    A new entry is added, one that differs from what was loaded last changes its job, an unchanged one touches
    nothing: next run time, pause and the operator's edits stay. Jobs whose entry is gone are reported.
    """
    report = Report()
    for entry in entries:
        try:
            with acting(name="SCHEDULER_JOBS", source="settings"):
                _load(entry, report)
        except (JobAlreadyExists, JobNotFound):
            # Another node, which starts at the same moment, has just loaded it; or somebody has just deleted it.
            report.unchanged.append(entry["id"])
        except (InvalidField, InvalidInput) as error:
            report.invalid[str(entry.get("id"))] = str(error)
    ids = [str(entry.get("id")) for entry in entries]
    gone = Job.objects.unfinished().filter(declared__isnull=False).exclude(pk__in=ids).order_by("pk")
    report.removed += gone.values_list("pk", flat=True)
    return report


def _load(entry: Mapping[str, Any], report: Report) -> None:
    job_id, declared = read_id(entry.get("id")), _as_json(entry)
    job = Job.objects.filter(pk=job_id).first()
    if job and job.declared == declared:
        report.unchanged.append(job_id)
    elif job and not job.finished_at:
        change_job(job_id, _as_change(entry, job), declared=declared)
        report.changed.append(job_id)
    else:
        create_job({**entry, "replace_existing": job is not None}, declared=declared)
        report.added.append(job_id)


def _as_json(entry: Mapping[str, Any]) -> Any:
    """Return the entry as JSON gives it back, so that tuples, dates and zones compare equal to what was stored."""
    try:
        return json.loads(json.dumps(entry, default=str))
    except TypeError as error:
        raise InvalidInput({"id": f"{entry['id']}: {error}"}) from error


def _as_change(entry: Mapping[str, Any], job: Job) -> dict[str, Any]:
    """Return the change that makes a job what its entry says: a paused one stays paused, an equal trigger untouched.

    An entry is written as for a POST, which takes some values in more forms than a PATCH does.
    """
    defaults = {**conf.job_defaults(), "executor": "default"}
    change = {**defaults, **{name: value for name, value in entry.items() if name not in _ABOUT_ADDING}}
    change |= {
        "name": entry.get("name") or job.id,
        "args": read_args(entry.get("args")),
        "kwargs": read_kwargs(entry.get("kwargs")),
        "trigger": entry.get("trigger") or "date",
    }
    if job.paused:
        change.setdefault("next_run_time", None)
    if job.declared and _trigger_part(job.declared) == _trigger_part(_as_json(entry)):
        change = {name: value for name, value in change.items() if name not in TRIGGER_FIELDS}
    return change


def _trigger_part(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name in TRIGGER_FIELDS}
