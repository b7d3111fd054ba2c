"""The jobs' list, their controls, and who may use them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scheduler.links import job_url
from scheduler.models import Execution, Job, Origin, Schedule, Status
from scheduler.services.jobs import create_job, pause_job
from scheduler.services.runs import run_job

LIST = "/admin/scheduler/job/"
ODD_IDS = ["plain", "with blank", "a_b.c:d", "任务", 'x"><script>', "{{ 1 }}", "😀"]


def add(job_id: str = "job", **more: Any) -> Job:
    return create_job({"id": job_id, "func": "jobs:nothing", "trigger": "interval", "hours": 1, **more})


def test_home_leads_to_the_admin(client: Client) -> None:
    response = client.get("/", follow=False)

    assert (response.status_code, response["Location"]) == (302, "/admin/")


@pytest.mark.django_db
def test_stranger_is_asked_to_log_in(client: Client) -> None:
    response = client.get(LIST)

    assert response["Location"].startswith("/admin/login/")


def test_unknown_page_is_a_readable_404(browser: Client) -> None:
    response = browser.get("/nowhere")

    assert response.status_code == 404
    assert b"There is no such page" in response.content


def test_list_shows_words_next_run_and_last_status(browser: Client) -> None:
    add(name="Tidy up")
    run_job("job")
    Execution.objects.update(status=Status.FAILED)

    page = browser.get(LIST).content.decode()

    assert "Tidy up" in page
    assert "Runs every hour from" in page
    assert Schedule.objects.get().next_run_time.strftime("%Y-%m-%d %H:%M:%S") in page
    assert "failed" in page


def test_list_and_job_say_the_trigger_in_the_language_of_the_browser(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "crontab": "0 9 * * 1-5", "timezone": "UTC"})

    for page in (LIST, f"{LIST}job/change/"):
        response = browser.get(page, headers={"accept-language": "zh-CN"})
        assert "周一至周五 09:00 执行（UTC）。" in response.content.decode()


def test_spread_is_shown_as_it_is_for_this_job(browser: Client) -> None:
    job = create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "crontab": "H H * * *"})
    due = Schedule.objects.get().next_run_time.astimezone(job.zone)

    for page in (LIST, f"{LIST}job/change/"):
        assert f"Runs at {due:%H:%M} every day" in browser.get(page).content.decode()


def test_list_needs_as_many_statements_for_many_jobs_as_for_one(browser: Client) -> None:
    add("job0")
    run_job("job0")
    browser.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        browser.get(LIST)
    for number in range(1, 60):
        add(f"job{number}")
        run_job(f"job{number}")

    with CaptureQueriesContext(connection) as for_many:
        browser.get(LIST)

    assert len(for_many) == len(for_one)


@pytest.mark.parametrize("job_id", ODD_IDS)
@pytest.mark.parametrize(("control", "done"), [("run", "queued"), ("pause", "paused"), ("resume", "active")])
def test_controls_work_for_any_id(browser: Client, job_id: str, control: str, done: str) -> None:
    add(job_id)
    if control == "resume":
        pause_job(job_id)

    response = browser.post(f"{LIST}{quote(job_id)}/{control}/")

    assert response.status_code == 302
    job = Job.objects.get()
    found = (
        "queued" if Execution.objects.filter(origin=Origin.MANUAL).exists() else "paused" if job.paused else "active"
    )
    assert found == done


@pytest.mark.parametrize("job_id", ODD_IDS)
def test_pages_show_any_id_without_running_it(browser: Client, job_id: str) -> None:
    add(job_id)
    run_job(job_id)

    for address in (LIST, f"{LIST}{quote(job_id)}/change/", "/admin/scheduler/execution/"):
        page = browser.get(address)
        assert page.status_code == 200
        assert b"<script>'" not in page.content
        assert b'x"><script>' not in page.content


@pytest.mark.parametrize("control", ["run", "pause", "resume"])
def test_controls_are_posts(browser: Client, control: str) -> None:
    add()

    assert browser.put(f"{LIST}job/{control}/").status_code == 405
    answer = browser.get(f"{LIST}job/{control}/", follow=True)

    assert answer.redirect_chain == [(job_url("job"), 302)]
    assert "Nothing was done" in answer.content.decode()
    assert not Execution.objects.exists()
    assert not Job.objects.get().paused


def test_button_after_the_login_has_expired_leads_to_the_page_of_the_job(administrator: User, client: Client) -> None:
    add("a b")
    administrator.set_password("secret")
    administrator.save()
    login = client.post(f"{LIST}{quote('a b')}/run/")["Location"]

    answer = client.post(login, {"username": administrator.get_username(), "password": "secret"}, follow=True)

    assert answer.redirect_chain[-1] == (job_url("a b"), 302)
    assert "Nothing was done" in answer.content.decode()
    assert not Execution.objects.exists()


def test_controls_need_the_csrf_token(administrator: Any) -> None:
    add()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)

    assert browser.post(f"{LIST}job/pause/").status_code == 403
    assert not Job.objects.get().paused


def test_control_of_a_vanished_job_says_so(browser: Client) -> None:
    response = browser.post(f"{LIST}gone/run/", follow=True)

    assert "Job gone not found" in response.content.decode()


@pytest.mark.parametrize(
    ("action", "state"),
    [("run_selected", (2, 0)), ("pause_selected", (0, 2)), ("delete_selected", (0, 0))],
)
def test_bulk_actions_go_through_the_services(browser: Client, action: str, state: tuple[int, int]) -> None:
    add("one")
    add("two")

    browser.post(LIST, {"action": action, "_selected_action": ["one", "two"], "post": "yes"})

    assert (Execution.objects.count(), Job.objects.filter(paused=True).count()) == state
    assert Schedule.objects.count() == (0 if action == "delete_selected" else 2)


def test_deleting_a_job_keeps_its_history(browser: Client) -> None:
    add()
    run_job("job")

    browser.post(f"{LIST}job/delete/", {"post": "yes"})

    assert not Job.objects.exists()
    assert not Schedule.objects.exists()
    assert Execution.objects.get().status == Status.CANCELLED


def test_state_filter_finds_the_broken_the_paused_and_the_finished(browser: Client) -> None:
    for job_id in ("active", "paused", "finished", "broken"):
        add(job_id)
    pause_job("paused")
    Job.objects.filter(pk="finished").update(finished_at=timezone.now())
    Job.objects.filter(pk="broken").update(problem="gone")

    for state in ("active", "paused", "finished", "broken"):
        found = browser.get(f"{LIST}?state={state}").context["cl"].result_list
        assert [job.pk for job in found] == [state]


def test_viewer_sees_and_changes_nothing(browser_with: Callable[..., Client]) -> None:
    add()
    browser = browser_with("view_job")

    assert browser.get(LIST).status_code == 200
    assert browser.get(f"{LIST}job/change/").status_code == 200
    assert browser.post(f"{LIST}job/pause/").status_code == 403
    assert browser.post(f"{LIST}job/change/", {"id": "job"}).status_code == 403
    assert b"formaction" not in browser.get(LIST).content


def test_viewer_sees_the_policies(browser_with: Callable[..., Client]) -> None:
    add(retry_on=["requests.exceptions.Timeout"], retry_budget=4711)

    page = browser_with("view_job").get(f"{LIST}job/change/").content.decode()

    for text in ("How it runs", "Retries", "Keeping", "requests.exceptions.Timeout", "4711"):
        assert text in page


def test_job_whose_next_run_is_overdue_is_shown(browser: Client) -> None:
    add()
    Schedule.objects.update(next_run_time=timezone.now() - timedelta(days=1))

    assert browser.get(LIST).status_code == 200


@pytest.mark.parametrize("garbage", [{"trigger": {}}, {"trigger": []}, {"timezone": "Mars/Olympus"}, {"args": "x"}])
def test_broken_rows_are_shown_by_every_page(browser: Client, garbage: dict[str, Any]) -> None:
    add()
    Job.objects.update(**garbage)

    for address in (LIST, f"{LIST}job/change/", "/scheduler/jobs", "/scheduler/jobs/job"):
        assert browser.get(address).status_code == 200
