"""The pages of export and import: first what would change is shown, then exactly that is done."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from scheduler.models import AuditEntry, Job, WorkCalendar
from scheduler.services.comparisons import compare_plan
from scheduler.services.jobs import change_job, create_job

pytestmark = pytest.mark.django_db

LIST = "/admin/scheduler/job/"
EXPORT = f"{LIST}export/"
IMPORT = f"{LIST}import/"
JOB = "carnation: 1\njobs:\n  a:\n    func: jobs:nothing\n    trigger: interval\n    minutes: 5\n"
RIGHTS = ("view_job", "add_job", "change_job")


def sent(content: str = JOB, **fields: Any) -> dict[str, Any]:
    """What a browser sends; lines end as it makes them end."""
    return {"format": "carnation", "content": content.replace("\n", "\r\n"), "timezone": "Europe/London", **fields}


def applied(browser: Client, page: Any, **fields: Any) -> Any:
    """Confirm what a page has shown."""
    plan = page.context["plan"]
    hidden = {name: value for name, value in page.context["sent"].items() if value}
    confirmed = {**hidden, "now": plan.now.isoformat(), "fingerprint": plan.fingerprint, "apply": "1", **fields}
    return browser.post(IMPORT, confirmed)


def test_list_has_a_button_for_each(browser: Client) -> None:
    text = browser.get(LIST).content.decode()

    assert f'href="{EXPORT}"' in text
    assert f'href="{IMPORT}"' in text


def test_who_may_only_look_may_export_but_not_import(browser_with: Callable[..., Client]) -> None:
    browser = browser_with("view_job")

    assert f'href="{IMPORT}"' not in browser.get(LIST).content.decode()
    assert browser.get(EXPORT).status_code == 200
    assert browser.get(IMPORT).status_code == 403
    assert browser.post(IMPORT, sent()).status_code == 403


@pytest.mark.parametrize("address", [EXPORT, IMPORT])
def test_nobody_else_sees_the_pages(address: str, browser_with: Callable[..., Client], client: Client) -> None:
    client.logout()
    assert client.get(address).status_code == 302
    assert browser_with().get(address).status_code == 403


def test_first_the_change_is_shown_and_nothing_is_written(browser: Client) -> None:
    page = browser.post(IMPORT, sent())

    text = page.content.decode()
    assert "Runs every 5 minutes" in text
    assert "line 3" in text
    assert not Job.objects.exists()


def test_what_was_shown_is_what_is_written(browser: Client) -> None:
    page = browser.post(IMPORT, sent())

    answer = applied(browser, page)

    assert (answer.status_code, answer.url) == (302, LIST)
    assert Job.objects.get().trigger["start_date"] == page.context["plan"].changes[0].data["start_date"]
    assert (AuditEntry.objects.get().actor, AuditEntry.objects.get().source) == ("admin", "admin")


def test_what_looks_like_a_secret_is_not_shown_but_is_written(browser: Client) -> None:
    content = JOB.replace("jobs:nothing", "jobs:job1") + "    kwargs: {var_one: {password: hush}, var_two: 2}\n"

    page = browser.post(IMPORT, sent(content))

    assert "hush" not in page.content.decode().partition("<ol")[2].partition("</ol>")[0]
    applied(browser, page)
    assert Job.objects.get().kwargs["var_one"] == {"password": "hush"}


def test_change_in_between_shows_the_page_again_and_writes_nothing(browser: Client) -> None:
    create_job({"id": "a", "func": "jobs:nothing", "trigger": "manual"})
    page = browser.post(IMPORT, sent())
    change_job("a", {"retries": 3})

    again = applied(browser, page)

    assert b"Something has changed since this was shown" in again.content
    assert Job.objects.get().trigger == {"trigger": "manual"}
    assert applied(browser, again).status_code == 302
    assert Job.objects.get().trigger["minutes"] == 5


@pytest.mark.parametrize("fields", [{"now": "soon"}, {"fingerprint": ""}, {"content": JOB.replace("5", "6")}])
def test_what_was_not_shown_is_not_done(browser: Client, fields: dict[str, str]) -> None:
    page = browser.post(IMPORT, sent())

    assert applied(browser, page, **fields).status_code == 200
    assert not Job.objects.exists()


def test_mistakes_are_shown_with_their_lines_and_the_text_stays(browser: Client) -> None:
    page = browser.post(IMPORT, sent(JOB.replace("minutes: 5", "colour: <red>")))

    text = page.content.decode()
    assert [(each.line, each.item, each.field) for each in page.context["mistakes"]] == [(6, "a", "colour")]
    assert "colour: &lt;red&gt;" in text
    assert 'name="apply"' not in text


def test_file_is_read(browser: Client) -> None:
    page = browser.post(IMPORT, sent("", file=SimpleUploadedFile("jobs.yaml", JOB.encode())))

    assert applied(browser, page).status_code == 302
    assert Job.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"content": ""}, "content"),
        ({"url": "http://127.0.0.1:1/"}, "content"),
        ({"content": "", "url": "file:///etc/passwd"}, "url"),
        ({"content": "", "url": "http://127.0.0.1:1/", "format": "crontab"}, "url"),
        ({"content": "", "file": SimpleUploadedFile("x", b"\xff")}, "file"),
        ({"format": "beat"}, "format"),
        ({"timezone": "Mars"}, "timezone"),
        ({"task": "os:system"}, "task"),
    ],
)
def test_mistake_of_the_form_is_said_at_its_field(browser: Client, fields: dict[str, Any], field: str) -> None:
    page = browser.post(IMPORT, {**sent(), **fields})

    assert field in page.context["form"].errors
    assert not Job.objects.exists()


def test_large_file_is_refused(browser: Client) -> None:
    page = browser.post(IMPORT, sent("", file=SimpleUploadedFile("x", b"#" * 900_001)))

    assert "importjobs" in page.context["form"].errors["file"][0]


def test_address_is_fetched_once_and_what_it_answered_is_applied(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [JOB]
    monkeypatch.setattr("scheduler.admin.import_form.fetch_text", lambda url: answers.pop())

    page = browser.post(IMPORT, sent("", url="http://git/jobs.yaml"))

    assert applied(browser, page).status_code == 302
    assert Job.objects.exists()


def test_crontab_shows_that_each_line_is_equal_or_where_it_differs(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.admin.import_page.compare_plan", partial(compare_plan, clock=lambda: 0.0))
    content = "30 1 * * * shop dump\n@reboot boot\n"

    page = browser.post(IMPORT, sent(content, format="crontab", task="tests.sample.jobs:call_program"))

    text = page.content.decode()
    assert "The next 1000 occurrences are equal." in text
    assert "@reboot names no time" in text
    assert applied(browser, page).status_code == 302
    assert Job.objects.get().timezone == "Europe/London"


def test_flask_shows_both_sides_of_a_difference(browser: Client) -> None:
    content = '[{"id": "a", "func": "old:f", "trigger": "cron", "hour": 1, "minute": 30}]'

    page = browser.post(IMPORT, sent(content, format="flask", mapping="old:f: jobs:nothing"))

    text = " ".join(re.sub("<[^>]*>", "", page.content.decode()).split())
    assert "The clocks of Europe/London change then" in text
    assert "There: 20" in text
    assert "here: 20" in text


def test_deletion_is_listed_before_it_is_done(browser: Client) -> None:
    create_job({"id": "other", "func": "jobs:nothing", "trigger": "manual"})

    page = browser.post(IMPORT, sent(delete_missing="on"))
    assert [(each.change.key, each.change.verb) for each in page.context["rows"]] == [
        ("a", "added"),
        ("other", "deleted"),
    ]

    applied(browser, page)
    assert list(Job.objects.values_list("pk", flat=True)) == ["a"]


@pytest.mark.parametrize("step", ["show", "apply"])
def test_import_does_only_what_its_author_may(
    step: str, browser_with: Callable[..., Client], admin_client: Any
) -> None:
    create_job({"id": "other", "func": "jobs:nothing", "trigger": "manual"})
    fields = sent(JOB + "calendars: {own: {}}\n", delete_missing="on")
    shown = admin_client.post(IMPORT, fields)
    browser = browser_with(*RIGHTS)

    page = browser.post(IMPORT, fields) if step == "show" else applied(browser, shown)

    assert len(page.context["mistakes"]) == 2
    assert list(Job.objects.values_list("pk", flat=True)) == ["other"]
    assert not WorkCalendar.objects.exists()


def test_editor_may_import_jobs(browser_with: Callable[..., Client]) -> None:
    browser = browser_with(*RIGHTS)

    assert applied(browser, browser.post(IMPORT, sent())).status_code == 302


def test_post_from_another_site_is_refused(administrator: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(administrator)

    assert strict.post(IMPORT, sent()).status_code == 403


def test_export_shows_or_downloads(browser: Client) -> None:
    create_job({"id": "<b>", "func": "jobs:nothing", "trigger": "manual", "timezone": "UTC"})

    shown = browser.post(EXPORT, {"format": "yaml", "ids": "", "tag": "", "show": "1"}).content.decode()
    file = browser.post(EXPORT, {"format": "json", "ids": "<b>\r\n", "download": "1"})

    assert "&lt;b&gt;:\n    func: jobs:nothing" in shown
    assert file.json()["jobs"]["<b>"]["func"] == "jobs:nothing"
    assert 'attachment; filename="jobs-' in file.headers["Content-Disposition"]


def test_selected_jobs_are_exported(browser: Client) -> None:
    for job_id in ("a", "b", "c"):
        create_job({"id": job_id, "func": "jobs:nothing", "trigger": "manual"})

    page = browser.post(LIST, {"action": "export_selected", "_selected_action": ["b", "a"]})

    assert page.context["form"].initial["ids"] == "a\nb"


def test_export_of_nobody_is_said_at_the_field(browser: Client) -> None:
    page = browser.post(EXPORT, {"format": "yaml", "ids": "nobody"})

    assert "nobody" in page.context["form"].errors["ids"][0]


def test_export_has_only_what_its_reader_may_look_at(browser_with: Callable[..., Client]) -> None:
    WorkCalendar.objects.create(name="own")

    text = browser_with("view_job").post(EXPORT, {"format": "yaml", "show": "1"}).context["text"]

    assert text == "carnation: 1\njobs: {}\n"


@pytest.mark.parametrize("count", [1, 20])
def test_pages_cost_a_constant_number_of_statements(
    browser: Client, django_assert_num_queries: Any, count: int
) -> None:
    jobs = "".join(f"  j{number}: {{func: 'jobs:nothing', trigger: cron, hour: 3}}\n" for number in range(count))
    browser.get(LIST)

    with django_assert_num_queries(5):
        assert browser.post(IMPORT, sent(f"carnation: 1\njobs:\n{jobs}")).status_code == 200
    with django_assert_num_queries(5):
        assert browser.post(EXPORT, {"format": "yaml", "show": "1"}).status_code == 200
