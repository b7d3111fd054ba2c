"""The executions' list: pages that begin where another ended, filters that no history is too long for."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scheduler.admin.execution_list import ExecutionList
from scheduler.listings import executions as listing
from scheduler.models import Execution, Job, Origin, Status, first_id_of
from scheduler.services.jobs import create_job, delete_job
from scheduler.services.nodes import register_node

LIST = "/admin/scheduler/execution/"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Let no time pass, however long ago this module was read: what is an hour old would be older than that."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def history(db: None) -> list[int]:
    """Ten executions of two jobs, one a minute; ids oldest first."""
    for job_id, more in (("report", {"tags": ["nightly"]}), ("mail", {"executor": "processes"})):
        create_job({"id": job_id, "name": job_id.title(), "func": "jobs:nothing", "trigger": "manual", **more})
    return [make(minutes=number, job_id="mail" if number % 2 else "report") for number in range(10)]


def make(*, minutes: int, job_id: str, status: str = Status.SUCCEEDED, **columns: Any) -> int:
    due = NOW - timedelta(hours=1) + timedelta(minutes=minutes)
    started = due + timedelta(seconds=1)
    values = {"available_at": due, "started_at": started, "finished_at": started, "created_at": due, **columns}
    execution = Execution(
        pk=first_id_of(due), job_id=job_id, scheduled_for=due, status=status, revision=1, **values
    )  # fmt: skip
    execution.save(force_insert=True)
    return execution.pk


def found(browser: Client, query: str) -> list[int]:
    return [execution.pk for execution in browser.get(f"{LIST}?{query}").context["cl"].result_list]


def test_newest_come_first(browser: Client, history: list[int]) -> None:
    assert found(browser, "") == history[::-1]


def test_pages_lead_down_to_the_oldest_and_up_again(
    browser: Client, history: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExecutionList, "list_per_page", 4)
    down: list[list[int]] = []
    url = "?job__id__exact="
    while url:
        changelist = browser.get(LIST + url, follow=True).context["cl"]
        down.append([execution.pk for execution in changelist.result_list])
        url = changelist.older_url

    assert down == [history[6:][::-1], history[2:6][::-1], history[:2][::-1]]
    up = browser.get(LIST + changelist.newer_url).context["cl"]
    assert [execution.pk for execution in up.result_list] == history[2:6][::-1]
    top = browser.get(LIST + up.newer_url).context["cl"]
    assert (found(browser, top.newer_url), top.newer_url) == (history[6:][::-1], "")
    assert found(browser, up.oldest_url.lstrip("?")) == history[:4][::-1]


def test_page_stays_what_it_was_when_more_is_recorded(
    browser: Client, history: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExecutionList, "list_per_page", 4)
    older = browser.get(LIST).context["cl"].older_url
    before = found(browser, older.lstrip("?"))

    make(minutes=30, job_id="mail")

    assert found(browser, older.lstrip("?")) == before


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("status__exact=failed", [2]),
        ("status__exact=unsuccessful", [4, 2]),
        ("status__exact=active", []),
        ("origin__exact=retry", [3]),
        ("job__id__exact=mail", [9, 7, 5, 3, 1]),
        ("job__id__exact=mail&status__exact=failed", []),
        ("tag=nightly", [8, 6, 4, 2, 0]),
        ("executor=processes", [9, 7, 5, 3, 1]),
        ("task=jobs:nothing&status__exact=lost", [4]),
        ("tag=nobody-has-this", []),
        ("start=late", [6]),
        ("node=5", []),
        ("node=x", []),
        ("q=rep", [8, 6, 4, 2, 0]),
        ("q=Mai", [9, 7, 5, 3, 1]),
        ("q=nothing", []),
        ("recorded=day", list(range(10))[::-1]),
        ("recorded=hour&status__exact=failed", [2]),
    ],
)
def test_filters_find_what_they_say(browser: Client, history: list[int], query: str, numbers: list[int]) -> None:
    rows = Execution.objects
    rows.filter(pk=history[2]).update(status=Status.FAILED)
    rows.filter(pk=history[3]).update(origin=Origin.RETRY)
    rows.filter(pk=history[4]).update(status=Status.LOST)
    rows.filter(pk=history[6]).update(started_at=NOW)

    assert found(browser, query) == [history[number] for number in numbers]


def test_executions_are_found_by_their_node(browser: Client, history: list[int]) -> None:
    node = register_node(name="tokyo", pid=1, threads=1, now=NOW)
    Execution.objects.filter(pk=history[5]).update(node=node)

    response = browser.get(f"{LIST}?node={node.pk}")

    assert [row.node for row in response.context["cl"].rows] == ["tokyo"]


def test_span_of_time_is_read_in_the_zone_of_the_viewer(browser: Client, history: list[int]) -> None:
    start = (NOW - timedelta(minutes=57, seconds=30)).strftime("%Y-%m-%dT%H:%M:%S")
    end = (NOW - timedelta(minutes=54, seconds=30)).strftime("%Y-%m-%dT%H:%M:%S")

    assert found(browser, f"from={start}&until={end}") == history[3:6][::-1]


def test_what_is_no_moment_finds_nothing_and_is_named_once(browser: Client, history: list[int]) -> None:
    response = browser.get(f"{LIST}?from=tomorrow")

    assert response.context["cl"].result_list == []
    assert response.content.decode().count("from: enter a date and a time") == 1


@pytest.mark.parametrize("query", ["before=x", "after=-1", f"before={2**70}"])
def test_place_that_cannot_be_read_is_the_newest(browser: Client, history: list[int], query: str) -> None:
    assert found(browser, query) == history[::-1]


@pytest.mark.parametrize("query", ["origin__exact=retry", "reason__contains=x", "start=late", "q=nothing"])
def test_what_no_index_finds_is_looked_for_a_while_and_further_when_asked(
    browser: Client, history: list[int], monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 6)
    Execution.objects.filter(pk=history[1]).update(origin=Origin.RETRY, reason="x", started_at=NOW)
    if query == "q=nothing":
        Execution.objects.filter(pk=history[1]).update(job_id="nothing")

    response = browser.get(f"{LIST}?{query}")
    assert response.context["cl"].result_list == []
    assert "Nothing found so far" in response.content.decode()

    assert found(browser, response.context["cl"].older_url.lstrip("?")) == [history[1]]


def test_rare_status_is_found_however_old(browser: Client, history: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 2)
    Execution.objects.filter(pk=history[0]).update(status=Status.LOST)

    assert found(browser, "status__exact=lost") == [history[0]]


def test_common_status_is_looked_for_a_while(
    browser: Client, history: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_FOUND_BY_STATUS", 3)
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 4)

    response = browser.get(f"{LIST}?status__exact=succeeded").context["cl"]

    assert [execution.pk for execution in response.result_list] == history[5:][::-1]
    assert found(browser, response.older_url.lstrip("?")) == history[:5][::-1]


def test_history_of_a_deleted_job_is_found_by_its_id(browser: Client, history: list[int]) -> None:
    delete_job("mail")

    assert found(browser, "q=mail") == history[1::2][::-1]
    rows = browser.get(f"{LIST}?job__id__exact=mail").context["cl"].rows
    assert {(row.job_name, row.job_url) for row in rows} == {("mail", "")}


def test_row_says_how_late_it_began_and_how_long_it_took(browser: Client, history: list[int]) -> None:
    Execution.objects.filter(pk=history[0]).update(finished_at=NOW - timedelta(minutes=55))

    (row,) = browser.get(f"{LIST}?before={history[1]}").context["cl"].rows

    assert (row.lateness, row.duration) == ("1.0 s", "4 min 59 s")


def test_backfill_is_not_late_for_its_occurrence_being_long_ago(browser: Client, history: list[int]) -> None:
    asked = NOW - timedelta(seconds=2)
    Execution.objects.filter(pk=history[0]).update(
        origin=Origin.BACKFILL, created_at=asked, started_at=NOW, finished_at=NOW
    )

    (row,) = browser.get(f"{LIST}?before={history[1]}").context["cl"].rows

    assert row.lateness == "2.0 s"


@pytest.mark.parametrize(
    "query", ["", "status__exact=failed", "job__id__exact=mail", "tag=nightly", "q=mail", "start=late", "recorded=day"]
)
def test_list_costs_as_many_statements_with_any_number_of_rows(
    browser: Client, history: list[int], query: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(15), CaptureQueriesContext(connection) as queries:
        browser.get(f"{LIST}?{query}")

    assert not [each for each in queries if "COUNT(" in each["sql"] and "scheduler_execution" in each["sql"]]


def test_views_are_links(browser: Client, history: list[int]) -> None:
    for view in browser.get(LIST).context["cl"].views:
        assert browser.get(LIST + view["url"], follow=True).status_code == 200


def test_empty_list_says_when_something_appears(browser: Client, db: None) -> None:
    assert "Nothing has run yet." in browser.get(LIST).content.decode()


def test_viewer_selects_nothing(browser_with: Callable[..., Client], history: list[int]) -> None:
    assert b"action-select" not in browser_with("view_execution").get(LIST).content


def test_jobs_of_the_rows_are_read_at_once(browser: Client, history: list[int]) -> None:
    with CaptureQueriesContext(connection) as for_two:
        browser.get(LIST)
    for number in range(20):
        create_job({"id": f"more-{number}", "func": "jobs:nothing", "trigger": "manual"})
        make(minutes=20 + number, job_id=f"more-{number}")

    with CaptureQueriesContext(connection) as for_many:
        browser.get(LIST)

    assert len(for_many) == len(for_two)
    assert Job.objects.count() == 22
