"""What runs now."""

import pytest
from pytest_django import DjangoAssertNumQueries

from scheduler.models import ExecutionOutput, Status
from scheduler.overview import running
from scheduler.overview.running import read_running
from scheduler.services.nodes import register_node
from tests.overview.rows import made
from tests.services.rows import NOW, make_job

pytestmark = pytest.mark.django_db


def test_run_is_told_with_its_job_its_node_and_its_progress() -> None:
    make_job("report", name="Nightly report")
    node = register_node(name="tokyo", pid=1, threads=1, now=NOW)
    run = made(NOW, job_id="report", status=Status.RUNNING, node=node)
    ExecutionOutput.objects.create(execution=run, progress_done=1, progress_total=4, progress_text="page 1")

    (found,) = read_running()

    assert (found.id, found.name, found.node) == (run.pk, "Nightly report", "tokyo")
    assert (found.percent, found.progress_text) == (25.0, "page 1")


def test_run_without_job_node_or_progress_is_told_as_well() -> None:
    made(NOW, job_id="gone", status=Status.RUNNING)

    (found,) = read_running()

    assert (found.job_id, found.name, found.node, found.percent) == ("gone", None, None, None)


@pytest.mark.parametrize(("done", "total", "percent"), [(9, 4, 100.0), (-1, 4, 0.0), (1, 0, None), (1, -4, None)])
def test_progress_beyond_its_ends_stays_within_them(done: float, total: float, percent: float | None) -> None:
    run = made(NOW, status=Status.RUNNING)
    ExecutionOutput.objects.create(execution=run, progress_done=done, progress_total=total)

    assert read_running()[0].percent == percent


def test_only_what_runs_is_told_the_longest_first() -> None:
    first = made(NOW, job_id="a", status=Status.RUNNING)
    second = made(NOW, job_id="b", status=Status.RUNNING)
    made(NOW, job_id="c", status=Status.QUEUED)
    made(NOW, job_id="d")

    assert [run.id for run in read_running()] == [first.pk, second.pk]


def test_one_statement_reads_no_more_than_is_shown(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(running, "MOST_RUNNING", 2)
    for number in range(5):
        made(NOW, job_id=f"job-{number}", status=Status.RUNNING)

    with django_assert_num_queries(1):
        assert len(read_running()) == 3
