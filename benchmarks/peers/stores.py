"""APScheduler with its three stores, and jobs written to them in bulk: add_job would take minutes."""

import os
import pickle
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

# As many as a node of Carnation has.
THREADS = 20
SCHEMES = {"mysql": "mysql+mysqldb", "postgres": "postgresql+psycopg", "sqlite": "sqlite"}


def create_scheduler(store: str) -> BackgroundScheduler:
    """A scheduler that is not started, with a store that is empty."""
    return BackgroundScheduler(
        jobstores={"default": _create_store(store)},
        executors={"default": ThreadPoolExecutor(THREADS)},
        timezone=UTC,
    )


def create_job(
    scheduler: BackgroundScheduler, number: int, trigger: Any, *, next_run_time: Any, **policies: Any
) -> Job:
    """A job that is in no store yet."""
    job = Job(
        scheduler,
        id=f"job-{number:06}",
        name="job",
        func="benchmarks.peers.bodies:note",
        args=(number,),
        kwargs={},
        trigger=trigger,
        executor="default",
        next_run_time=next_run_time,
        **policies,
    )
    job._jobstore_alias = "default"
    return job


def store_jobs(scheduler: BackgroundScheduler, jobs: Sequence[Job]) -> None:
    """Write the rows that the store itself would write."""
    store = scheduler._jobstores["default"]
    store.start(scheduler, "default")
    if isinstance(store, MemoryJobStore):
        for job in jobs:
            store.add_job(job)
    elif hasattr(store, "jobs_t"):
        _insert_by_sqlalchemy(store, jobs)
    else:
        _insert_by_django(jobs)


def _create_store(store: str) -> Any:
    if store == "memory":
        return MemoryJobStore()
    if store == "sqlalchemy":
        from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore

        return SQLAlchemyJobStore(_sqlalchemy_url())
    from django_apscheduler.jobstores import DjangoJobStore

    return DjangoJobStore()


def _sqlalchemy_url() -> str:
    scheme, _colon, rest = os.environ["DATABASE_URL"].partition(":")
    return f"{SCHEMES[scheme]}:{rest}" + ("?charset=utf8mb4" if scheme == "mysql" else "")


def _insert_by_sqlalchemy(store: Any, jobs: Sequence[Job]) -> None:
    rows = [{"id": job.id, "next_run_time": job.next_run_time.timestamp(), "job_state": _pickled(job)} for job in jobs]
    with store.engine.begin() as connection:
        connection.execute(store.jobs_t.delete())
        connection.execute(store.jobs_t.insert(), rows)


def _insert_by_django(jobs: Sequence[Job]) -> None:
    from django_apscheduler.models import DjangoJob

    DjangoJob.objects.all().delete()
    DjangoJob.objects.bulk_create(
        [DjangoJob(id=job.id, next_run_time=job.next_run_time, job_state=_pickled(job)) for job in jobs],
        batch_size=1_000,
    )


def _pickled(job: Job) -> bytes:
    return pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL)
