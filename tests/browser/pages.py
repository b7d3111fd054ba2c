"""What somebody does on the pages of the admin, who finds everything by the words of the active language."""

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from playwright.sync_api import FilePayload, Locator, Page, expect

from scheduler.models import Status


@dataclass(frozen=True)
class AnyPage:
    """What all pages have."""

    page: Page

    def press(self, words: str) -> None:
        """Press the button that is called so."""
        self.page.get_by_role("button", name=words, exact=True).click()

    def follow(self, words: str) -> None:
        """Follow the link that is called so, of the page itself."""
        self.page.get_by_role("main").get_by_role("link", name=words, exact=True).click()

    def field(self, label: str) -> Locator:
        """Find the field with a label, which may have the mark of what is needed."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s*\*)?\s*$")).filter(visible=True)

    def expect_said(self, words: str) -> None:
        """Wait until the page says something."""
        expect(self.page.get_by_text(words).first).to_be_visible()


class Entrance(AnyPage):
    """The page to log in, and what stands above every page."""

    def log_in(self, name: str, password: str) -> None:
        """Log in, in whatever language."""
        self.page.goto("/")
        self.page.fill("input[name=username]", name)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")

    def switch_language(self) -> None:
        """Switch to the active language, which the page is not in yet."""
        html, language = self.page.locator("html"), get_language()
        expect(html).not_to_have_attribute("lang", language)
        self.page.locator(f".viewer button[name=language][value={language}]").click()
        expect(html).to_have_attribute("lang", language)


class JobList(AnyPage):
    """The list of jobs."""

    def open(self) -> None:
        """Go to the list."""
        self.page.goto(reverse("admin:scheduler_job_changelist"))

    def expect_job(self, name: str, *, words: str) -> None:
        """Wait for a job, and for when it runs in words."""
        expect(self.row(name)).to_contain_text(words)

    def open_job(self, name: str) -> None:
        """Go to a job's page."""
        self.row(name).get_by_role("link", name=name, exact=True).click()

    def row(self, name: str) -> Locator:
        """Find the row of a job."""
        return self.page.get_by_role("row").filter(has=self.page.get_by_role("link", name=name, exact=True))


class JobForm(AnyPage):
    """The form of a job, with the preview beside it."""

    def open(self) -> None:
        """Go to the form of a new job."""
        self.page.goto(reverse("admin:scheduler_job_add"))

    def fill_call(self, **arguments: str) -> None:
        """Type arguments of the task, or choose them."""
        for name, text in arguments.items():
            field = self.field(name)
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=text)
            else:
                field.fill(text)

    def type_crontab(self, expression: str) -> None:
        """Type a crontab key by key, while the preview follows."""
        self.field(gettext("Crontab expression")).clear()
        self.field(gettext("Crontab expression")).press_sequentially(expression)

    def expect_preview(self, *, words: str, times: str) -> None:
        """Wait until the preview says in words when the job runs, and that all its runs are at such times."""
        preview = self.page.locator("#job-preview")
        moments = preview.locator(".job-run .job-moment")
        expect(preview.get_by_text(words, exact=True)).to_be_visible()
        expect(moments.filter(has_text=times)).to_have_count(moments.count())
        assert moments.count() > 1

    def expect_wrong(self, label: str, message: str) -> None:
        """Wait until a field has a mistake."""
        described = self.page.locator(".job-field").filter(has=self.field(label))
        expect(described.locator(".job-errors")).to_contain_text(message)

    def save(self) -> None:
        """Send the form."""
        self.press(gettext("Save"))


class JobPage(AnyPage):
    """The page of a job."""

    def open(self, job_id: str) -> None:
        """Go to the page of a job."""
        self.page.goto(reverse("admin:scheduler_job_overview", args=[job_id]))

    def run_now(self) -> None:
        """Run the job, and wait until its page shows the run, which leads to that run's page."""
        self.press(gettext("Run now"))
        self.page.locator(".job-now").get_by_role("link", name=str(Status.RUNNING.label), exact=True).click()

    def pause(self, reason: str) -> None:
        """Pause the job, and say why."""
        self.follow(gettext("Pause…"))
        self.field(gettext("Reason")).fill(reason)
        self.press(gettext("Pause"))
        expect(self.fact(gettext("Why it is paused"))).to_have_text(reason)

    def fact(self, name: str) -> Locator:
        """Find what the page says of the job under a name."""
        term = self.page.get_by_text(name, exact=True)
        return self.page.locator("dl > div").filter(has=term).locator("dd")


class ExecutionPage(AnyPage):
    """The page of an execution, which follows it."""

    @property
    def output(self) -> Locator:
        """What the body has printed."""
        return self.page.get_by_role("log", name=gettext("Output"))

    def expect_status(self, status: Status) -> None:
        """Wait until the run has a status."""
        expect(self.page.locator("#execution-head .execution-status")).to_have_text(str(status.label))

    def own_frames(self) -> Locator:
        """Find the frames of the reader's own code, which the traceback begins with."""
        return self.page.locator(".execution-failure > :nth-child(2) .execution-frames-own .execution-place")

    def unfold_libraries(self, *, frames: int) -> Locator:
        """Unfold the frames of libraries, and find them."""
        folded = self.page.locator(".execution-folded")
        expect(folded.locator(".execution-place").first).to_be_hidden()
        words = ngettext("%(count)s frame of libraries", "%(count)s frames of libraries", frames) % {"count": frames}
        folded.get_by_text(words, exact=True).click()
        return folded.locator(".execution-place")


class RevisionsPage(AnyPage):
    """The history of a job's definition."""

    def go_back_to(self, number: int) -> None:
        """Go back to a revision, after a look at what that changes."""
        words = gettext("Go back to revision %(number)s") % {"number": number}
        self.follow(words)
        self.press(gettext("Go back to revision %(revision)s") % {"revision": number})


class ImportPage(AnyPage):
    """The page to import a file on."""

    def open(self) -> None:
        """Go there from the list of jobs."""
        self.page.goto(reverse("admin:scheduler_job_changelist"))
        self.page.get_by_role("link", name=gettext("Import"), exact=True).click()

    def show_crontab(self, text: str, *, task: str, zone: str) -> None:
        """Choose a user's crontab from the disk, and look at what it would change."""
        file = FilePayload(name="crontab", mimeType="text/plain", buffer=text.encode())
        self.field(gettext("Format")).select_option(label=gettext("Crontab of a user"))
        self.page.locator("input[type=file]").set_input_files(file)
        self.field(gettext("Task")).select_option(task)
        self.field(gettext("Time zone")).select_option(zone)
        self.press(gettext("Show what would change"))

    def expect_change(self, key: str, *, words: str) -> None:
        """Wait until a change is shown, and when such a job runs in words."""
        expect(self.page.get_by_role("listitem").filter(has_text=key)).to_contain_text(words)
