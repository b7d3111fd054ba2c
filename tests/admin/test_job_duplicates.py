"""A new job that begins as a copy of another."""

from collections.abc import Callable

from django.contrib.admin.utils import quote
from django.test import Client
from django.urls import reverse

from scheduler.models import Job
from scheduler.services.jobs import create_job
from tests.admin.test_job_form import ADD


def make_job() -> None:
    create_job(
        {
            "id": "a job+é", "func": "jobs:add", "args": [1], "kwargs": {"second": 2}, "trigger": "cron",
            "crontab": "0 9 * * 1", "timezone": "Asia/Shanghai", "retries": 3, "tags": ["billing"],
        }
    )  # fmt: skip


def test_duplicate_is_like_the_job_but_for_its_id(browser: Client) -> None:
    make_job()

    form = browser.get(ADD, {"duplicate": "a job+é"}).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    response = browser.post(f"{ADD}?duplicate=a+job", {**sent, "id": "copy"})

    assert form["id"].value() == ""
    assert response.status_code == 302
    columns = ("args", "kwargs", "trigger", "timezone", "retries", "tags")
    first, second = Job.objects.order_by("id").values(*columns)
    assert first == second
    assert Job.objects.get(pk="copy").func == "tests.sample.jobs:add"


def test_page_of_a_job_links_to_its_duplicate(browser: Client) -> None:
    make_job()

    response = browser.get(reverse("admin:scheduler_job_change", args=[quote("a job+é")]))

    assert b"/admin/scheduler/job/add/?duplicate=a+job%2B%C3%A9" in response.content


def test_duplicate_of_no_job_is_an_empty_form(browser: Client) -> None:
    for job_id in ("nosuch", "\0"):
        response = browser.get(ADD, {"duplicate": job_id})

        assert response.context["adminform"].form["func"].value() is None
        assert b"not found" in response.content


def test_who_may_not_look_at_jobs_gets_no_copy(browser_with: Callable[..., Client]) -> None:
    make_job()

    response = browser_with("add_job").get(ADD, {"duplicate": "a job+é"})

    assert response.context["adminform"].form["func"].value() is None
