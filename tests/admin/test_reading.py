"""The header of every page: the language, and the time zone, in which it is read."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from scheduler.models import Execution, Status
from scheduler.services.jobs import create_job
from scheduler.words import reasons

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


def test_reasons_are_read_in_the_readers_language(browser: Client) -> None:
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    execution = Execution.objects.create(
        job_id="x", scheduled_for=noon, created_at=noon, status=Status.CANCELLED, revision=1, reason=reasons.JOB_DELETED
    )

    for page in ("", f"{execution.pk}/change/"):
        shown = browser.get(f"/admin/scheduler/execution/{page}", headers={"accept-language": "zh-CN"})
        assert "任务已被删除" in shown.content.decode()
