"""What has ended can be run again: as it was, or as its job is defined now; the page says what is different."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from scheduler.links import execution_url
from scheduler.models import AuditEntry, Execution, Job, Status
from scheduler.services.jobs import change_job, create_job
from scheduler.services.runs import run_job
from tests.admin.test_execution_page import url_of

LIST = "/admin/scheduler/execution/"


@pytest.fixture
def ended(db: None) -> Execution:
    """A run that has succeeded, of a job that greets Tokyo."""
    create_job({"id": "job", "func": "jobs:greet", "args": ["Tokyo"], "trigger": "manual"})
    run_job("job")
    Execution.objects.update(status=Status.SUCCEEDED)
    return Execution.objects.get()


def open_page(browser: Client, run: Execution) -> str:
    return browser.get(url_of(run)).content.decode()


def offers(shown: str) -> list[str]:
    return [definition for definition in ("then", "now") if f'name="definition" value="{definition}"' in shown]


@pytest.mark.parametrize(("definition", "args"), [("then", ["Tokyo"]), ("now", None)])
def test_run_is_repeated_and_its_page_shown(
    browser: Client, ended: Execution, definition: str, args: list[str] | None
) -> None:
    change_job("job", {"args": ["Osaka"]})

    response = browser.post(url_of(ended, "again"), {"definition": definition})

    again = Execution.objects.exclude(pk=ended.pk).get()
    assert response.headers["Location"] == url_of(again)
    assert again.args == args
    assert AuditEntry.objects.latest("pk").actor == "admin"
    assert f'href="{url_of(ended)}"' in open_page(browser, again)


def test_unchanged_job_needs_one_button_only(browser: Client, ended: Execution) -> None:
    assert offers(open_page(browser, ended)) == ["then"]


def test_other_arguments_make_a_difference(browser: Client, ended: Execution) -> None:
    change_job("job", {"args": ["Osaka"]})

    shown = open_page(browser, ended)

    assert offers(shown) == ["then", "now"]
    assert "with the arguments of then" in shown


def test_what_is_of_today_in_any_case_is_told(browser: Client, ended: Execution) -> None:
    change_job("job", {"timeout": 60, "name": "Another name"})

    shown = open_page(browser, ended)

    assert offers(shown) == ["then"]
    assert "Changed since, and as today in any case: timeout." in " ".join(shown.split())


def test_job_that_runs_another_task_offers_only_that(browser: Client, ended: Execution) -> None:
    change_job("job", {"func": "jobs:nothing", "args": []})

    shown = open_page(browser, ended)
    answer = browser.post(url_of(ended, "again"), {"definition": "then"}, follow=True).content.decode()

    assert offers(shown) == ["now"]
    assert "It ran jobs:greet, and its job runs jobs:nothing now." in shown
    assert "cannot be run again as it was" in answer
    assert Execution.objects.count() == 1


def test_job_that_is_gone_offers_nothing(browser: Client, ended: Execution) -> None:
    Job.objects.all().delete()

    shown = open_page(browser, ended)

    assert offers(shown) == []
    assert "its job is gone" in shown
    assert (
        "Job job not found" in browser.post(url_of(ended, "again"), {"definition": "now"}, follow=True).content.decode()
    )


def test_broken_job_says_so(browser: Client, ended: Execution) -> None:
    Job.objects.update(problem="The task is gone.")

    assert "The job cannot run now: The task is gone." in open_page(browser, ended)


def test_what_is_active_is_not_repeated_but_cancelled(browser: Client, ended: Execution) -> None:
    Execution.objects.update(status=Status.RUNNING)

    shown = open_page(browser, ended)

    assert offers(shown) == []
    assert url_of(ended, "cancel") in shown


@pytest.mark.parametrize("definition", ["", "tomorrow"])
def test_no_other_definition_is_known(browser: Client, ended: Execution, definition: str) -> None:
    assert browser.post(url_of(ended, "again"), {"definition": definition}).status_code == 302


def test_repeating_is_a_post_with_a_csrf_token(browser: Client, ended: Execution, administrator: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(administrator)

    assert browser.get(url_of(ended, "again")).headers["Location"] == execution_url(ended.pk)
    assert strict.post(url_of(ended, "again"), {"definition": "now"}).status_code == 403
    assert Execution.objects.count() == 1


@pytest.mark.parametrize(
    ("permissions", "status"), [(("view_execution",), 403), (("view_execution", "view_job", "operate_job"), 302)]
)
def test_whoever_operates_jobs_repeats_runs(
    browser_with: Callable[..., Client], ended: Execution, permissions: tuple[str, ...], status: int
) -> None:
    browser = browser_with(*permissions)

    shown = open_page(browser, ended)

    assert ("Run again" in shown) == (status == 302)
    assert browser.post(url_of(ended, "again"), {"definition": "now"}).status_code == status
