"""The last failure beside the last success, and what changed between them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from scheduler.models import Execution, HistoricalJob, Job, Node, Status
from scheduler.recent import Comparison, compare_ends, read_recent
from scheduler.services.jobs import change_job, create_job, delete_job
from scheduler.services.nodes import register_node

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def job() -> Job:
    return create_job({"id": "job", "func": "jobs:add", "args": [1, 2], "trigger": "interval", "hours": 1})


def ran(minute: int, status: Status, *, revision: int = 1, **more: Any) -> Execution:
    moment = NOW + timedelta(minutes=minute)
    return Execution.objects.create(
        job_id="job", scheduled_for=moment, status=status, revision=revision, created_at=moment, started_at=moment,
        finished_at=moment, **more,
    )  # fmt: skip


def compared() -> Comparison:
    comparison = compare_ends(read_recent("job"), "job", Job.objects.filter(pk="job").first())
    assert comparison is not None
    return comparison


def changes() -> dict[str, tuple[Any, Any]]:
    found = compared().changes
    assert found is not None
    return {each.field: (each.before, each.after) for each in found}


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.FAILED, Status.SKIPPED])
def test_without_a_failure_and_a_success_there_is_nothing_to_compare(status: Status) -> None:
    ran(1, status)

    assert compare_ends(read_recent("job"), "job", Job.objects.get()) is None


def test_latest_of_each_are_compared() -> None:
    for minute, status in enumerate([Status.FAILED, Status.SUCCEEDED, Status.FAILED, Status.SUCCEEDED]):
        ran(minute, status)

    comparison = compared()

    assert comparison.success.scheduled_for == NOW + timedelta(minutes=3)
    assert comparison.failure.scheduled_for == NOW + timedelta(minutes=2)
    assert comparison.changes == []
    assert comparison.is_same


def test_definition_that_changed_between_them_is_told_field_by_field() -> None:
    ran(1, Status.SUCCEEDED, revision=1)
    change_job("job", {"args": [1, 2.5], "timeout": 60})
    ran(2, Status.FAILED, revision=2)

    assert changes() == {"timeout": (None, 60), "args": ([1, 2], [1, 2.5])}


def test_arguments_of_a_single_run_are_told() -> None:
    ran(1, Status.SUCCEEDED)
    ran(2, Status.FAILED, args=[1], kwargs={"second": 3})

    assert changes() == {"args": ([1, 2], [1]), "kwargs": ({}, {"second": 3})}


def test_arguments_that_are_the_same_by_themselves_and_by_the_job_are_no_difference() -> None:
    ran(1, Status.SUCCEEDED)
    ran(2, Status.FAILED, args=[1, 2])

    assert changes() == {}


def test_nodes_are_told() -> None:
    old, new = (register_node(name=name, pid=1, threads=1, now=NOW) for name in ("tokyo-1", "tokyo-2"))
    ran(1, Status.SUCCEEDED, node=old)
    ran(2, Status.FAILED, node=new)

    comparison = compared()
    assert (comparison.success_node, comparison.failure_node) == (old, new)
    assert not comparison.is_same


@pytest.mark.parametrize(
    ("column", "before", "after", "is_same"),
    [
        ("code_version", "v1", "v2", False),
        ("code_version", "v1", "v1", True),
        ("code_version", "", "v2", True),
        ("version", "1.0", "9.9", False),
    ],
)
def test_version_that_both_nodes_know_may_differ(column: str, before: str, after: str, is_same: bool) -> None:
    for minute, status, version in ((1, Status.SUCCEEDED, before), (2, Status.FAILED, after)):
        node = register_node(name="tokyo-1", pid=minute, threads=1, now=NOW)
        Node.objects.filter(pk=node.pk).update(**{column: version})
        ran(minute, status, node=node)

    assert compared().is_same == is_same


def test_definition_that_is_not_on_record_is_said_to_be_unknown() -> None:
    ran(1, Status.SUCCEEDED, revision=1)
    change_job("job", {"timeout": 60})
    ran(2, Status.FAILED, revision=2)
    HistoricalJob.objects.all().delete()

    assert compared().changes is None
    assert not compared().is_same


def test_history_of_a_deleted_job_is_compared() -> None:
    ran(1, Status.SUCCEEDED, revision=1)
    change_job("job", {"timeout": 60})
    ran(2, Status.FAILED, revision=2)
    delete_job("job")

    assert changes() == {"timeout": (None, 60)}


def test_node_that_is_not_on_record_is_no_difference() -> None:
    ran(1, Status.SUCCEEDED, node=register_node(name="tokyo-1", pid=1, threads=1, now=NOW))
    ran(2, Status.FAILED, node_id=1)

    assert compared().is_same


def test_secrets_are_not_told() -> None:
    ran(1, Status.SUCCEEDED, kwargs={"password": "alpha"})
    ran(2, Status.FAILED, kwargs={"password": "omega"})

    assert "alpha" not in repr(compared().changes)
    assert changes().keys() == {"kwargs"}


def test_comparison_takes_three_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    node = register_node(name="tokyo-1", pid=1, threads=1, now=NOW)
    ran(1, Status.SUCCEEDED, node=node)
    ran(2, Status.FAILED, node=node)
    runs, job = read_recent("job"), Job.objects.get()

    with django_assert_num_queries(3):
        compare_ends(runs, "job", job)
