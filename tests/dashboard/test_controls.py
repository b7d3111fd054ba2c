"""Everything is paused, resumed and started from the front page, after a question."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from scheduler.models import AuditEntry, DesiredState
from scheduler.queries import desired_state
from scheduler.services.control import pause_scheduler, shutdown_scheduler

pytestmark = pytest.mark.django_db


def post(browser: Client, act: str) -> str:
    response = browser.post(f"/admin/dashboard/{act}/", follow=True)
    assert response.redirect_chain == [("/admin/", 302)]
    return response.content.decode()


@pytest.mark.parametrize("act", ["pause", "resume", "start"])
def test_question_explains_and_does_nothing_yet(browser: Client, act: str) -> None:
    response = browser.get(f"/admin/dashboard/{act}/")

    assert "misfire grace time" in response.content.decode()
    assert (desired_state(), AuditEntry.objects.count()) == (DesiredState.RUNNING, 0)


def test_answer_pauses_and_resumes_in_the_name_of_who_gave_it(browser: Client, administrator: User) -> None:
    assert "Everything is paused." in post(browser, "pause")
    assert desired_state() == DesiredState.PAUSED

    assert "Everything is resumed." in post(browser, "resume")
    assert desired_state() == DesiredState.RUNNING
    assert set(AuditEntry.objects.values_list("actor", "source")) == {(administrator.username, "admin")}


def test_stopped_scheduler_is_started(browser: Client) -> None:
    shutdown_scheduler()

    post(browser, "start")

    assert desired_state() == DesiredState.RUNNING


def test_what_cannot_be_done_any_more_is_said(browser: Client) -> None:
    shutdown_scheduler()

    assert "Scheduler is not running" in post(browser, "pause")


def test_who_may_not_is_refused(browser_with: Callable[..., Client]) -> None:
    browser = browser_with("view_schedulerstate", "change_job")
    pause_scheduler()

    assert browser.get("/admin/dashboard/resume/").status_code == 403
    assert browser.post("/admin/dashboard/resume/").status_code == 403
    assert desired_state() == DesiredState.PAUSED


def test_who_may_change_the_state_may(browser_with: Callable[..., Client]) -> None:
    post(browser_with("change_schedulerstate"), "pause")

    assert desired_state() == DesiredState.PAUSED


def test_other_words_are_no_controls(browser: Client) -> None:
    assert browser.get("/admin/dashboard/explode/").status_code == 404


def test_foreign_page_cannot_pause(administrator: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)

    assert browser.post("/admin/dashboard/pause/").status_code == 403
    assert desired_state() == DesiredState.RUNNING
