"""The row of a job."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from scheduler.models import Job, Schedule
from scheduler.models.fields import exact_collation

pytestmark = pytest.mark.django_db

# Alike to a database that compares loosely: case, accents, trailing blanks, width, composition, emoji.
IDS = ["a", "A", "a ", "é", "e", "e\u0301", "ａ", "ß", "ss", "😀", "😁"]
DAILY: dict[str, Any] = {"trigger": "cron", "hour": "3"}


def job(job_id: str = "job", **fields: Any) -> Job:
    return Job(id=job_id, **{"name": job_id, "func": "jobs:nothing", "trigger": DAILY, "timezone": "UTC", **fields})


def test_ids_of_jobs_are_exact() -> None:
    Job.objects.bulk_create(job(job_id) for job_id in IDS)

    assert [Job.objects.get(pk=job_id).name for job_id in IDS] == IDS
    assert Job.objects.filter(pk__in=["A", "É"]).count() == 1


def test_ids_of_schedules_are_exact() -> None:
    Schedule.objects.bulk_create(Schedule(id=job_id, job_state=b"") for job_id in IDS)

    assert [Schedule.objects.get(pk=job_id).pk for job_id in IDS] == IDS
    assert Schedule.objects.filter(pk__in=["A", "É"]).count() == 1


def test_id_is_taken_once() -> None:
    job().save(force_insert=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        job().save(force_insert=True)


@pytest.mark.parametrize("write", [lambda: job(max_instances=0).save(), lambda: Job.objects.update(max_instances=0)])
def test_database_refuses_max_instances_below_1(write: Any) -> None:
    job("other").save()

    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_job_that_was_never_scheduled_is_stale() -> None:
    job().save()

    assert Job.objects.stale().count() == 1


def test_predicates_chain() -> None:
    job("broken", problem="gone").save()
    job("finished", problem="gone", finished_at=datetime(2026, 1, 1, tzinfo=UTC)).save()
    job("sound").save()

    assert [found.pk for found in Job.objects.unfinished().broken()] == ["broken"]


def test_exact_collation_is_named_only_where_it_is_needed() -> None:
    from django.db import connection

    assert bool(exact_collation(connection)) == (connection.vendor == "mysql")
