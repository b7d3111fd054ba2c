"""The pages of maintenance windows: what one does is shown before it is saved."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from scheduler.models import MaintenanceWindow, SchedulerState
from scheduler.services.jobs import create_job
from scheduler.services.windows import create_window

pytestmark = pytest.mark.django_db

LIST = "/admin/scheduler/maintenancewindow/"
ADD = f"{LIST}add/"
CHANGE = f"{LIST}night/change/"


def typed(**fields: Any) -> dict[str, Any]:
    """What a browser sends: every field of the form, most of them empty."""
    defaults = {
        "name": "night",
        "kind": "cron",
        "cron__hour": "2",
        "timezone": "Asia/Shanghai",
        "duration": "1:30:00",
        "tags": "night shift, billing",
        "note": "",
    }
    return {**defaults, **fields}


def window(name: str = "night", **more: Any) -> MaintenanceWindow:
    return create_window({"name": name, "trigger": "cron", "hour": 2, "duration_seconds": 3600, **more})


def test_first_the_affected_occurrences_are_shown_and_nothing_is_saved(browser: Client) -> None:
    create_job({"id": "b", "func": "jobs:nothing", "name": "<b>Invoices", "trigger": "interval", "minutes": 5})

    page = browser.post(ADD, typed(tags=""))

    assert page.status_code == 200
    text = page.content.decode()
    assert "&lt;b&gt;Invoices (b)" in text
    assert "does not run" in text
    assert "02:00:00 Asia/Shanghai" in text
    assert not MaintenanceWindow.objects.exists()


def test_what_is_confirmed_is_saved(browser: Client) -> None:
    question = browser.post(ADD, typed())
    sent = question.context["sent"]

    saved = browser.post(ADD, {**sent, "_confirmed": "1"})

    assert saved.status_code == 302
    stored = MaintenanceWindow.objects.get()
    assert (stored.name, stored.duration_seconds, stored.tags) == ("night", 5400, ["billing", "night shift"])
    assert (stored.trigger, stored.timezone) == ({"trigger": "cron", "hour": "2"}, "Asia/Shanghai")
    assert stored.created_by == "admin"


@pytest.mark.parametrize("kind", ["date", "interval"])
def test_window_begins_when_the_page_has_said(browser: Client, kind: str) -> None:
    question = browser.post(ADD, typed(kind=kind, interval__hours="2.5"))

    browser.post(ADD, {**question.context["sent"], "_confirmed": "1"})

    assert MaintenanceWindow.objects.get().trigger == question.context["window"].trigger


def test_page_says_where_nothing_is_affected(browser: Client) -> None:
    page = browser.post(ADD, typed(kind="date", date__run_date="2001-01-01"))

    assert b"No occurrence of any job is affected." in page.content
    assert b"Never again: it is over." in page.content


@pytest.mark.portable
@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("name", {"name": "a/b"}),
        ("name", {"name": "taken"}),
        ("kind", {"cron__month": "2", "cron__day": "31"}),
        ("cron__hour", {"cron__hour": "24"}),
        ("timezone", {"timezone": "Mars"}),
        ("duration", {"duration": ""}),
        ("duration", {"duration": "soon"}),
        ("duration", {"duration": "0:00:00.5"}),
        ("duration", {"duration": "-1:00:00"}),
        ("duration", {"duration": "1 00:00:00"}),
        ("tags", {"tags": "x" * 65}),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, {"_confirmed": "1"}], ids=["first", "confirmed"])
def test_mistake_is_said_at_its_field(
    browser: Client, field: str, fields: dict[str, str], confirmed: dict[str, str]
) -> None:
    window("taken")

    page = browser.post(ADD, {**typed(**fields), **confirmed})

    assert page.status_code == 200
    assert field in page.context["adminform"].form.errors
    assert MaintenanceWindow.objects.count() == 1


def test_saving_an_unchanged_form_changes_nothing(browser: Client) -> None:
    window(tags=["night shift", "billing"], note="Backups.\nAll of them.", timezone="Asia/Shanghai")
    before = MaintenanceWindow.objects.values().get()
    shown = browser.get(CHANGE).context["adminform"].form
    sent = {name: shown[name].value() for name in shown.fields if shown[name].value() not in (None, "")}

    assert browser.post(CHANGE, {**sent, "_confirmed": "1"}).status_code == 302
    assert MaintenanceWindow.objects.values().get() == before


def test_change_asks_as_well(browser: Client) -> None:
    window()

    question = browser.post(CHANGE, typed(duration="2:00:00"))
    assert b"Save this maintenance window?" in question.content
    browser.post(CHANGE, {**typed(duration="2:00:00"), "_confirmed": "1"})

    assert MaintenanceWindow.objects.get().duration_seconds == 7200
    assert SchedulerState.objects.get().rules_revision == 2


def test_deleting_tells_the_nodes(browser: Client) -> None:
    window()
    window("other")

    browser.post(f"{LIST}night/delete/", {"post": "yes"})
    browser.post(LIST, {"action": "delete_selected", "_selected_action": ["other"], "post": "yes"})

    assert not MaintenanceWindow.objects.exists()
    assert SchedulerState.objects.get().rules_revision == 4


def test_list_shows_what_is_in_force_to_come_over_and_broken(browser: Client) -> None:
    now = timezone.now()
    for name, start in (("now", now), ("later", now + timedelta(days=1)), ("past", now - timedelta(days=1))):
        date = {"trigger": "date", "run_date": start.isoformat()}
        create_window({"name": name, **date, "duration_seconds": 3600})
    window("bad")
    MaintenanceWindow.objects.filter(name="bad").update(trigger=[5], tags=5)

    text = browser.get(LIST).content.decode()

    for state in ("in force", "to come", "over", "broken"):
        assert state in text


def test_broken_window_can_be_opened_and_deleted(browser: Client) -> None:
    window()
    MaintenanceWindow.objects.update(trigger=[5], tags=5, timezone="Mars")

    assert browser.get(CHANGE).status_code == 200
    assert browser.post(f"{LIST}night/delete/", {"post": "yes"}).status_code == 302


@pytest.mark.parametrize("windows", [1, 20])
def test_list_needs_a_constant_number_of_statements(
    browser: Client, windows: int, django_assert_num_queries: Any
) -> None:
    for number in range(windows):
        window(f"w{number}")

    with django_assert_num_queries(5):
        assert browser.get(LIST).status_code == 200


def test_who_may_only_look_cannot_write(browser_with: Callable[..., Client]) -> None:
    window(note="Backups.")
    browser = browser_with("view_maintenancewindow")

    page = browser.get(CHANGE)

    assert page.status_code == 200
    assert b"Backups." in page.content
    assert browser.post(CHANGE, typed()).status_code == 403
    assert browser.post(ADD, typed()).status_code == 403
    assert MaintenanceWindow.objects.get().duration_seconds == 3600


@pytest.mark.parametrize("confirmed", [{}, {"_confirmed": "1"}], ids=["first", "confirmed"])
def test_window_that_is_gone_is_not_an_error(browser: Client, confirmed: dict[str, str]) -> None:
    assert browser.post(CHANGE, {**typed(), **confirmed}).status_code == 302
