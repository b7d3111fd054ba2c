"""How long the runs of jobs took, from the latest of each."""

import statistics
from collections.abc import Iterable, Sequence
from itertools import groupby

from scheduler.models import Execution
from scheduler.simulation import Durations

# Of each job; more tell little more.
LATEST_RUNS = 40
# How many jobs one statement asks for.
JOBS_AT_ONCE = 100


def durations_of(job_ids: Iterable[str]) -> dict[str, Durations]:
    """Return how long each job's latest runs took; jobs of which no run that has ended is on record are left out."""
    ids, found = list(job_ids), {}
    for start in range(0, len(ids), JOBS_AT_ONCE):
        found.update(_read(ids[start : start + JOBS_AT_ONCE]))
    return found


def _read(job_ids: Sequence[str]) -> dict[str, Durations]:
    rows = Execution.objects.raw(_statement(len(job_ids)), list(job_ids))
    runs = {job_id: [row.duration for row in rows] for job_id, rows in groupby(rows, lambda row: row.job_id)}
    return {
        job_id: _summed_up([each.total_seconds() for each in durations if each]) for job_id, durations in runs.items()
    }


def _statement(jobs: int) -> str:
    """For each job the latest rows of its index: nobody reads the whole history of a job that runs each second."""
    table, columns = Execution._meta.db_table, "id, job_id, started_at, finished_at"
    latest = f"""
        SELECT {columns} FROM {table} WHERE job_id = %s AND started_at IS NOT NULL AND finished_at IS NOT NULL
        ORDER BY scheduled_for DESC LIMIT {LATEST_RUNS}
    """  # noqa: S608 - the names are ours, the values are parameters
    parts = [f"SELECT * FROM ({latest}) AS of_job_{number}" for number in range(jobs)]  # noqa: S608
    return f"SELECT {columns} FROM ({' UNION ALL '.join(parts)}) AS runs ORDER BY job_id"  # noqa: S608


def _summed_up(seconds: Sequence[float]) -> Durations:
    ordered = sorted(max(each, 0.0) for each in seconds) or [0.0]
    return Durations(median=statistics.median(ordered), high=ordered[int(0.95 * (len(ordered) - 1) + 0.5)])
