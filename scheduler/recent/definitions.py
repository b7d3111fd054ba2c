"""The definitions that runs have run: their revisions, with the arguments that a run may have had of its own."""

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any

from scheduler.models import Execution, HistoricalJob, Job, RevisionColumns
from scheduler.revisions import row_of

ARGUMENTS = ("args", "kwargs")


def definitions_of(job_id: str, job: Job | None, runs: Iterable[Execution]) -> dict[int, RevisionColumns]:
    """Return, by the ids of runs, what they ran; of a job that may be gone. Two statements.

    One whose revision is not on record is left out.
    """
    wanted = {run.pk: run.revision for run in runs}
    rows = {row.revision: row for row in HistoricalJob.objects.filter(id=job_id, revision__in=set(wanted.values()))}
    if job is not None:
        # One that nobody has changed since may have been made before revisions were kept.
        rows[job.revision] = row_of(job)
    own = Execution.objects.filter(pk__in=wanted).values_list("pk", *ARGUMENTS)
    arguments = {pk: dict(zip(ARGUMENTS, found, strict=True)) for pk, *found in own}
    return {pk: _with_own(rows[revision], arguments.get(pk, {})) for pk, revision in wanted.items() if revision in rows}


def _with_own(row: RevisionColumns, arguments: Mapping[str, Any]) -> RevisionColumns:
    """Return a definition with the arguments of one run, each of which is the job's where it is None."""
    ran = copy(row)
    for name, value in arguments.items():
        if value is not None:
            setattr(ran, name, value)
    return ran
