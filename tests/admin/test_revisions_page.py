"""The pages of a job's revisions."""

import re
from collections.abc import Callable

import pytest
from django.contrib.admin.utils import quote
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from scheduler.actors import acting
from scheduler.models import AuditEntry, HistoricalJob, Job
from scheduler.services.jobs import change_job, create_job, delete_job

pytestmark = pytest.mark.django_db

JOB = "/admin/scheduler/job/job"
PAGE = f"{JOB}/revisions/"
DAILY = {"func": "jobs:nothing", "trigger": "cron", "hour": 9, "timezone": "Asia/Shanghai"}


@pytest.fixture(autouse=True)
def job() -> None:
    """A job in its second revision."""
    with acting(name="alice", source="rest"):
        create_job({"id": "job", "name": "Report", **DAILY})
    with acting(name="bob", source="admin"):
        change_job("job", {"name": "Report for all", "trigger": "cron", "hour": 10, "timezone": "Asia/Shanghai"})


def text_of(browser: Client, address: str = PAGE) -> str:
    """Return the words of a page, without its tags."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def test_page_of_the_job_leads_there(browser: Client) -> None:
    assert f'href="{PAGE}"' in browser.get(f"{JOB}/change/").content.decode()


def test_page_says_who_changed_what_and_how(browser: Client) -> None:
    page = text_of(browser)

    assert "Revision 2 current Changed by bob (admin)" in page
    assert "Created by alice (REST)" in page
    assert "before: Report after: Report for all" in page
    assert "Runs at 09:00" in page
    assert "Runs at 10:00" in page


def test_page_leads_back_to_the_job(browser: Client) -> None:
    assert 'href="/admin/scheduler/job/job/' in browser.get(PAGE).content.decode()


def test_two_revisions_are_compared(browser: Client) -> None:
    change_job("job", {"retries": 3})

    page = text_of(browser, f"{PAGE}?earlier=1&later=3")

    assert "From revision 1 to revision 3" in page
    assert "before: 0 after: 3" in page


@pytest.mark.parametrize(
    "query", ["earlier=1&later=9", "earlier=x&later=2", "earlier=1", "earlier=-1&later=9999999999"]
)
def test_comparison_with_what_is_not_there_says_so(browser: Client, query: str) -> None:
    page = text_of(browser, f"{PAGE}?{query}")

    assert "From revision" not in page
    assert browser.get(f"{PAGE}?{query}").context["form"].errors


def test_older_revisions_are_on_another_page(browser: Client) -> None:
    for number in range(3, 25):
        change_job("job", {"name": f"name {number}"})

    first, second = browser.get(PAGE), browser.get(f"{PAGE}?before=5")

    assert first.context["older_than"] == 5
    assert [each.number for each, _said in second.context["revisions"]] == [4, 3, 2, 1]
    assert second.context["older_than"] is None


@pytest.mark.parametrize("before", ["x", "-1", "99999999999999999999", "²"])
def test_page_that_is_none_is_the_first(browser: Client, before: str) -> None:
    assert len(browser.get(PAGE, {"before": before}).context["revisions"]) == 2


def test_number_of_queries_is_the_same_for_many_revisions(
    browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # Session, user, job, revisions.
    for _round in range(2):
        with django_assert_num_queries(4):
            browser.get(PAGE)
        change_job("job", {"retries": 3})


def test_secrets_are_not_shown(browser: Client) -> None:
    create_job({"id": "other", **DAILY, "func": "jobs:job1", "args": [1, {"password": "hush"}]})
    change_job("other", {"args": [1, {"password": "quiet"}]})

    page = text_of(browser, "/admin/scheduler/job/other/revisions/")

    assert "hush" not in page
    assert "quiet" not in page


def test_job_that_is_gone_shows_what_it_was_and_offers_no_way_back(browser: Client) -> None:
    delete_job("job")

    page = text_of(browser)

    assert "This job is gone" in page
    assert "Go back to revision" not in page


@pytest.mark.parametrize("job_id", ["never", "a\0b"])
def test_job_that_never_was_has_no_page(browser: Client, job_id: str) -> None:
    assert browser.get(f"/admin/scheduler/job/{quote(job_id)}/revisions/").status_code == 404


def test_way_back_asks_first_and_says_what_would_change(browser: Client) -> None:
    page = text_of(browser, f"{PAGE}1/restore/")

    assert "before: Report for all after: Report" in page
    assert Job.objects.get().revision == 2


def test_confirmed_way_back_is_gone(browser: Client) -> None:
    answer = browser.post(f"{PAGE}1/restore/", follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Report is what it was in revision 1; it now has number 3." in answer.content.decode()
    assert Job.objects.get().name == "Report"
    assert "Back to revision 1 by admin (admin)" in text_of(browser)
    assert AuditEntry.objects.latest("id").action == "restored"


def test_revision_that_is_the_present_offers_nothing_to_confirm(browser: Client) -> None:
    page = text_of(browser, f"{PAGE}2/restore/")

    assert "is what it was in revision 2 already" in page


def test_revision_that_cannot_be_run_any_more_says_why(browser: Client) -> None:
    HistoricalJob.objects.filter(revision=1).update(func="jobs:gone")

    answer = browser.post(f"{PAGE}1/restore/", follow=True)

    assert "No registered task is called jobs:gone." in answer.content.decode()
    assert Job.objects.get().revision == 2


@pytest.mark.parametrize("number", ["9", "99999999999999999999"])
def test_revision_that_never_was_cannot_be_gone_back_to(browser: Client, number: str) -> None:
    assert browser.get(f"{PAGE}{number}/restore/").status_code == 404
    assert browser.post(f"{PAGE}{number}/restore/").status_code == 404


def test_job_that_is_gone_cannot_be_gone_back_to(browser: Client) -> None:
    delete_job("job")

    assert browser.post(f"{PAGE}1/restore/").status_code == 404


def test_viewer_sees_and_restores_nothing(browser_with: Callable[..., Client]) -> None:
    browser = browser_with("view_job")

    assert "restore/" not in browser.get(PAGE).content.decode()
    assert browser.post(f"{PAGE}1/restore/").status_code == 403
    assert Job.objects.get().revision == 2


def test_page_reads_broken_rows(browser: Client) -> None:
    HistoricalJob.objects.filter(revision=1).update(trigger=[], timezone="Mars/Olympus", args="x", kwargs=[1])

    assert browser.get(PAGE).status_code == 200
    assert browser.get(f"{PAGE}1/restore/").status_code == 200
