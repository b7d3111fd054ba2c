"""What stands beside the job form while it is typed: the next runs, and what the job does to all others."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from scheduler.models import Job, Schedule
from scheduler.services import drafts
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job
from scheduler.services.windows import create_window
from tests.admin.test_job_form import ADD, typed

PREVIEW = "/admin/scheduler/job/preview/"


def page(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def preview_of(response: Any) -> Any:
    assert response.status_code == 200
    return response.context["preview"]


def cron(crontab: str, **fields: Any) -> dict[str, Any]:
    return typed(**{"kind": "cron", "cron__crontab": crontab, "interval__seconds": "", **fields})


def test_next_ten_runs_are_shown_with_their_words(browser: Client) -> None:
    preview = preview_of(browser.post(PREVIEW, cron("0 9 * * 1-5", timezone="Asia/Shanghai")))

    assert preview.words == "Runs at 09:00 on Monday to Friday (Asia/Shanghai)."
    assert len(preview.rows) == 10
    assert all(row.at.astimezone(UTC).time() == time(1) for row in preview.rows)
    assert (preview.zone, preview.is_elsewhere, preview.has_more) == ("Asia/Shanghai", True, True)
    assert not Job.objects.exists()


def test_times_are_the_viewers_first_and_the_jobs_beside_them(browser: Client) -> None:
    text = page(browser.post(PREVIEW, cron("0 9 * * *", timezone="Asia/Shanghai")))

    assert text.count(" 01:00:00 UTC</time>") == text.count(">09:00:00 Asia/Shanghai</span>") == 10


def test_times_are_told_once_where_the_viewer_is_in_the_jobs_zone(browser: Client) -> None:
    browser.cookies["zone"] = "Asia/Shanghai"

    text = page(browser.post(PREVIEW, cron("0 9 * * *", timezone="Asia/Shanghai")))

    assert text.count(" 09:00:00 CST</time>") == 10
    assert "moment-there" not in text


def test_nothing_but_the_trigger_need_be_typed(browser: Client) -> None:
    fields = cron("0 9 * * *", id="", func="", args="[1", overlap="nosuch", retries="x") | {"overlap": "skip"}

    assert len(preview_of(browser.post(PREVIEW, fields)).rows) == 10


def test_what_is_dropped_has_its_reason(browser: Client) -> None:
    create_calendar({"name": "none", "days": [{"day": "2031-05-06", "working": False, "name": "Feast"}]})
    fields = cron("0 9 * * *", cron__start_date="2031-05-05", cron__calendar="none")
    text = page(browser.post(PREVIEW, fields))

    assert "<s>Tue 2031-05-06 09:00:00</s>" in text
    assert "Feast" in text


def test_hour_that_the_clocks_skip_is_marked(browser: Client) -> None:
    fields = cron("30 1 * * 0", cron__start_date="2031-03-29", timezone="Europe/London")

    rows = preview_of(browser.post(PREVIEW, fields)).rows

    assert [reason for row in rows for reason in row.reasons if "clocks go forward" in reason]


def test_maintenance_window_is_marked(browser: Client) -> None:
    create_window({"name": "night", "trigger": "cron", "hour": 2, "duration_seconds": 7200})

    preview = preview_of(browser.post(PREVIEW, cron("0 3 * * *")))

    assert preview.rows[0].at is None
    assert "night" in preview.rows[0].reasons[0]


@pytest.mark.portable
@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        (cron("0 25 * * *"), "cron__crontab", "25 is more than 23"),
        (typed(interval__seconds="ten"), "interval__seconds", "Enter a number."),
        (typed(interval__seconds=""), "kind", "Say how often it runs."),
        (cron("0 9 * * *", timezone="Mars/Olympus"), "timezone", "No time zone found"),
        (cron("0 9 * * *", timezone=""), "timezone", "This field is required."),
        (cron("0 9 * * *", id="a/b"), "id", "slashes"),
        (cron("0 9 * * *", tags="x" * 65), "tags", "A tag has"),
        (cron("0 9 * * *", max_runs="0"), "max_runs", ""),
        (cron("0 9 * * *", kind="nosuch"), "kind", "Select a valid choice"),
        (typed(kind="date", date__run_date="2001-01-01"), "date__run_date", "no occurrence after now"),
        (typed(kind="or", or__triggers="[" * 5_000), "or__triggers", "nested more than 30 levels deep"),
        (typed(kind="or", or__triggers=r'["\ud800"]'), "or__triggers", "cannot be stored as JSON"),
    ],
)
def test_mistake_is_said_in_its_place_while_it_is_typed(
    browser: Client, fields: dict[str, str], field: str, said: str
) -> None:
    response = browser.post(PREVIEW, fields)

    preview = preview_of(response)
    assert [told.field.name for told in preview.wrong] == [field]
    assert said in preview.wrong[0].message
    assert f'<div id="id_{field}_error" hx-swap-oob="innerHTML"><p>' in page(response)


def test_mistake_that_is_mended_is_said_no_longer(browser: Client) -> None:
    text = page(browser.post(PREVIEW, cron("0 9 * * *")))

    assert '<div id="id_cron__crontab_error" hx-swap-oob="innerHTML"></div>' in text


def test_page_shows_the_runs_before_anybody_types(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": 9})

    preview = preview_of(browser.get("/admin/scheduler/job/job/change/"))

    assert len(preview.rows) == 10
    assert preview.address == f"{PREVIEW}?job=job"
    assert [told.message for told in preview_of(browser.get(ADD)).wrong] == ["Say how often it runs."]


def test_stored_job_keeps_the_next_run_that_somebody_has_set(browser: Client) -> None:
    create_job(
        {"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": 9, "next_run_time": "2131-05-06T07:08:00"}
    )

    kept = preview_of(browser.post(f"{PREVIEW}?job=job", typed(kind="cron", cron__hour="9")))
    changed = preview_of(browser.post(f"{PREVIEW}?job=job", typed(kind="cron", cron__hour="10")))

    assert next(row.at for row in kept.rows if row.at) == datetime(2131, 5, 6, 7, 8, tzinfo=UTC)
    assert changed.rows[0].at.year < 2131
    assert Schedule.objects.get().next_run_time is not None


def test_findings_tell_what_the_job_is_in_the_way_of(browser: Client) -> None:
    for number in range(25):
        create_job({"id": f"job{number}", "func": "jobs:nothing", "trigger": "cron", "crontab": "0 3 * * *"})

    herd = page(browser.post(PREVIEW, cron("0 3 * * *", id="new") | {"_show": "findings"}))
    alone = page(browser.post(PREVIEW, cron("7 4 * * *", id="new") | {"_show": "findings"}))

    assert "26 runs start within one minute, 20 may" in herd
    assert "25 other jobs are in it." in herd
    assert "<code>crontab = H 3 * * *</code>" in herd
    assert "In the next 30 days it is in nobody's way." in alone


def test_findings_about_what_is_wrong_are_not_asked_for_again(browser: Client) -> None:
    text = page(browser.post(PREVIEW, cron("0 25 * * *") | {"_show": "findings"}))

    assert "Mend what is wrong first." in text
    assert "hx-trigger" not in text


def test_many_jobs_are_only_looked_at_when_asked_for(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        create_job({"id": f"job{number}", "func": "jobs:nothing", "trigger": "cron", "hour": 3})

    few = page(browser.post(PREVIEW, cron("0 3 * * *")))
    monkeypatch.setattr(drafts, "MOST_ASKED_UNBIDDEN", 2)
    many = page(browser.post(PREVIEW, cron("0 3 * * *")))

    assert 'hx-trigger="load' in few
    assert 'hx-trigger="load' not in many
    assert "There are many jobs" in many


def test_more_jobs_are_looked_at_for_fewer_days(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        create_job({"id": f"job{number}", "func": "jobs:nothing", "trigger": "cron", "hour": 3})
    monkeypatch.setattr(drafts, "MOST_JOB_DAYS", 8)

    text = page(browser.post(PREVIEW, cron("0 3 * * *") | {"_show": "findings"}))

    assert "In the next 2 days" in text


def test_findings_are_shown_without_javascript(browser: Client) -> None:
    text = page(browser.post(ADD, cron("7 4 * * *") | {"_show": "findings"}))

    assert "it is in nobody's way." in text
    assert not Job.objects.exists()


def test_number_of_queries_does_not_grow_with_the_jobs(
    browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        create_job({"id": f"job{number}", "func": "jobs:nothing", "trigger": "cron", "hour": 3})

    with django_assert_max_num_queries(10):
        browser.post(f"{PREVIEW}?job=job3", cron("0 3 * * *"))
    with django_assert_max_num_queries(12):
        browser.get("/admin/scheduler/job/job3/change/")


@pytest.mark.portable
@pytest.mark.parametrize(
    ("codenames", "address", "status"),
    [
        (["view_job"], PREVIEW, 403),
        (["add_job"], PREVIEW, 200),
        (["view_job", "add_job"], f"{PREVIEW}?job=job", 403),
        (["change_job"], f"{PREVIEW}?job=job", 200),
        (["change_job"], f"{PREVIEW}?job=nosuch", 404),
        (["change_job"], f"{PREVIEW}?job=%00", 404),
    ],
)
def test_only_who_may_write_jobs_previews_them(
    browser_with: Callable[..., Client], codenames: list[str], address: str, status: int
) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": 9})

    assert browser_with(*codenames).post(address, cron("0 9 * * *")).status_code == status


def test_preview_is_asked_for_by_post(browser: Client) -> None:
    assert browser.get(PREVIEW).status_code == 405
