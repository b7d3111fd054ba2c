"""Take the documentation's screenshots: python -m scripts.screenshots [FOLDER] [NAME...]

Starts a web server and a node of its own on a database that is thrown away, so that the pictures show real runs. Each
page is taken in both languages and both themes: <name>-<en|zh>-<light|dark>.png.
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
from io import BytesIO
from itertools import product
from pathlib import Path
from urllib.error import URLError

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "only for the pictures"  # noqa: S105 - of a database that is thrown away
# Where each page is; of those that only the database knows, a list and what the first link to one looks like.
EXECUTION = r"/execution/\d+/change/$"
PAGES: dict[str, str | tuple[str, str]] = {
    "dashboard": "/admin/",
    "jobs": "/admin/scheduler/job/",
    "job": "/admin/scheduler/job/nightly-report/change/",
    "overview": "/admin/scheduler/job/invoices/overview/",
    "run": "/admin/scheduler/job/invoices/run-with/",
    "backfill": "/admin/scheduler/job/nightly-report/backfill/",
    "export": "/admin/scheduler/job/export/",
    "import": "/admin/scheduler/job/import/",
    "revisions": "/admin/scheduler/job/nightly-report/revisions/",
    "audit": "/admin/scheduler/auditentry/",
    "why": "/admin/scheduler/job/invoices/why/?at=2026-11-25T10:15",
    "executions": "/admin/scheduler/execution/",
    "execution": ("/admin/scheduler/execution/?job__id__exact=invoices&status__exact=failed", EXECUTION),
    "running": ("/admin/scheduler/execution/?job__id__exact=orders&status__exact=running", EXECUTION),
    "nodes": "/admin/scheduler/node/",
    "calendars": "/admin/scheduler/workcalendar/",
    "calendar": "/admin/scheduler/workcalendar/china/change/",
    "windows": "/admin/scheduler/maintenancewindow/",
    "window": "/admin/scheduler/maintenancewindow/stocktaking/change/",
    "zone": "/admin/zone/",
    "api": "/scheduler/jobs/nightly-report",
}
# What is also shown as a phone shows it.
ON_A_PHONE = ("dashboard", "jobs", "overview")
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
DESK: ViewportSize = {"width": 1400, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_HEIGHT = 1600
COLOURS = 128
# A traceback names the folder of the machine that it happened on, which is nobody's business.
MOVE_TO_SRV = """root => document.querySelectorAll("pre, .execution-path").forEach(
    pre => { pre.textContent = pre.textContent.replaceAll(root + "/scripts", "/srv").replaceAll(root, "/srv") })"""


def main(folder: str = "docs/screenshots", *names: str) -> None:
    """Start everything, take the pictures of all pages or of those that are named, stop everything."""
    target = ROOT / folder
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, demo_site(Path(scratch)) as url:
        take_pictures(url, target, names or ("login", *PAGES))


@contextmanager
def demo_site(scratch: Path) -> Iterator[str]:
    """Run a web server and a node on a fresh database; yield the address."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{scratch / 'demo.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "scripts.shop.settings",
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEMO_PASSWORD": PASSWORD,
    }
    manage = [sys.executable, "manage.py"]
    fill = "from scripts.shop.opening import open_shop; open_shop()"
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["shell", "-v0", "-c", fill]):
        subprocess.run([*manage, *command], cwd=ROOT, env=environment, check=True)
    web = [sys.executable, "-m", "gunicorn", "carnation.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    with ExitStack() as stack:
        for command in (web, [*manage, "runapscheduler", "--node", "tokyo-3"]):
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            stack.callback(process.wait, 60)
            stack.callback(process.terminate)
        url = f"http://127.0.0.1:{port}"
        wait_until_up(url)
        # Long enough for what was asked for to have run.
        time.sleep(6)
        yield url


def wait_until_up(url: str) -> None:
    """Wait until the web server answers."""
    for _attempt in range(100):
        try:
            urllib.request.urlopen(f"{url}/admin/login/", timeout=5).close()  # noqa: S310 - our own address
        except (URLError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    sys.exit("The web server of the screenshots did not start.")


def take_pictures(url: str, target: Path, names: tuple[str, ...]) -> None:
    """Take pages in both languages and both themes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        for (language, locale), scheme in product(LANGUAGES.items(), ("light", "dark")):
            context = browser.new_context(
                base_url=url,
                color_scheme="dark" if scheme == "dark" else "light",
                locale=locale,
                reduced_motion="reduce",
                timezone_id="Europe/Berlin" if language == "en" else "Asia/Shanghai",
            )
            page = context.new_page()
            page.goto("/admin/login/")
            if "login" in names:
                picture(page, "/admin/login/", target / f"login-{language}-{scheme}.png")
            log_in(page)
            for name in (each for each in names if each in PAGES):
                address = find_page(page, PAGES[name])
                picture(page, address, target / f"{name}-{language}-{scheme}.png")
                if name in ON_A_PHONE:
                    picture(page, address, target / f"{name}-phone-{language}-{scheme}.png", size=PHONE)
            context.close()
        browser.close()


def log_in(page: Page) -> None:
    """Log in."""
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.submit-row")


def find_page(page: Page, place: str | tuple[str, str]) -> str:
    """Return the address of a page."""
    if isinstance(place, str):
        return place
    listing, pattern = place
    page.goto(listing)
    links: list[str] = page.locator("a").evaluate_all("all => all.map(a => a.pathname)")
    return next(link for link in links if re.search(pattern, link))


def picture(page: Page, address: str, path: Path, *, size: ViewportSize = DESK) -> None:
    """Take a picture of a page, whole unless it is very long, in as few bytes as do."""
    page.set_viewport_size(size)
    page.goto(address)
    page.wait_for_timeout(700)
    page.evaluate(MOVE_TO_SRV, str(ROOT))
    height = min(page.evaluate("document.documentElement.scrollHeight"), MOST_HEIGHT)
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    image = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
