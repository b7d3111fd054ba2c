"""The page that says why a job did, or did not, run."""

from collections.abc import Callable

import pytest
from django.contrib.admin.utils import quote
from django.test import Client

from scheduler.models import AuditEntry, Execution, Status
from scheduler.services.jobs import create_job, delete_job, pause_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def job() -> None:
    """A job that runs every hour."""
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "minute": 0})


def page(browser: Client, query: str = "", job_id: str = "job") -> str:
    return browser.get(f"/admin/scheduler/job/{quote(job_id)}/why/{query}").content.decode()


def test_job_page_leads_there(browser: Client) -> None:
    assert 'href="/admin/scheduler/job/job/why/"' in browser.get("/admin/scheduler/job/job/change/").content.decode()


def test_page_asks_for_an_instant(browser: Client) -> None:
    assert 'name="at"' in page(browser)


def test_page_answers_and_links_to_the_execution(browser: Client) -> None:
    execution = Execution.objects.create(
        job_id="job",
        scheduled_for="2026-06-01T09:00Z",
        revision=1,
        created_at="2026-06-01T09:00Z",
        status=Status.FAILED,
    )

    shown = page(browser, "?at=2026-06-01T09:00")

    assert "It ran, and failed" in shown
    assert f"/admin/scheduler/execution/{execution.pk}/change/" in shown


def test_what_is_no_instant_is_said_at_the_field(browser: Client) -> None:
    assert "This is not a date" in page(browser, "?at=soon")


@pytest.mark.parametrize("job_id", ["with blank", "a_b.c:d", "任务", 'x"><script>', "{{ 1 }}"])
def test_page_works_for_any_id(browser: Client, job_id: str) -> None:
    create_job({"id": job_id, "func": "jobs:nothing", "trigger": "cron", "minute": 0})
    pause_job(job_id)

    shown = page(browser, "?at=2999-06-01T09:00", job_id)

    assert "The job was paused by somebody unknown" in shown
    assert 'x"><script>' not in shown


def test_job_that_is_gone_has_its_page(browser: Client) -> None:
    delete_job("job")

    assert "The job was deleted" in page(browser, "?at=2999-06-01T09:00")


def test_job_of_which_nothing_is_known_has_none(browser: Client) -> None:
    assert browser.get("/admin/scheduler/job/nowhere/why/?at=2026-06-01T09:00").status_code == 404
    assert browser.get("/admin/scheduler/job/a%00b/why/").status_code == 404


@pytest.mark.parametrize(("permission", "status"), [("view_job", 200), ("view_execution", 403)])
def test_whoever_may_see_jobs_may_ask(browser_with: Callable[..., Client], permission: str, status: int) -> None:
    assert browser_with(permission).get("/admin/scheduler/job/job/why/").status_code == status


def test_what_is_done_in_the_admin_is_done_by_whoever_is_logged_in(browser: Client) -> None:
    browser.post("/admin/scheduler/job/job/pause/")

    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.actor, entry.source) == ("paused", "admin", "admin")
