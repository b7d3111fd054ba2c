"""What a user does in the first half hour, in a browser, with a real server and a real node, in both languages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from scheduler.models import Job, Status
from scheduler.words import describe
from tests.browser.conftest import sound_page
from tests.browser.pages import (
    Entrance,
    ExecutionPage,
    ImportPage,
    JobForm,
    JobList,
    JobPage,
    RevisionsPage,
)
from tests.processes import Node

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TASK, IMPORTED_TASK = "tests.sample.jobs:write_letters", "tests.sample.jobs:call_program"
ZONE = "Asia/Tokyo"
WORKDAYS, LEAP_DAYS = "30 8 * * 1-5", "0 9 29 2 *"
MISSPELT, MENDED = "Dear $nmae,", "Dear $name,"
CRONTAB = "# Nightly backup\n30 4 * * * /usr/bin/backup --all\n\n0 0 1 1 * /usr/bin/new-year\n"
# A browser that asks for the other language: the user has to switch.
LOCALES = {"en": "zh-CN", "zh-hans": "en-GB"}


@pytest.fixture(params=["en", "zh-hans"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """The language that the user chooses, and that this test's words are in."""
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer, language: str) -> Iterator[Page]:
    """A page of a browser in Shanghai, on which no error may appear and no request may fail."""
    context = chromium.new_context(
        base_url=live_server.url,
        locale=LOCALES[language],
        timezone_id="Asia/Shanghai",
        viewport={"width": 1280, "height": 900},
    )
    with sound_page(context) as page:
        yield page
    context.close()


def test_job_is_made_followed_mended_paused_and_rolled_back_and_a_crontab_imported(
    page: Page, administrator: User, start_node: Callable[..., Node], tmp_path: Path
) -> None:
    node = start_node()
    mailbox = tmp_path / "mailbox"
    log_in(page)
    make_job(page, mailbox)
    node.wait_until_ready()
    follow_run_that_fails(page, mailbox)
    mend_job(page)
    run_again(page)
    pause_with_reason(page)
    roll_back(page)
    import_crontab(page)


def log_in(page: Page) -> None:
    entrance = Entrance(page)
    entrance.log_in("admin", "right password")
    entrance.switch_language()


def make_job(page: Page, mailbox: Path) -> None:
    form = JobForm(page)
    form.open()
    form.field(gettext("Id")).fill("letters")
    form.field(gettext("Task")).select_option(TASK)
    form.fill_call(text=MISSPELT, names="Ada and Grace", paper="A5", mailbox=str(mailbox))
    watch_preview(form)

    form.save()
    form.expect_wrong("names", gettext('This is not JSON. A text needs double quotes, such as "hello".'))
    expect(form.field("text")).to_have_value(MISSPELT)
    expect(form.field(gettext("Crontab expression"))).to_have_value(LEAP_DAYS)

    form.fill_call(names='["Ada", "Grace"]')
    form.save()
    JobList(page).expect_job("letters", words=in_words(LEAP_DAYS))


def watch_preview(form: JobForm) -> None:
    form.field(gettext("Trigger")).select_option("cron")
    form.field(gettext("Time zone")).fill(ZONE)
    form.type_crontab(WORKDAYS)
    form.expect_preview(words=in_words(WORKDAYS), times="08:30:00 Asia/Tokyo")
    form.type_crontab("30 25 * * 1-5")
    form.expect_wrong(gettext("Crontab expression"), "25")
    form.type_crontab(LEAP_DAYS)
    form.expect_preview(words=in_words(LEAP_DAYS), times="09:00:00 Asia/Tokyo")


def follow_run_that_fails(page: Page, mailbox: Path) -> None:
    JobList(page).open_job("letters")
    JobPage(page).run_now()
    execution = ExecutionPage(page)
    execution.expect_status(Status.RUNNING)
    expect(execution.output).to_have_text("Paper: A5\n")

    mailbox.touch()
    execution.expect_status(Status.FAILED)
    expect(execution.output).to_contain_text("Letter 1 of 2")
    expect(page.get_by_role("heading", name="KeyError: 'nmae'")).to_be_visible()
    expect(execution.own_frames()).to_contain_text(["write_letters", "fill_letter"])
    expect(execution.unfold_libraries(frames=2).last).to_contain_text("string.py")


def mend_job(page: Page) -> None:
    JobPage(page).open("letters")
    JobPage(page).follow(gettext("Edit"))
    form = JobForm(page)
    expect(form.field("text")).to_have_value(MISSPELT)
    form.fill_call(text=MENDED)
    form.save()
    form.expect_said("letters")


def run_again(page: Page) -> None:
    JobPage(page).open("letters")
    page.get_by_role("link", name=str(Status.FAILED.label)).first.click()
    execution = ExecutionPage(page)
    execution.press(gettext("Run with the current definition"))
    execution.expect_status(Status.SUCCEEDED)
    expect(execution.output).to_contain_text("Dear Grace,")
    expect(page.get_by_label(gettext("Return value"), exact=True)).to_have_text('"2 letters"')


def pause_with_reason(page: Page) -> None:
    JobPage(page).open("letters")
    JobPage(page).pause("No stamps 没有邮票")


def roll_back(page: Page) -> None:
    JobPage(page).follow(gettext("Revisions"))
    RevisionsPage(page).go_back_to(1)
    RevisionsPage(page).expect_said(
        gettext("%(job)s is what it was in revision %(revision)d; it now has number %(number)d.")
        % {"job": "letters", "revision": 1, "number": 3}
    )
    job = Job.objects.get()
    assert (job.kwargs["text"], job.paused) == (MISSPELT, True)


def import_crontab(page: Page) -> None:
    imports = ImportPage(page)
    imports.open()
    imports.show_crontab(CRONTAB, task=IMPORTED_TASK, zone=ZONE)
    imports.expect_change("usr-bin-backup-all", words=in_words("30 4 * * *"))
    assert Job.objects.count() == 1

    imports.press(gettext("Apply"))
    imports.expect_said(
        gettext("Imported: %(added)d added, %(changed)d changed, %(unchanged)d unchanged, %(deleted)d deleted.")
        % {"added": 2, "changed": 0, "unchanged": 0, "deleted": 0}
    )
    JobList(page).expect_job("Nightly backup", words=in_words("30 4 * * *"))
    assert Job.objects.count() == 3
    run_now = gettext("Run %(name)s now") % {"name": "letters"}
    expect(JobList(page).row("letters").get_by_role("button", name=run_now)).to_be_in_viewport()


def in_words(crontab: str) -> str:
    """Say when a job with a crontab runs."""
    return describe({"trigger": "cron", "crontab": crontab}, ZONE)
