"""No page shuts anybody out: axe-core finds nothing, in light and in dark, on a desk and on a phone.

Each page is opened once, and changes its theme and its width where it is.
"""

from collections.abc import Iterator
from typing import Any, Literal
from unittest.mock import Mock

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests.browser.conftest import sound_page
from tests.browser.site import PASSWORD, Samples, make_samples, page_names

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("accessibility")]

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
Theme = Literal["light", "dark"]
LOOKS: list[tuple[ViewportSize, tuple[Theme, Theme]]] = [(DESK, ("light", "dark")), (PHONE, ("dark", "light"))]
CHINESE = [
    "admin:index",
    "admin:scheduler_job_changelist",
    "admin:scheduler_job_add",
    "admin:scheduler_execution_change",
]
API = ["/scheduler", "/scheduler/jobs", "/scheduler/jobs/report", "/scheduler/jobs/report/executions"]
EVERYTHING: dict[str, Any] = {}
COLOURS: dict[str, Any] = {"runOnly": ["color-contrast", "link-in-text-block"]}
FIND_VIOLATIONS = """async (rules) => {
    const found = await axe.run({ ...rules, resultTypes: ["violations"], elementRef: false, preload: false });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, String(node.target[0]), node.html]));
}"""
# The admin's pages tell their style sheets so; others leave it to the browser.
IS_IN_THEME = """(theme) => {
    const root = document.documentElement;
    return !root.hasAttribute("x-data") || root.classList.contains("dark") === (theme === "dark");
}"""
WHAT_HIDES_THE_FOCUS = """() => {
    const field = document.activeElement;
    const box = field.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return field.contains(top) ? null : `${field.outerHTML.slice(0, 160)}: ${top?.outerHTML.slice(0, 160)}`;
}"""
# The rules' violations that are the theme's, and cannot be mended from here: rule, and the beginning of the selector.
EXCUSED: set[tuple[str, str]] = set()


@pytest.fixture
def transactional_db() -> None:
    """Leave the rows where they are, in place of the fixture that empties the tables: all tests here share them."""


@pytest.fixture(scope="module")
def live_server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LiveServer]:
    """One server for all tests here."""
    with django_db_blocker.unblock():
        server = LiveServer("127.0.0.1")
        yield server
        server.stop()


@pytest.fixture(scope="module")
def samples(live_server: LiveServer) -> Iterator[Samples]:
    """One set of rows for all tests here."""
    yield make_samples()
    call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def reader(live_server: LiveServer, samples: Samples, chromium: Browser) -> Iterator[BrowserContext]:
    """A profile in which the administrator is logged in."""
    context = chromium.new_context(base_url=live_server.url, viewport=DESK, timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto("/admin/login/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.submit-row")
    page.close()
    yield context
    context.close()


@pytest.fixture(scope="module")
def stranger(live_server: LiveServer, samples: Samples, chromium: Browser) -> Iterator[BrowserContext]:
    """A profile in which nobody is logged in."""
    context = chromium.new_context(base_url=live_server.url, viewport=DESK)
    yield context
    context.close()


@pytest.mark.parametrize("name", page_names())
def test_page_of_the_admin(name: str, reader: BrowserContext, samples: Samples) -> None:
    # What nobody adds or deletes has pages for it, too, which say so.
    with sound_page(reader, but_for="status of 403") as page:
        inspect(page, samples.address_of(name), status=(200, 403))


@pytest.mark.parametrize("name", CHINESE)
def test_page_in_chinese(name: str, reader: BrowserContext, samples: Samples) -> None:
    with sound_page(reader) as page:
        page.set_extra_http_headers({"Accept-Language": "zh-CN"})
        inspect(page, samples.address_of(name))
        assert page.locator("html").get_attribute("lang") == "zh-hans"


@pytest.mark.parametrize("path", API)
def test_browsable_api(path: str, reader: BrowserContext) -> None:
    with sound_page(reader) as page:
        inspect(page, path)


@pytest.mark.parametrize("path", ["/admin/scheduler/job/add/", "/admin/scheduler/maintenancewindow/add/"])
def test_form_with_mistakes(path: str, reader: BrowserContext) -> None:
    with sound_page(reader) as page:
        page.goto(path)
        page.locator("[name=_save]").click()
        read(page)


def test_search_that_finds_nothing(reader: BrowserContext) -> None:
    with sound_page(reader) as page:
        inspect(page, "/admin/scheduler/job/?q=nosuch")


def test_window_before_it_is_saved(reader: BrowserContext) -> None:
    with sound_page(reader) as page:
        page.goto("/admin/scheduler/maintenancewindow/night/change/")
        page.locator("[name=_save]").click()
        read(page)


def ask_for(action: str, page: Page, *, chosen: str) -> None:
    """Choose jobs in their list, and an action; that leads to a question."""
    page.goto("/admin/scheduler/job/")
    page.check(chosen)
    page.select_option("select[name=action]", action)
    page.locator("button[name=index]").click()


def test_deletion_of_many_before_it_is_done(reader: BrowserContext) -> None:
    with sound_page(reader) as page:
        ask_for("delete_selected", page, chosen="#action-toggle")
        read(page)


def test_undoing_what_was_done_to_many(reader: BrowserContext) -> None:
    with sound_page(reader) as page:
        ask_for("pause_selected", page, chosen="input[name=_selected_action][value=report]")
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text("1 job is paused.")).to_be_visible()
        read(page)
        page.get_by_role("link", name="Undo").click()
        expect(page.get_by_role("heading", name="Resume the job that was paused?")).to_be_visible()
        read(page)
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Undone for 1 job.")).to_be_visible()


@pytest.mark.parametrize("path", ["/admin/zone/", "/admin/scheduler/job/report/why/?at=2026-11-25T03:00"])
def test_other_page(path: str, reader: BrowserContext) -> None:
    with sound_page(reader) as page:
        inspect(page, path)


def test_log_in_page(stranger: BrowserContext) -> None:
    with sound_page(stranger) as page:
        inspect(page, "/admin/login/")


def test_log_in_that_fails(stranger: BrowserContext) -> None:
    with sound_page(stranger) as page:
        page.goto("/admin/login/")
        page.fill("input[name=username]", "admin")
        page.fill("input[name=password]", "wrong")
        page.click("button.submit-row")
        read(page)


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/admin/scheduler/node/add/", 403)])
def test_page_of_an_error(path: str, status: int, reader: BrowserContext) -> None:
    with sound_page(reader, but_for=f"status of {status}") as page:
        inspect(page, path, status=(status,))


def test_page_of_an_error_of_ours(reader: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.admin.jobs.ask_why", Mock(side_effect=RuntimeError))
    with sound_page(reader, but_for="status of 500") as page:
        inspect(page, "/admin/scheduler/job/report/why/", status=(500,))


def test_page_of_a_form_that_is_out_of_date(reader: BrowserContext) -> None:
    with sound_page(reader, but_for="status of 403") as page:
        page.goto("/admin/zone/")
        page.context.clear_cookies(name="csrftoken")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="This page was out of date.")).to_be_visible()
        read(page)


def test_zone_stands_in_the_header_without_the_words_that_are_only_read_aloud(reader: BrowserContext) -> None:
    with sound_page(reader) as page:
        page.goto("/admin/")
        said = page.get_by_role("link", name="Time zone of these pages: Asia/Shanghai").locator(".viewer-unseen")
        assert said.evaluate("words => words.offsetWidth") <= 1


def test_nothing_hides_the_field_that_has_the_focus(reader: BrowserContext) -> None:
    with sound_page(reader) as page:
        page.goto("/admin/scheduler/job/report/change/")
        page.locator("#id_name").focus()
        for _field in range(20):
            page.keyboard.press("Tab")
            assert page.evaluate(WHAT_HIDES_THE_FOCUS) is None


def inspect(page: Page, path: str, *, status: tuple[int, ...] = (200,)) -> None:
    """Open a page and read it."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status in status
    read(page)


def read(page: Page) -> None:
    """Read a page on a desk and on a phone, in light and in dark: of the second theme, only what colours decide."""
    # The script that mends the theme's pages has run when there is one landmark for all that a page is about.
    page.wait_for_selector("main, [role=main]", state="attached")
    page.evaluate(AXE_SCRIPT)
    for size, themes in LOOKS:
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], "it scrolls sideways"
        for theme, rules in zip(themes, (EVERYTHING, COLOURS), strict=True):
            switch_theme(page, theme)
            assert violations_of(page, rules) == [], f"{theme}, {size['width']} px"


def switch_theme(page: Page, theme: Theme) -> None:
    """Let evening or morning come, and wait until the page has followed."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.wait_for_function(IS_IN_THEME, arg=theme)


def violations_of(page: Page, rules: dict[str, Any]) -> list[str]:
    """Return what axe-core finds, one line for each element."""
    found: list[tuple[str, str, str]] = page.evaluate(FIND_VIOLATIONS, rules)
    return [
        f"{rule}: {place}: {html[:160]}"
        for rule, place, html in found
        if not any(rule == excused and place.startswith(beginning) for excused, beginning in EXCUSED)
    ]
