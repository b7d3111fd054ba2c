"""The jobs' list: what it shows, finds and sorts, all of it by its address, and what it costs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from scheduler.models import Execution, Job, Schedule, Status
from scheduler.services.jobs import create_job, pause_job
from scheduler.services.nodes import register_node
from scheduler.services.runs import run_job

LIST = "/admin/scheduler/job/"


def add(job_id: str = "job", **more: Any) -> Job:
    return create_job({"id": job_id, "func": "jobs:nothing", "trigger": "interval", "hours": 1, **more})


def found(browser: Client, query: str) -> list[str]:
    return [job.pk for job in browser.get(f"{LIST}?{query}").context["cl"].result_list]


@pytest.fixture
def crowd(db: None) -> None:
    """Jobs that differ; the plain one has run well, long ago."""
    now = timezone.now()
    add("plain", tags=["nightly", "夜间"])
    add("tagged", tags=["nightly"], func="jobs:greet", args=["Anna"], executor="processes")
    add("failed")
    add("running")
    add("late")
    node = register_node(name="tokyo", pid=1, threads=1, now=now)
    for job_id, status in (("plain", Status.SUCCEEDED), ("failed", Status.FAILED), ("running", Status.RUNNING)):
        run = run_job(job_id)
        Execution.objects.filter(pk=run.pk).update(status=status, started_at=now, node=node)
    Schedule.objects.filter(pk="late").update(next_run_time=now - timedelta(minutes=2))


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("runs=running", ["running"]),
        ("runs=late", ["late"]),
        ("runs=failed", ["failed"]),
        ("runs=never", ["late", "tagged"]),
        ("last=succeeded", ["plain"]),
        ("last=failed", ["failed"]),
        ("tag=nightly", ["plain", "tagged"]),
        ("tag=夜间", ["plain"]),
        ("tag=nobody-has-this", []),
        ("task=jobs:greet", ["tagged"]),
        ("executor=processes", ["tagged"]),
        ("q=plai", ["plain"]),
        ("q=GREET", ["tagged"]),
        ("q=TAGGED greet", ["tagged"]),
        ("q=100%", []),
        ("tag=nightly&executor=default", ["plain"]),
        ("node=7", []),
        ("node=x", []),
    ],
)
def test_filters_find_what_they_say(browser: Client, query: str, ids: list[str]) -> None:
    assert sorted(found(browser, query)) == ids


@pytest.mark.usefixtures("crowd")
def test_jobs_are_found_by_the_node_on_which_they_run(browser: Client) -> None:
    node = Execution.objects.get(job_id="running").node_id

    assert found(browser, f"node={node}") == ["running"]


def test_what_waits_in_the_queue_for_over_a_minute_is_late(browser: Client) -> None:
    add()
    run_job("job")
    assert found(browser, "runs=late") == []

    Execution.objects.update(available_at=timezone.now() - timedelta(seconds=61))

    assert found(browser, "runs=late") == ["job"]


@pytest.mark.parametrize("name", ["state", "runs", "last", "tag", "task", "executor", "node"])
def test_what_cannot_be_printed_is_no_choice(browser: Client, name: str) -> None:
    add()

    assert found(browser, f"{name}=%00") == []


def test_unknown_choice_finds_nothing_and_is_named(browser: Client) -> None:
    add()

    response = browser.get(f"{LIST}?state=asleep")

    assert response.context["cl"].result_list == []
    assert "State: there is no such choice as “asleep”." in response.content.decode().replace("state:", "State:")


def test_fields_that_nobody_filled_in_are_left_out_of_the_address(browser: Client) -> None:
    response = browser.get(f"{LIST}?q=&state=paused&tag=&runs=")

    assert (response.status_code, response["Location"]) == (302, f"{LIST}?state=paused")


def test_next_one_comes_first_and_those_without_a_next_run_last(browser: Client) -> None:
    add("paused")
    pause_job("paused")
    add("later", hours=5)
    add("soon", hours=2)

    assert found(browser, "") == ["soon", "later", "paused"]


def test_columns_sort_both_ways(browser: Client) -> None:
    add("a", name="Zebra")
    add("b", name="Ant")

    assert (found(browser, "o=1"), found(browser, "o=-1")) == (["b", "a"], ["a", "b"])
    page = browser.get(f"{LIST}?o=-1").content.decode()
    assert 'aria-sort="descending"' in page


def test_views_are_links_and_say_which_is_shown(browser: Client) -> None:
    add()

    views = browser.get(f"{LIST}?state=broken").context["cl"].views

    assert [view["url"] for view in views if view["is_current"]] == ["?state=broken"]
    for view in views:
        assert browser.get(LIST + view["url"]).status_code == 200


def test_chosen_filter_can_be_taken_back_alone(browser: Client) -> None:
    add(tags=["nightly"])

    (state, tag) = browser.get(f"{LIST}?state=active&tag=nightly&q=job").context["cl"].chosen

    assert state["url"] == "?tag=nightly&q=job"
    assert tag["url"] == "?state=active&q=job"


def test_row_shows_the_next_and_the_last_run_in_the_viewers_zone_and_in_the_jobs(browser: Client) -> None:
    job = create_job(
        {"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": 9, "timezone": "Asia/Shanghai"},
    )
    moment = datetime(2026, 5, 6, 7, tzinfo=UTC)
    Execution.objects.create(job=job, scheduled_for=moment, status=Status.SUCCEEDED, revision=1, created_at=moment)

    shown = browser.get(LIST).content.decode()

    for here, there in (("01:00:00", "09:00:00"), ("2026-05-06 07:00:00", "15:00:00")):
        assert f'{here} UTC</time> <span class="moment-there">{there} Asia/Shanghai</span>' in shown


def test_row_of_a_broken_job_says_why(browser: Client) -> None:
    add()
    Job.objects.update(problem="No registered <task> is called so.")

    assert "No registered &lt;task&gt; is called so." in browser.get(LIST).content.decode()


def test_empty_list_says_what_to_do(browser: Client) -> None:
    assert "A job says which task runs, and when." in browser.get(LIST).content.decode()
    assert "choose fewer filters" in browser.get(f"{LIST}?state=paused").content.decode()


@pytest.mark.parametrize(
    "query", ["", "?state=active", "?runs=late", "?tag=nightly", "?last=queued", "?q=job&o=-4", "?o=3"]
)
def test_list_costs_as_many_statements_with_any_number_of_jobs(
    browser: Client, django_assert_max_num_queries: Callable[..., Any], query: str
) -> None:
    for number in range(60):
        add(f"job{number}", tags=["nightly"])
        run_job(f"job{number}")

    with django_assert_max_num_queries(12):
        response = browser.get(LIST + query)

    assert response.status_code == 200


def test_second_page_goes_on(browser: Client) -> None:
    for number in range(55):
        add(f"job{number:02}")

    first, second = found(browser, "o=1"), found(browser, "o=1&p=2")

    assert (len(first), len(second), len({*first, *second})) == (50, 5, 55)


def test_page_that_is_not_there_leads_to_the_first(browser: Client) -> None:
    for number in range(55):
        add(f"job{number:02}")

    assert browser.get(f"{LIST}?p=9")["Location"] == f"{LIST}?e=1"
    assert browser.get(f"{LIST}?e=1").status_code == 200


def test_viewer_is_offered_nothing_to_do(browser_with: Callable[..., Client]) -> None:
    add()

    page = browser_with("view_job").get(LIST).content.decode()

    # But to take a copy of what he may see.
    assert "export_selected" in page
    assert "pause_selected" not in page
    assert "delete_selected" not in page
    assert "formaction" not in page


def test_operator_is_offered_to_run_and_pause_but_not_to_delete(browser_with: Callable[..., Client]) -> None:
    add()
    browser = browser_with("view_job", "operate_job")

    response = browser.get(LIST)

    actions = dict(response.context["action_form"].fields["action"].choices)
    assert {"run_selected", "pause_selected", "resume_selected"} <= actions.keys()
    assert not {"delete_selected", "add_tag", "remove_tag"} & actions.keys()
    assert b"formaction" in response.content


def test_showing_all_is_offered_only_where_not_all_is_shown(browser: Client) -> None:
    add()

    assert "Show all" not in browser.get(LIST).content.decode()
    assert "Show all" in browser.get(f"{LIST}?q=job").content.decode()
