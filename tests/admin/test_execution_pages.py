"""The ledger's pages: read-only, searchable, and without a count of all rows."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scheduler.models import Execution, ExecutionOutput, Job, Status
from scheduler.services.jobs import create_job, run_job
from scheduler.services.nodes import register_node

LIST = "/admin/scheduler/execution/"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def execution(db: None) -> Execution:
    create_job({"id": "job", "func": "jobs:fail", "trigger": "interval", "hours": 1})
    execution = run_job("job")
    node = register_node(name="tokyo-1", pid=1, threads=1, now=NOW)
    Execution.objects.update(
        status=Status.FAILED, reason="RuntimeError: it broke", node=node, started_at=NOW, finished_at=NOW
    )
    ExecutionOutput.objects.create(execution=execution, traceback="Traceback: <b>line 1</b>")
    return execution


def test_page_shows_reason_node_and_escaped_traceback(browser: Client, execution: Execution) -> None:
    page = browser.get(f"{LIST}{execution.pk}/change/").content.decode()

    assert "RuntimeError: it broke" in page
    assert "tokyo-1" in page
    assert "Traceback: &lt;b&gt;line 1&lt;/b&gt;" in page


def test_history_of_a_deleted_job_is_still_shown(browser: Client, execution: Execution) -> None:
    Job.objects.all().delete()

    assert "job" in browser.get(LIST).content.decode()
    assert browser.get(f"{LIST}{execution.pk}/change/").status_code == 200


def test_search_finds_the_beginning_of_a_jobs_id_without_joining(browser: Client, execution: Execution) -> None:
    Job.objects.all().delete()

    assert len(browser.get(f"{LIST}?q=jo").context["cl"].result_list) == 1
    assert len(browser.get(f"{LIST}?q=ob").context["cl"].result_list) == 0


@pytest.mark.parametrize("query", ["?status__exact=failed", "?origin__exact=manual", "?job__id__exact=job"])
def test_filters_find_the_execution(browser: Client, execution: Execution, query: str) -> None:
    assert len(browser.get(f"{LIST}{query}").context["cl"].result_list) == 1


def test_list_needs_as_many_statements_for_many_rows_as_for_one(browser: Client, execution: Execution) -> None:
    browser.get(LIST)
    with CaptureQueriesContext(connection) as for_one:
        browser.get(LIST)
    for _run in range(40):
        run_job("job")

    with CaptureQueriesContext(connection) as for_many:
        browser.get(LIST)

    assert len(for_many) == len(for_one)


def test_list_never_counts_the_ledger(browser: Client, execution: Execution) -> None:
    with CaptureQueriesContext(connection) as queries:
        browser.get(LIST)

    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"] and "scheduler_execution" in query["sql"]]
    assert counts == []


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_ledger_cannot_be_edited(browser: Client, execution: Execution, page: str) -> None:
    assert browser.get(LIST + page.format(pk=execution.pk)).status_code == 403


def test_post_to_an_execution_changes_nothing(browser: Client, execution: Execution) -> None:
    response: Any = browser.post(f"{LIST}{execution.pk}/change/", {"status": "succeeded"})

    assert response.status_code == 403
    assert Execution.objects.get().status == Status.FAILED
