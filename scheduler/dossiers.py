"""All that is on record of one execution, in a constant number of statements. Its job, node and output may be gone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from scheduler.models import (
    Action,
    AuditEntry,
    Execution,
    ExecutionOutput,
    HistoricalJob,
    Job,
    Node,
    Origin,
    RevisionColumns,
    first_id_of,
)
from scheduler.registry import is_same_task

# Attempts that are told on each side of this one.
MOST_ATTEMPTS = 10
# Columns of an attempt that tell how it went.
_TOLD = ("pk", "job_id", "attempt", "status", "origin", "reason", "available_at", "started_at", "finished_at")
# The entry is written in the transaction that queues the run, so soon after it.
_SOON = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """The attempts at one occurrence around one of them; there may be more, before or after."""

    rows: Sequence[Execution]
    has_earlier: bool
    has_later: bool


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One execution, and what belongs to it. `definition` is the revision of the job that it ran, if that is kept."""

    execution: Execution
    output: ExecutionOutput
    job: Job | None
    definition: RevisionColumns | Job | None
    node: Node | None
    attempts: Attempts
    asked_by: AuditEntry | None

    @property
    def func(self) -> str:
        """The task that it ran; "" where nobody knows."""
        return str(getattr(self.definition, "func", ""))

    @cached_property
    def args(self) -> Any:
        """The positional arguments that it ran with: its own, else the definition's; None where nobody knows."""
        own = self.execution.args
        return own if own is not None else getattr(self.definition, "args", None)

    @cached_property
    def kwargs(self) -> Any:
        """The keyword arguments that it ran with: its own, else the definition's; None where nobody knows."""
        own = self.execution.kwargs
        return own if own is not None else getattr(self.definition, "kwargs", None)

    @property
    def obstacle(self) -> str:
        """Why it cannot be run again as it was; "" where it can. The job's other fields are those of today then."""
        if self.job is None:
            return _("Its job is gone.")
        if self.definition is None:
            return _("Revision %d of its job is not kept any more.") % self.execution.revision
        if not is_same_task(self.func, self.job.func):
            return _("It ran %(then)s, and its job runs %(now)s now.") % {"then": self.func, "now": self.job.func}
        return ""

    @property
    def has_arguments_of_today(self) -> bool:
        """Whether its job would run with the same arguments now."""
        return self.job is not None and _json(self.args, self.kwargs) == _json(self.job.args, self.job.kwargs)


def read_dossier(execution_id: int) -> Dossier | None:
    """Return what is on record of an execution; None where there is none."""
    # The row before its output: both are written at once when it ends, so that a final row has its final output.
    execution = Execution.objects.filter(pk=execution_id).first()
    if execution is None:
        return None
    job = Job.objects.filter(pk=execution.job_id).first()
    return Dossier(
        execution=execution,
        output=read_output(execution),
        job=job,
        definition=_definition_of(execution, job),
        node=Node.objects.filter(pk=execution.node_id).first() if execution.node_id else None,
        attempts=_attempts_of(execution),
        asked_by=_asked_by(execution),
    )


def read_output(execution: Execution) -> ExecutionOutput:
    """Return what an execution printed and said; an empty one where nothing was kept."""
    return ExecutionOutput.objects.filter(pk=execution.pk).first() or ExecutionOutput(execution=execution)


def _json(*values: Any) -> str:
    """As JSON compares, where True is not 1."""
    return json.dumps(values, sort_keys=True)


def _definition_of(execution: Execution, job: Job | None) -> RevisionColumns | Job | None:
    kept: RevisionColumns | None = HistoricalJob.objects.filter(
        id=execution.job_id, revision=execution.revision
    ).first()
    if kept is None and job is not None and job.revision == execution.revision:
        return job
    return kept


def _attempts_of(execution: Execution) -> Attempts:
    """By the ledger's unique index, which ends with the attempt."""
    first, last = execution.attempt - MOST_ATTEMPTS, execution.attempt + MOST_ATTEMPTS
    around = Execution.objects.filter(
        Q(attempt__gte=first - 1, attempt__lte=last + 1),
        job_id=execution.job_id,
        scheduled_for=execution.scheduled_for,
    )
    rows = list(around.only(*_TOLD).order_by("attempt"))
    return Attempts(
        rows=[row for row in rows if first <= row.attempt <= last],
        has_earlier=any(row.attempt < first for row in rows),
        has_later=any(row.attempt > last for row in rows),
    )


def _asked_by(execution: Execution) -> AuditEntry | None:
    """Return the entry that says who asked for a run; found by the job's index: its id follows the run's."""
    if execution.origin not in (Origin.MANUAL, Origin.BACKFILL):
        return None
    action = Action.RUN if execution.origin == Origin.MANUAL else Action.BACKFILLED
    soon = first_id_of(execution.created_at + _SOON) - first_id_of(execution.created_at)
    entries = AuditEntry.objects.filter(job_id=execution.job_id, id__range=(execution.pk, execution.pk + soon))
    return entries.filter(action=action, at=execution.created_at).order_by("id").first()
