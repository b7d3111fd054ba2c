"""The front page: what it shows, to whom, and at which cost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from scheduler.actors import acting
from scheduler.models import ExecutionOutput, Job, Node, Status
from scheduler.services.calendars import create_calendar
from scheduler.services.control import pause_scheduler, shutdown_scheduler
from scheduler.services.nodes import register_node
from scheduler.words import reasons
from tests.overview.rows import made
from tests.services.rows import NOW, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

INDEX, LIVE, SUMMARY = "/admin/", "/admin/dashboard/live/", "/admin/dashboard/summary/"
EVERYTHING = ("view_job", "view_execution", "view_node", "view_workcalendar", "change_schedulerstate")


def text_of(browser: Client, address: str = INDEX) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def start_node() -> Node:
    return register_node(name="tokyo-1", pid=1, threads=20, now=NOW)


def test_empty_installation_is_told_the_first_steps(browser: Client) -> None:
    text = text_of(browser)

    assert "Three steps to a job of your own" in text
    assert "/admin/scheduler/job/add/" in text
    assert "No node makes turns" in text


def test_declared_jobs_alone_are_no_job_of_ones_own(browser: Client) -> None:
    make_job()
    Job.objects.update(declared={"id": "job"})
    assert "Three steps" in text_of(browser)

    make_job("own")

    assert "Three steps" not in text_of(browser)


def test_node_that_makes_turns_is_named_and_nothing_is_wrong(browser: Client) -> None:
    start_node()

    text = text_of(browser)

    assert "tokyo-1" in text
    assert "dash-notice" not in text


def test_pause_shows_who_and_since_when_while_it_lasts(browser: Client) -> None:
    start_node()
    with acting(name="ada", source="admin"):
        pause_scheduler()

    text = text_of(browser, LIVE)

    assert "Everything is paused." in text
    assert "By ada, " in text
    assert "/admin/dashboard/resume/" in text
    assert "/admin/dashboard/pause/" not in text


def test_stopped_scheduler_can_be_started_from_its_banner(browser: Client) -> None:
    start_node()
    shutdown_scheduler()

    text = text_of(browser, LIVE)

    assert "The scheduler is stopped." in text
    assert "/admin/dashboard/start/" in text


def test_pause_and_silent_nodes_are_both_told(browser: Client) -> None:
    pause_scheduler()

    text = text_of(browser, LIVE)

    assert "No node makes turns" in text
    assert "Everything is paused." in text


def test_running_job_is_shown_with_its_progress_and_a_link(browser: Client) -> None:
    make_job(name="Nightly report")
    run = made(NOW - timedelta(seconds=30), status=Status.RUNNING, started_at=NOW - timedelta(seconds=30))
    ExecutionOutput.objects.create(execution=run, progress_done=1, progress_total=4, progress_text="page 1")

    text = text_of(browser, LIVE)

    assert f"/admin/scheduler/execution/{run.pk}/change/" in text
    assert 'aria-valuenow="25"' in text
    assert "page 1" in text
    assert "30 s" in text


def test_timeline_has_past_runs_and_coming_ones(browser: Client) -> None:
    make_job(name="Hourly")
    run = made(NOW - timedelta(minutes=30), status=Status.FAILED)

    text = text_of(browser, LIVE)

    assert "Hourly" in text
    assert "Past hour: 1 failed. To come: 12:30, 13:30, 14:30, 15:30, 16:30." in text
    assert f'href="/admin/scheduler/execution/{run.pk}/change/" class="dash-mark status-failed"' in text


def test_failures_broken_jobs_and_ending_calendars_need_somebody(browser: Client) -> None:
    make_job("failing", name="Failing")
    made(NOW - timedelta(minutes=5), job_id="failing", status=Status.FAILED, reason="no paper")
    make_job("broken")
    Job.objects.filter(pk="broken").update(problem="There is no such task.")
    create_calendar({"name": "ours", "days": [{"day": "2026-06-20", "working": False}]})
    make_job("calendar", trigger="cron", hour=9, calendar="ours")

    text = text_of(browser, SUMMARY)

    for said in ("Failing", "no paper", "4 min ago", "There is no such task.", "ends on 2026-06-20"):
        assert said in text


def test_where_nothing_is_wrong_that_is_said(browser: Client) -> None:
    assert "Nothing: no job has failed" in text_of(browser, SUMMARY)


def test_charts_show_the_last_day_or_the_last_fortnight(browser: Client) -> None:
    made(NOW - timedelta(minutes=5))
    made(NOW - timedelta(minutes=5), status=Status.FAILED)

    by_hours, by_days = text_of(browser, SUMMARY), text_of(browser, f"{SUMMARY}?range=fortnight")

    assert by_hours.count('class="dash-column"') == 2 * 24
    assert by_days.count('class="dash-column"') == 2 * 14
    for text in (by_hours, by_days):
        assert "50 %" in text


def test_range_that_is_none_is_the_first(browser: Client) -> None:
    assert 'value="day"' in text_of(browser, f"{INDEX}?range=%00")


def test_reader_without_permissions_sees_nothing_of_it(browser_with: Callable[..., Client]) -> None:
    make_job(name="Secret report")
    start_node()
    made(NOW - timedelta(minutes=5), status=Status.FAILED)
    made(NOW, status=Status.RUNNING)
    browser = browser_with()

    text = text_of(browser) + text_of(browser, LIVE) + text_of(browser, SUMMARY)

    for hidden in ("Secret report", "tokyo-1", "dash-timeline", "dash-running", "dash-heat", "Pause everything"):
        assert hidden not in text


@pytest.mark.parametrize(
    ("permission", "shown"),
    [
        ("view_job", "dash-timeline-title"),
        ("view_execution", "dash-running-title"),
        ("view_node", "tokyo-1"),
        ("change_schedulerstate", "Pause everything"),
    ],
)
def test_each_permission_shows_its_part(browser_with: Callable[..., Client], permission: str, shown: str) -> None:
    start_node()
    make_job()

    assert shown in text_of(browser_with(permission), LIVE)


def test_who_may_not_see_executions_sees_no_past_on_the_timeline(browser_with: Callable[..., Client]) -> None:
    make_job()
    made(NOW - timedelta(minutes=30), status=Status.FAILED)

    assert "Past hour" not in text_of(browser_with("view_job"), LIVE)


@pytest.mark.parametrize("address", [LIVE, SUMMARY, "/admin/dashboard/pause/"])
def test_stranger_is_asked_to_log_in(client: Client, address: str) -> None:
    assert client.get(address)["Location"].startswith("/admin/login/")


def busy_installation() -> None:
    start_node()
    for number in range(30):
        make_job(f"job-{number}")
        moment = NOW - timedelta(minutes=number + 1)
        made(moment, job_id=f"job-{number}", status=Status.FAILED if number % 2 else Status.SUCCEEDED)
        made(moment, job_id=f"running-{number}", status=Status.RUNNING)
    pause_scheduler()


def test_refresh_costs_eight_statements_whatever_there_is(
    browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    busy_installation()

    # The session, the user; state, nodes, running; due jobs, their runs, windows.
    with django_assert_num_queries(8):
        browser.get(LIVE)


def test_refresh_costs_somebody_with_permissions_of_his_own_ten(
    browser_with: Callable[..., Client], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    busy_installation()
    browser = browser_with(*EVERYTHING)

    with django_assert_num_queries(10):
        browser.get(LIVE)


def test_summary_costs_ten_statements(browser: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    busy_installation()

    # The session, the user; broken jobs; calendars; three for failures; two for hours, the forecast.
    with django_assert_num_queries(10):
        browser.get(SUMMARY)


def test_page_is_there_in_chinese_too(browser: Client) -> None:
    busy_installation()

    with translation.override("en"):
        response = browser.get(INDEX, headers={"accept-language": "zh-hans"})

    assert response.status_code == 200


def test_what_needs_somebody_is_said_in_the_language_of_the_reader(browser: Client) -> None:
    make_job("failing")
    made(
        NOW - timedelta(minutes=5),
        job_id="failing",
        status=Status.TIMED_OUT,
        reason=str(reasons.TIMED_OUT % {"seconds": "60"}),
    )
    make_job("broken")
    Job.objects.filter(pk="broken").update(problem=str(reasons.NO_EXECUTOR % {"name": "big"}))

    with translation.override("en"):
        text = browser.get(SUMMARY, headers={"accept-language": "zh-CN"}).content.decode()

    assert "执行超过了 60 秒的超时时间。" in text
    assert "没有名为 big 的执行器。" in text
