"""Take the documentation's screenshots: python -m scripts.screenshots [FOLDER]

Starts a web server and a node of its own on a database that is thrown away, so that the pictures show real runs.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Page, sync_playwright

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "only for the pictures"  # noqa: S105 - of a database that is thrown away
PAGES = {
    "dashboard": "/admin/",
    "jobs": "/admin/scheduler/job/",
    "job": "/admin/scheduler/job/nightly-report/change/",
    "executions": "/admin/scheduler/execution/",
    "nodes": "/admin/scheduler/node/",
    "calendars": "/admin/scheduler/workcalendar/",
    "calendar": "/admin/scheduler/workcalendar/china/change/",
    "windows": "/admin/scheduler/maintenancewindow/",
    "window": "/admin/scheduler/maintenancewindow/night%20of%20the%20move/change/",
    "why": "/admin/scheduler/job/nightly-report/why/?at=2026-11-25T03:00",
    "api": "/scheduler/jobs",
}
# A traceback names the folder of the machine that it happened on, which is nobody's business.
MOVE_TO_SRV = """root => document.querySelectorAll("pre").forEach(
    pre => { pre.textContent = pre.textContent.replaceAll(root, "/srv/carnation") })"""
DEMO = """
import os
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job, pause_job, run_job
from scheduler.services.windows import create_window
soon = (timezone.now() + timedelta(minutes=20)).isoformat()
User.objects.create_superuser("admin", password=os.environ["DEMO_PASSWORD"])
create_calendar({"name": "china", "description": "China", "country": "CN",
                 "days": [{"day": "2031-05-12", "working": False, "name": "Anniversary"}]})
create_window({"name": "night of the move", "trigger": "cron", "day_of_week": "sat", "hour": 2,
               "timezone": "Asia/Shanghai", "duration_seconds": 7200, "note": "The database moves."})
create_job({"id": "nightly-report", "name": "Nightly report", "func": "jobs:job1", "args": ["report", "all"],
            "trigger": "cron", "hour": 2, "minute": 30, "timezone": "Asia/Shanghai"})
create_job({"id": "ping", "name": "Ping the shop", "func": "jobs:job1", "args": ["ping", "shop"],
            "trigger": "interval", "seconds": 2, "end_date": soon})
create_job({"id": "month-end", "name": "Close the month", "func": "jobs:job1", "args": [1, 2],
            "trigger": "calendarinterval", "months": 1, "hour": 23, "start_date": "2031-01-28"})
create_job({"id": "cleanup", "name": "Clean up", "func": "jobs:job1", "args": ["tmp", 7], "trigger": "cron",
            "day_of_week": "sun", "hour": 4})
pause_job("cleanup")
create_job({"id": "archive", "name": "Move the archive", "func": "jobs:job2", "trigger": "interval", "seconds": 4,
            "end_date": soon})
run_job("nightly-report")
from scripts.history import make_history
make_history()
"""


def main(folder: str = "docs/screenshots") -> None:
    """Start everything, take the pictures, stop everything."""
    target = ROOT / folder
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, demo_site(Path(scratch)) as url:
        take_pictures(url, target)


@contextmanager
def demo_site(scratch: Path) -> Iterator[str]:
    """Run a web server and a node on a fresh database; yield the address."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{scratch / 'demo.sqlite3'}",
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEMO_PASSWORD": PASSWORD,
        # Nothing is there: the pictures show a failure too.
        "JOB2_URL": f"http://127.0.0.1:{port}/archive",
    }
    manage = [sys.executable, "manage.py"]
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["shell", "-v0", "-c", DEMO]):
        subprocess.run([*manage, *command], cwd=ROOT, env=environment, check=True)
    web = [sys.executable, "-m", "gunicorn", "carnation.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    with ExitStack() as stack:
        for command in (web, [*manage, "runapscheduler", "--node", "tokyo-1"]):
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
        url = f"http://127.0.0.1:{port}"
        wait_until_up(url)
        # Long enough for the demo's jobs to have a history.
        time.sleep(10)
        yield url


def wait_until_up(url: str) -> None:
    """Wait until the web server answers."""
    for _attempt in range(100):
        try:
            urllib.request.urlopen(f"{url}/admin/login/", timeout=5).close()  # noqa: S310 - our own address
        except URLError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The web server of the screenshots did not start.")


def take_pictures(url: str, target: Path) -> None:
    """Take each page in light and dark, and the list once as a phone shows it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": 1400, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
            )
            page = context.new_page()
            log_in(page, url, target / f"login-{scheme}.png")
            for name, path in PAGES.items():
                picture(page, url + path, target / f"{name}-{scheme}.png")
            page.goto(url + newest_failure(page, url), wait_until="networkidle")
            page.evaluate(MOVE_TO_SRV, str(ROOT))
            page.screenshot(path=str(target / f"execution-{scheme}.png"), full_page=True)
            page.set_viewport_size({"width": 390, "height": 844})
            picture(page, url + PAGES["jobs"], target / f"jobs-phone-{scheme}.png")
            context.close()
        browser.close()


def log_in(page: Page, url: str, path: Path) -> None:
    """Log in, and keep a picture of the log-in page."""
    picture(page, f"{url}/admin/login/", path)
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")


def picture(page: Page, address: str, path: Path) -> None:
    """Take a picture of a page."""
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=str(path), full_page=True)


def newest_failure(page: Page, url: str) -> str:
    """Return the address of a failed execution's page."""
    page.goto(f"{url}{PAGES['executions']}?status__exact=failed")
    links: list[str] = page.locator("a").evaluate_all("all => all.map(a => a.pathname)")
    return next(link for link in links if re.search(r"/execution/\d+/change/$", link))


if __name__ == "__main__":
    main(*sys.argv[1:])
