"""No page shuts anybody out: axe-core finds nothing, light and dark, on a desk and on a phone.

Each page is read once on a desk in light and once on a phone in dark: colours do not depend on the width.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests.browser.conftest import sound_page
from tests.browser.site import PASSWORD, Samples, make_samples, page_names

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("accessibility")]

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
CHINESE = [
    "admin:index",
    "admin:scheduler_job_changelist",
    "admin:scheduler_job_add",
    "admin:scheduler_execution_change",
]
API = ["/scheduler", "/scheduler/jobs", "/scheduler/jobs/report", "/scheduler/jobs/report/executions"]
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


def test_deletion_of_many_before_it_is_done(reader: BrowserContext) -> None:
    with sound_page(reader) as page:
        page.goto("/admin/scheduler/job/")
        page.check("#action-toggle")
        page.select_option("select[name=action]", "delete_selected")
        page.locator("button[name=index]").click()
        read(page)


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


def inspect(page: Page, path: str, *, status: tuple[int, ...] = (200,)) -> None:
    """Open a page and read it."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status in status
    read(page)


def read(page: Page) -> None:
    """Read a page on a desk in light, and on a phone in dark."""
    for is_dark, size in ((False, DESK), (True, PHONE)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if is_dark else "light", reduced_motion="reduce")
        # The script that mends the theme's pages has run when there is one landmark for all that a page is about.
        page.wait_for_selector("main, [role=main]", state="attached")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], "it scrolls sideways"
        assert violations_of(page) == [], f"{'dark' if is_dark else 'light'}, {size['width']} px"


def violations_of(page: Page) -> list[str]:
    """Return what axe-core finds, one line for each element."""
    found: dict[str, Any] = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [
        f"{rule['id']}: {node['target'][0]}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
        if not any(rule["id"] == excused and str(node["target"][0]).startswith(place) for excused, place in EXCUSED)
    ]
