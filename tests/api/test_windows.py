"""Maintenance windows: /scheduler/windows."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.models import MaintenanceWindow
from scheduler.services.jobs import create_job
from scheduler.services.windows import create_window
from tests.api.conftest import NOW
from tests.api.test_any_body import BOUNDED, names, values

WINDOWS = "/scheduler/windows"
NIGHT = f"{WINDOWS}/night"
NEW: dict[str, Any] = {
    "name": "night", "trigger": "cron", "hour": 2, "minute": 30, "timezone": "Asia/Shanghai", "duration_seconds": 3600,
    "tags": ["billing"], "note": "Backups.",
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("clock")


def hourly(job_id: str = "job", **more: Any) -> None:
    start = NOW.replace(minute=45, second=0, microsecond=0).isoformat()
    trigger = {"trigger": "interval", "hours": 1, "start_date": start}
    create_job({"id": job_id, "func": "jobs:nothing", "name": "Invoices", "tags": ["billing"], **trigger, **more})


def test_new_window_is_answered_as_it_is_and_with_what_it_affects(api: APIClient) -> None:
    hourly(maintenance="once")

    answer = api.post(WINDOWS, NEW, format="json")

    assert answer.status_code == 200
    shown = answer.json()
    affected = shown.pop("affected")
    assert shown == {
        "name": "night", "trigger": "cron", "hour": "2", "minute": "30", "timezone": "Asia/Shanghai",
        "duration_seconds": 3600, "tags": ["billing"], "note": "Backups.", "created_by": "admin",
        "created_at": NOW.isoformat(),
        "next": {"start": "2030-11-23T02:30:00+08:00", "end": "2030-11-23T03:30:00+08:00"},
    }  # fmt: skip
    assert (affected["jobs"], affected["has_more"], affected["spans"][0]) == (1, False, shown["next"])
    assert affected["occurrences"][0] == {
        "job_id": "job",
        "name": "Invoices",
        "scheduled_for": "2030-11-22T18:45:00+00:00",
        "maintenance": "once",
        "runs_at": "2030-11-22T19:30:00+00:00",
        "reason": "Postponed to 2030-11-23 03:30:00+08:00 by the maintenance window night.",
    }


def test_preview_answers_the_same_and_writes_nothing(api: APIClient) -> None:
    hourly()

    preview = api.post(f"{WINDOWS}/preview", NEW, format="json")

    assert preview.status_code == 200
    assert not MaintenanceWindow.objects.exists()
    assert api.post(WINDOWS, NEW, format="json").json()["affected"] == preview.json()


def test_windows_are_listed_by_name(api: APIClient) -> None:
    for name in ("b", "a"):
        api.post(WINDOWS, {**NEW, "name": name}, format="json")

    answer = api.get(WINDOWS)

    assert [window["name"] for window in answer.json()] == ["a", "b"]
    assert answer.json()[0] == api.get(f"{WINDOWS}/a").json()


def test_change_is_answered_with_what_it_affects(api: APIClient) -> None:
    create_window(NEW)
    hourly()

    answer = api.patch(NIGHT, {"duration_seconds": 60}, format="json")

    assert (answer.status_code, answer.json()["duration_seconds"]) == (200, 60)
    assert answer.json()["affected"]["occurrences"] == []


def test_deleted_window_is_gone(api: APIClient) -> None:
    create_window(NEW)

    assert api.delete(NIGHT).status_code == 204
    assert api.get(NIGHT).status_code == 404


def test_what_was_read_can_be_sent_back(api: APIClient, clock: Traveller) -> None:
    create_window(NEW)
    read, before = api.get(NIGHT), MaintenanceWindow.objects.values().get()
    clock.shift(timedelta(seconds=5))

    assert api.generic("PATCH", NIGHT, read.content, "application/json").status_code == 200
    assert MaintenanceWindow.objects.values().get() == before
    api.delete(NIGHT)
    assert api.generic("POST", WINDOWS, read.content, "application/json").status_code == 200
    assert {**api.get(NIGHT).json(), "created_at": "", "created_by": ""} == {
        **read.json(),
        "created_at": "",
        "created_by": "",
    }


def test_taken_name_is_a_conflict(api: APIClient) -> None:
    create_window(NEW)

    answer = api.post(WINDOWS, NEW, format="json")

    assert answer.status_code == 409
    assert answer.json() == {"error_message": "Maintenance window night already exists."}


@pytest.mark.parametrize("name", ["nosuch", "%00", "NIGHT"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_unknown_window_is_not_found(api: APIClient, method: str, name: str) -> None:
    create_window(NEW)

    assert api.generic(method, f"{WINDOWS}/{name}", "{}", "application/json").status_code == 404


@pytest.mark.parametrize("path", [WINDOWS, f"{WINDOWS}/preview"])
def test_what_is_wrong_is_said_by_field(api: APIClient, path: str) -> None:
    answer = api.post(path, {**NEW, "hour": 24, "duration_seconds": 0}, format="json")

    assert answer.status_code == 400
    assert sorted(answer.json()["errors"]) == ["duration_seconds", "hour"]


def test_window_that_somebody_broke_by_hand_is_shown(api: APIClient) -> None:
    create_window(NEW)
    MaintenanceWindow.objects.update(trigger=[5], timezone="Mars", tags={"a": 1})

    answer = api.get(WINDOWS)

    assert answer.status_code == 200
    assert (answer.json()[0]["trigger"], answer.json()[0]["next"]) == (None, None)


fields = names | st.sampled_from(["duration_seconds", "tags", "note"])
almost_windows = st.builds(lambda more: {**NEW, **more}, st.dictionaries(fields, values, max_size=3))


@BOUNDED
@given(body=values | almost_windows, method=st.sampled_from(["POST", "PATCH"]))
def test_anything_makes_a_window_or_says_why_not(api: APIClient, body: Any, method: str) -> None:
    MaintenanceWindow.objects.all().delete()
    if method == "PATCH":
        create_window(NEW)
    path = WINDOWS if method == "POST" else NIGHT

    answer = api.generic(method, path, json.dumps(body), "application/json")

    assert answer.status_code in (200, 400)
    assert ("affected" if answer.status_code == 200 else "error_message") in answer.json()
    assert api.get(WINDOWS).status_code == 200
