"""The ledger's pages: not to be edited, but to be cancelled; searchable, and without a count of all rows."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scheduler.links import execution_url
from scheduler.models import Execution, ExecutionOutput, Job, Status
from scheduler.services.jobs import create_job
from scheduler.services.nodes import register_node
from scheduler.services.runs import run_job

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


@pytest.fixture
def queued(db: None) -> Execution:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    return run_job("job")


def cancel_url(execution: Execution) -> str:
    return f"{LIST}{execution.pk}/cancel/"


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


def test_page_shows_log_progress_and_the_arguments_of_the_run(browser: Client, execution: Execution) -> None:
    ExecutionOutput.objects.update(
        log="<b>hello</b>\nworld", progress_done=30.0, progress_total=120.0, progress_text="copying"
    )
    Execution.objects.update(args=["tokyo"], priority=4711)

    page = browser.get(f"{LIST}{execution.pk}/change/").content.decode()

    for text in (
        "&lt;b&gt;hello&lt;/b&gt;\nworld",
        "30 of 120",
        "copying",
        "25 %",
        "tokyo",
        "of this run alone",
        "4711",
    ):
        assert text in page


@pytest.mark.parametrize(
    ("done", "total", "text"),
    [(3.0, None, ""), (3.0, 0.0, ""), (-3.0, 2.0, "x"), (5.0, 2.0, "x"), (None, None, "only words"), (None, 2.0, "")],
)
def test_any_progress_is_shown(
    browser: Client, execution: Execution, done: float | None, total: float | None, text: str
) -> None:
    ExecutionOutput.objects.update(progress_done=done, progress_total=total, progress_text=text)

    page = browser.get(f"{LIST}{execution.pk}/change/")

    assert page.status_code == 200
    assert text in page.content.decode()


def test_button_cancels_what_is_queued(browser: Client, queued: Execution) -> None:
    assert cancel_url(queued) in browser.get(f"{LIST}{queued.pk}/change/").content.decode()

    page = browser.post(cancel_url(queued), follow=True).content.decode()

    assert "The run of job is cancelled." in page
    assert (Execution.objects.get().status, Execution.objects.get().reason) == (
        Status.CANCELLED,
        "Cancelled by admin.",
    )


def test_button_tells_what_runs_to_stop_once(browser: Client, queued: Execution) -> None:
    Execution.objects.update(status=Status.RUNNING)

    browser.post(cancel_url(queued))

    assert Execution.objects.get().cancel_requested_at is not None
    page = browser.get(f"{LIST}{queued.pk}/change/").content.decode()
    assert "It has been told to stop." in page
    assert cancel_url(queued) not in page


def test_what_has_ended_has_no_button_and_cannot_be_cancelled(browser: Client, execution: Execution) -> None:
    assert cancel_url(execution) not in browser.get(f"{LIST}{execution.pk}/change/").content.decode()

    page = browser.post(cancel_url(execution), follow=True).content.decode()

    assert "has ended already: failed." in page
    assert Execution.objects.get().status == Status.FAILED


def test_cancelling_is_a_post_with_a_csrf_token(browser: Client, queued: Execution, administrator: User) -> None:
    answer = browser.get(cancel_url(queued), follow=True)
    assert answer.redirect_chain == [(execution_url(queued.pk), 302)]
    assert "Nothing was done" in answer.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(administrator)

    assert strict.post(cancel_url(queued)).status_code == 403
    assert Execution.objects.get().status == Status.QUEUED


@pytest.mark.parametrize("object_id", ["5", "9" * 30, "x", "²"])
def test_cancelling_what_is_not_there_says_so(browser: Client, object_id: str) -> None:
    response = browser.post(f"{LIST}{object_id}/cancel/", follow=True)

    assert response.status_code == 404 or "not found" in response.content.decode()


def test_viewer_of_executions_cannot_cancel(browser_with: Callable[..., Client], queued: Execution) -> None:
    browser = browser_with("view_execution")

    page = browser.get(f"{LIST}{queued.pk}/change/").content.decode()
    browser.post(LIST, {"action": "cancel_selected", "_selected_action": [queued.pk]})

    assert cancel_url(queued) not in page
    assert browser.post(cancel_url(queued)).status_code == 403
    assert Execution.objects.get().status == Status.QUEUED


def test_whoever_may_change_jobs_cancels_those_selected_that_have_not_ended(
    browser_with: Callable[..., Client], execution: Execution
) -> None:
    queued = [run_job("job") for _number in range(2)]
    browser = browser_with("view_execution", "operate_job")

    response = browser.post(
        LIST,
        {"action": "cancel_selected", "post": "yes", "_selected_action": [each.pk for each in (execution, *queued)]},
        follow=True,
    )

    assert "2 executions are cancelled or told to stop." in response.content.decode()
    assert sorted(Execution.objects.values_list("status", "reason")) == [
        (Status.CANCELLED, "Cancelled by staff."),
        (Status.CANCELLED, "Cancelled by staff."),
        (Status.FAILED, "RuntimeError: it broke"),
    ]
