"""The header of every page: the language, and the time zone, in which it is read."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override

from scheduler.models import Action, AuditEntry, Execution, Node, Status
from scheduler.services.jobs import create_job
from scheduler.services.nodes import register_node
from scheduler.services.schedules import quarantine_job
from scheduler.words import reasons, said

pytestmark = pytest.mark.django_db

PAGES = ["", "scheduler/job/", "scheduler/job/add/", "scheduler/execution/", "auth/user/", "zone/", "password_change/"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_offers_the_other_language_and_the_zone(browser: Client, page: str) -> None:
    shown = browser.get(f"/admin/{page}").content.decode()

    assert '<button type="submit" name="language" value="zh-hans" lang="zh-hans">简体中文</button>' in shown
    assert f'href="/admin/zone/?next=%2Fadmin%2F{page.replace("/", "%2F")}"' in shown


@pytest.mark.parametrize("page", ["login/", "logout/"])
def test_pages_for_everybody_offer_the_other_language(browser: Client, page: str) -> None:
    answer = browser.post("/admin/logout/") if page == "logout/" else Client().get(f"/admin/{page}")

    assert '<button type="submit" name="language" value="zh-hans"' in answer.content.decode()


def test_language_is_kept_and_goes_back_to_the_page(client: Client) -> None:
    answer = client.post("/language/", {"language": "zh-hans", "next": "/admin/login/"})

    assert answer.headers["Location"] == "/admin/login/"
    assert answer.cookies["django_language"]["max-age"] > 300 * 24 * 3600
    assert "登录" in client.get("/admin/login/").content.decode()


def test_whoever_has_chosen_nothing_reads_what_the_browser_asks_for() -> None:
    assert "登录" in Client(headers={"accept-language": "zh-CN,zh;q=0.9"}).get("/admin/login/").content.decode()


def test_missing_page_is_said_in_the_language_too(client: Client) -> None:
    shown = client.get("/nowhere", headers={"accept-language": "zh-CN"}).content.decode()

    assert '<html lang="zh-hans">' in shown
    assert "没有这个页面。" in shown


def test_zone_is_chosen_kept_and_given_back(browser: Client) -> None:
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "date", "run_date": "2031-05-06 12:00"})
    assert "2031-05-06 12:00:00 UTC" in browser.get("/admin/scheduler/job/").content.decode()

    answer = browser.post("/admin/zone/", {"zone": "Asia/Tokyo", "next": "/admin/scheduler/job/"})

    assert answer.headers["Location"] == "/admin/scheduler/job/"
    shown = browser.get("/admin/scheduler/job/").content.decode()
    assert "2031-05-06 21:00:00 JST" in shown
    assert "12:00:00 UTC</span>" in shown
    browser.post("/admin/zone/", {"zone": ""})
    assert "2031-05-06 12:00:00 UTC" in browser.get("/admin/scheduler/job/").content.decode()


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd"])
def test_zone_that_is_none_is_refused(browser: Client, zone: str) -> None:
    answer = browser.post("/admin/zone/", {"zone": zone})

    assert answer.status_code == 200
    assert "zone" not in answer.cookies
    assert "Select a valid choice" in answer.content.decode()


@pytest.mark.parametrize("path", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_nobody_is_led_away(browser: Client, path: str) -> None:
    answer = browser.post("/admin/zone/", {"zone": "Asia/Tokyo", "next": path})

    assert answer.headers["Location"] == "/admin/"


def test_zones_are_for_those_who_are_logged_in(client: Client) -> None:
    assert client.get("/admin/zone/").status_code == 302


PAGES_WITH_REASONS = [
    "",
    "dashboard/summary/",
    "scheduler/job/",
    "scheduler/job/x/overview/",
    "scheduler/job/x/change/",
    "scheduler/execution/",
    "scheduler/execution/{failure}/change/",
    "scheduler/execution/{attempt}/change/",
    "scheduler/node/{node}/change/",
    "scheduler/auditentry/",
    "scheduler/auditentry/{quarantine}/change/",
]


@pytest.fixture
def on_record() -> dict[str, int]:
    """A job that ran, failed and is in quarantine, with a reason wherever one can be; by name, the ids."""
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    noon = datetime.now(UTC) - timedelta(hours=1)
    node = register_node(name="tokyo-1", pid=1, threads=1, now=noon)
    Node.objects.update(stopped_at=noon, stop_reason=reasons.STOPPED)
    ran = {"job_id": "x", "scheduled_for": noon, "created_at": noon, "revision": 1}
    Execution.objects.create(**{**ran, "scheduled_for": noon - timedelta(hours=1)}, status=Status.SUCCEEDED)
    failure = Execution.objects.create(**ran, status=Status.LOST, reason=reasons.NODE_DIED)
    attempt = Execution.objects.create(**ran, attempt=2, status=Status.FAILED, reason=reasons.NOT_READY)
    quarantine_job("x", problem=reasons.NO_ARGUMENTS, now=datetime.now(UTC) + timedelta(hours=2))
    entry = AuditEntry.objects.get(action=Action.QUARANTINED)
    return {"failure": failure.pk, "attempt": attempt.pk, "node": node.pk, "quarantine": entry.pk}


@pytest.mark.parametrize("page", PAGES_WITH_REASONS)
def test_what_rows_say_is_read_in_the_readers_language(browser: Client, on_record: dict[str, int], page: str) -> None:
    answer = browser.get(f"/admin/{page.format(**on_record)}", headers={"accept-language": "zh-CN"})

    shown = unescape(answer.content.decode())
    stored = (reasons.NODE_DIED, reasons.NOT_READY, reasons.NO_ARGUMENTS, reasons.STOPPED)
    assert [reason for reason in stored if reason in shown] == []
    with override("zh-hans"):
        assert any(said(reason) in shown for reason in stored)
