"""The audit log's pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from scheduler import clock
from scheduler.actors import acting
from scheduler.admin.entry_labels import label_of
from scheduler.models import AuditEntry, Kind, first_id_of
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import change_job, create_job, delete_job, pause_job
from scheduler.services.runs import run_job

pytestmark = pytest.mark.django_db

LOG = "/admin/scheduler/auditentry/"


def add(job_id: str = "job") -> None:
    create_job({"id": job_id, "func": "jobs:nothing", "trigger": "interval", "hours": 1})


def shown(browser: Client, **filters: str) -> list[str]:
    """Return of each entry on the page what it is about."""
    answer = browser.get(LOG, filters)
    assert answer.status_code == 200
    return [entry.job_id or entry.name for entry in answer.context["cl"].result_list]


def test_newest_entry_comes_first(browser: Client) -> None:
    add("a")
    add("b")

    assert shown(browser) == ["b", "a"]


def test_entry_says_who_did_what_by_which_way_and_from_where(browser: Client) -> None:
    add()
    with acting(name="alice", source="rest", address="192.0.2.7"):
        change_job("job", {"name": "after"})

    page = browser.get(LOG).content.decode()

    for text in (
        "alice",
        "REST",
        "192.0.2.7",
        "changed",
        "name: job → after",
        'href="/admin/scheduler/job/job/change/"',
    ):
        assert text in page


def test_job_that_is_gone_has_no_link(browser: Client) -> None:
    add()
    delete_job("job")

    page = browser.get(LOG).content.decode()

    assert "job/job/change" not in page
    assert "deleted" in page


def test_log_is_filtered(browser: Client) -> None:
    with acting(name="alice", source="rest"):
        add("a")
    with acting(name="bob", source="admin"):
        add("b")
        pause_job("a")
        create_calendar({"name": "china"})

    assert shown(browser, actor="alice") == ["a"]
    assert shown(browser, job_id="a") == ["a", "a"]
    assert shown(browser, source="admin") == ["china", "a", "b"]
    assert shown(browser, action__exact="paused") == ["a"]
    assert shown(browser, kind__exact="calendar") == ["china"]
    assert shown(browser, actor="bob", job_id="b") == ["b"]
    assert shown(browser, actor="nobody\0") == []


def test_what_nobody_did_is_found_too(browser: Client) -> None:
    add()

    assert shown(browser, source="-") == ["job"]


@pytest.mark.parametrize(("since", "expected"), [("1", []), ("7", ["old"]), ("x", ["old"])])
def test_old_entries_are_left_out_where_that_is_asked(browser: Client, since: str, expected: list[str]) -> None:
    moment = clock.now() - timedelta(days=3)
    AuditEntry.objects.create(id=first_id_of(moment), at=moment, action="created", job_id="old", kind=Kind.JOB)

    assert shown(browser, since=since) == expected


def test_page_never_counts(browser: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(60):
        add(f"job {number}")

    # Session, user, entries.
    with django_assert_num_queries(3) as captured:
        browser.get(LOG)

    assert not any("COUNT" in query["sql"] for query in captured.captured_queries)


def test_entry_has_a_page_with_all_of_it(browser: Client) -> None:
    add()
    change_job("job", {"name": "n" * 200})
    run = run_job("job")
    changed, ran = AuditEntry.objects.get(action="changed"), AuditEntry.objects.get(action="run")

    assert "n" * 200 in browser.get(f"{LOG}{changed.pk}/change/").content.decode()
    assert f"/admin/scheduler/execution/{run.pk}/change/" in browser.get(f"{LOG}{ran.pk}/change/").content.decode()


@pytest.mark.parametrize("details", [{}, {"x": None}, {"paused": [False, True]}, {"<b>": ["<i>", 1]}, {"days": 3}])
def test_any_details_are_shown_and_none_is_markup(browser: Client, details: dict[str, Any]) -> None:
    entry = AuditEntry.objects.create(at=clock.now(), action="changed", kind=Kind.CALENDAR, details=details)

    for address in (LOG, f"{LOG}{entry.pk}/change/"):
        page = browser.get(address).content.decode()
        assert "<i> →" not in page
        assert "<dt><b>" not in page


def test_nobody_writes_there(browser: Client) -> None:
    add()
    entry = AuditEntry.objects.get()

    assert browser.get(f"{LOG}add/").status_code == 403
    assert browser.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert browser.post(f"{LOG}{entry.pk}/change/", {"actor": "x"}).status_code == 403
    assert AuditEntry.objects.get().actor == ""


def test_log_is_not_for_everybody(browser_with: Callable[..., Client]) -> None:
    assert browser_with("view_job").get(LOG).status_code == 403


def test_details_have_names_whatever_was_changed() -> None:
    with override("zh-hans"):
        assert label_of("duration_seconds") == "时长（秒）"
        assert label_of("weekend") == "周末"
        assert label_of("restored_from") == "还原自"
        assert label_of("next_run_time") == "下次执行"
        assert label_of("2026-10-01") == "2026-10-01"
