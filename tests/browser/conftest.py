"""Debian's Chromium, driven by playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

# Playwright runs an event loop in this thread, in which Django would refuse to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests, which wait for what they expect. The time allowed is no claim: machines are slow."""
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page with a profile of its own, on which no error may appear and no request may fail."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    with sound_page(context) as page:
        yield page
    context.close()


@contextmanager
def sound_page(context: BrowserContext, *, but_for: str = "") -> Iterator[Page]:
    """Open a page of a profile, on which no error may appear, save one with a certain text, and no request may fail."""
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("requestfailed", lambda request: problems.extend(_failure(request)))
    yield page
    page.close()
    assert [problem for problem in problems if not but_for or but_for not in problem] == []


def _failure(request: Request) -> list[str]:
    """Say what failed; a request that leaving its page has aborted did not."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.url}: {request.failure}"]
