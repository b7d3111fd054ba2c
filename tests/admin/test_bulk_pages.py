"""What is done to many jobs from the list: asked first, done to what was shown, and undone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from scheduler.admin import bulk as bulk_pages
from scheduler.models import AuditEntry, Execution, Job, Schedule
from scheduler.services import bulk
from scheduler.services.jobs import create_job

LIST = "/admin/scheduler/job/"
EXECUTIONS = "/admin/scheduler/execution/"


@pytest.fixture
def jobs(db: None) -> list[str]:
    ids = [f"job{number}" for number in range(3)]
    for job_id in ids:
        create_job({"id": job_id, "name": job_id.upper(), "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    return ids


def ask(browser: Client, action: str, ids: list[str], **more: Any) -> Any:
    return browser.post(LIST, {"action": action, "_selected_action": ids, **more})


def confirm(browser: Client, action: str, ids: list[str], **more: Any) -> Any:
    return browser.post(LIST, {"action": action, "_selected_action": ids, "post": "yes", **more}, follow=True)


def mark() -> str:
    entry = AuditEntry.objects.order_by("-pk").first()
    assert entry is not None
    return str(entry.details["bulk"])


@pytest.mark.parametrize(
    ("action", "question"),
    [
        ("run_selected", "Run 2 jobs now?"),
        ("pause_selected", "Pause 2 jobs?"),
        ("resume_selected", "Resume 2 jobs?"),
        ("add_tag", "Add a tag to 2 jobs?"),
        ("remove_tag", "Remove a tag from 2 jobs?"),
        ("delete_selected", "Delete 2 jobs?"),
    ],
)
def test_question_says_how_many_and_which_and_does_nothing(
    browser: Client, jobs: list[str], action: str, question: str
) -> None:
    page = ask(browser, action, jobs[:2]).content.decode()

    assert question in page
    assert "JOB0" in page
    assert "JOB2" not in page
    assert not AuditEntry.objects.exclude(action="created").exists()


def test_what_was_confirmed_is_done_and_offered_to_be_undone(browser: Client, jobs: list[str]) -> None:
    page = confirm(browser, "pause_selected", jobs).content.decode()

    assert "3 jobs are paused." in page
    assert f"{LIST}undo/{mark()}/" in page
    assert Job.objects.filter(paused=True).count() == 3


def test_undo_asks_by_a_page_and_does_it_by_a_post(browser: Client, jobs: list[str]) -> None:
    confirm(browser, "pause_selected", jobs)
    url = f"{LIST}undo/{mark()}/"

    page = browser.get(url).content.decode()
    assert "Resume the 3 jobs that were paused?" in page
    assert "JOB1" in page
    assert Job.objects.filter(paused=True).count() == 3

    page = browser.post(url, follow=True).content.decode()
    assert "Undone for 3 jobs." in page
    assert not Job.objects.filter(paused=True).exists()


def test_deleted_jobs_are_brought_back(browser: Client, jobs: list[str]) -> None:
    page = confirm(browser, "delete_selected", jobs).content.decode()
    assert "3 jobs are deleted." in page
    assert not Schedule.objects.exists()

    browser.post(f"{LIST}undo/{mark()}/")

    assert [*Job.objects.order_by("pk").values_list("name", flat=True)] == ["JOB0", "JOB1", "JOB2"]


def test_whole_filter_is_meant_where_all_were_selected(browser: Client, jobs: list[str]) -> None:
    bulk.pause_jobs(["job1"])
    url = f"{LIST}?state=active"
    data = {"action": "pause_selected", "select_across": "1", "_selected_action": ["job0"]}

    assert "Pause 2 jobs?" in browser.post(url, data).content.decode()
    browser.post(url, {**data, "post": "yes"})

    assert Job.objects.filter(paused=True).count() == 3


def test_list_that_has_changed_since_the_question_is_asked_of_again(browser: Client, jobs: list[str]) -> None:
    data = {"action": "pause_selected", "select_across": "1", "_selected_action": ["job0"]}
    digest = browser.post(LIST, data).context["digest"]
    create_job({"id": "new", "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    page = browser.post(LIST, {**data, "post": "yes", "digest": digest}).content.decode()

    assert "The list has changed meanwhile." in page
    assert not Job.objects.filter(paused=True).exists()


def test_too_many_are_refused(browser: Client, jobs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_pages, "MOST_AT_ONCE", 2)

    page = browser.post(
        LIST, {"action": "pause_selected", "_selected_action": jobs, "post": "yes"}, follow=True
    ).content.decode()

    assert "These are more than 2." in page
    assert not Job.objects.filter(paused=True).exists()


def test_many_names_are_cut_short(browser: Client, jobs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_pages, "NAMES_SHOWN", 1)

    assert "and 2 more" in ask(browser, "pause_selected", jobs).content.decode()


def test_tag_is_given(browser: Client, jobs: list[str]) -> None:
    page = confirm(browser, "add_tag", jobs[:2], tag="nightly").content.decode()

    assert "2 jobs have got the tag." in page
    assert Job.objects.get(pk="job0").tags == ["nightly"]


@pytest.mark.parametrize("tag", ["", "a,b"])
def test_what_is_no_tag_is_said_at_its_field(browser: Client, jobs: list[str], tag: str) -> None:
    page = confirm(browser, "add_tag", jobs, tag=tag).content.decode()

    assert 'aria-describedby="tag-error"' in page
    assert "A tag has 1 to 64 printable characters" in page


def test_broken_jobs_are_not_run_and_named(browser: Client, jobs: list[str]) -> None:
    Job.objects.filter(pk="job1").update(problem="Its task is gone.")

    page = confirm(browser, "run_selected", jobs).content.decode()

    assert "2 runs are queued." in page
    assert "job1: Its task is gone." in page
    assert Execution.objects.count() == 2


@pytest.mark.parametrize("url", ["undo/1/", "undo/99999999999999999999/"])
def test_there_is_no_page_for_what_cannot_be_undone(browser: Client, jobs: list[str], url: str) -> None:
    assert browser.get(LIST + url).status_code == 404


def test_operator_may_undo_a_pause_but_not_a_deletion(browser_with: Callable[..., Client], jobs: list[str]) -> None:
    paused, deleted = bulk.pause_jobs(jobs[:1]).mark, bulk.delete_jobs(jobs[1:]).mark
    browser = browser_with("view_job", "operate_job")

    assert browser.get(f"{LIST}undo/{paused}/").status_code == 200
    assert browser.post(f"{LIST}undo/{deleted}/").status_code == 403


@pytest.mark.parametrize("action", ["pause_selected", "add_tag", "delete_selected"])
def test_viewer_does_nothing_to_many(browser_with: Callable[..., Client], jobs: list[str], action: str) -> None:
    confirm(browser_with("view_job"), action, jobs, tag="x")

    assert Job.objects.filter(paused=False, tags=[]).count() == 3


def test_question_costs_as_many_statements_for_any_number(
    browser: Client, jobs: list[str], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(14):
        ask(browser, "pause_selected", jobs)


def test_executions_are_run_again(browser: Client, jobs: list[str]) -> None:
    bulk.run_jobs(jobs)
    Execution.objects.update(status="failed")
    ids = [*Execution.objects.values_list("pk", flat=True)]
    data = {"action": "run_again", "_selected_action": ids}

    assert "Run 3 executions again?" in browser.post(EXECUTIONS, data).content.decode()
    browser.post(EXECUTIONS, {**data, "post": "yes"})

    assert Execution.objects.filter(status="queued").count() == 3
