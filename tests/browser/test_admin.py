"""The admin in a browser, with a real server and a real node."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from scheduler.models import Execution, Job, MaintenanceWindow, Status
from scheduler.services.jobs import create_job
from tests.processes import Node, wait_for

PREVIEW = "**/job/preview/"
COUNT_PREVIEWS = """() => {
    window.previews = 0;
    document.getElementById("job-preview").addEventListener("htmx:trigger", () => { window.previews += 1; });
}"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admin(page: Page, live_server: Any, administrator: User) -> Page:
    """The page after logging in."""
    page.goto(f"{live_server.url}/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", "right password")
    page.click("button[type=submit]")
    return page


def test_job_is_made_run_paused_and_its_failure_read(
    admin: Page, live_server: Any, start_node: Callable[..., Node]
) -> None:
    start_node().wait_until_ready()
    admin.goto(f"{live_server.url}/admin/scheduler/job/add/")
    admin.fill("input[name=id]", "report")
    admin.select_option("select[name=func]", "tests.sample.jobs:fail")
    admin.fill("textarea[name=call__message]", "no paper")
    admin.select_option("select[name=kind]", "cron")
    expect(admin.locator("input[name=interval__seconds]")).to_be_hidden()
    admin.fill("input[name=cron__hour]", "25")
    admin.click("button[name=_save]")
    expect(admin.get_by_text("higher than the maximum value (23)")).to_be_visible()

    admin.fill("input[name=cron__hour]", "3")
    admin.click("button[name=_save]")
    expect(admin.get_by_text("Runs at 03:00 every day (UTC).")).to_be_visible()

    admin.get_by_role("button", name="Run report now").click()
    expect(admin.get_by_text("report is queued to run.")).to_be_visible()
    wait_for(lambda: Execution.objects.filter(status=Status.FAILED).exists(), what="the run to fail")
    admin.get_by_role("button", name="Pause report").click()
    expect(admin.get_by_text("report is paused.")).to_be_visible()
    assert Job.objects.get().paused

    admin.goto(f"{live_server.url}/admin/scheduler/execution/")
    admin.get_by_role("link", name="report").click()
    expect(admin.get_by_text("RuntimeError: no paper").first).to_be_visible()


def test_preview_catches_up_with_who_types_while_it_is_asked_for(admin: Page, live_server: Any) -> None:
    admin.goto(f"{live_server.url}/admin/scheduler/job/add/")
    admin.evaluate(COUNT_PREVIEWS)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    admin.route(PREVIEW, hold, times=1)
    with admin.expect_request(PREVIEW):
        admin.fill("input[name=interval__minutes]", "20")
    admin.fill("input[name=interval__minutes]", "45")
    admin.wait_for_function("window.previews === 2")

    held[0].continue_()

    expect(admin.get_by_text("Runs every 45 minutes")).to_be_visible()


def test_run_is_cancelled_on_its_page(
    admin: Page, live_server: Any, start_node: Callable[..., Node], tmp_path: Path
) -> None:
    start_node().wait_until_ready()
    create_job({"id": "endless", "func": "jobs:wait_until_told", "args": [str(tmp_path / "notes")]})
    wait_for(lambda: Execution.objects.filter(status=Status.RUNNING).exists(), what="the run to start")

    admin.goto(f"{live_server.url}/admin/scheduler/execution/{Execution.objects.get().pk}/change/")
    admin.get_by_role("button", name="Cancel").click()
    expect(admin.get_by_text("The run of endless is told to stop.")).to_be_visible()

    wait_for(lambda: Execution.objects.get().status == Status.CANCELLED, what="the run to end")
    admin.reload()
    expect(admin.get_by_text("Cancelled by admin.")).to_be_visible()
    expect(admin.get_by_role("button", name="Cancel")).to_have_count(0)


def test_window_is_shown_what_it_does_before_it_is_saved(admin: Page, live_server: Any) -> None:
    trigger = {"trigger": "interval", "minutes": 20}
    create_job({"id": "invoices", "func": "jobs:nothing", "tags": ["billing"], "maintenance": "once", **trigger})
    admin.goto(f"{live_server.url}/admin/scheduler/maintenancewindow/add/")
    admin.fill("input[name=name]", "night")
    admin.select_option("select[name=kind]", "cron")
    admin.fill("input[name=cron__hour]", "2")
    admin.fill("input[name=tags]", "billing")
    admin.click("button[name=_save]")
    expect(admin.get_by_text("runs at").first).to_be_visible()
    expect(admin.get_by_text("does not run").first).to_be_visible()
    assert not MaintenanceWindow.objects.exists()

    admin.get_by_role("button", name="Save").click()

    expect(admin.get_by_role("link", name="night").first).to_be_visible()
    expect(admin.get_by_text("at 02:00 every day (UTC)")).to_be_visible()
