"""Calendars over REST."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from scheduler.models import WorkCalendar
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job

CALENDARS = "/scheduler/calendars"
CHINA = f"{CALENDARS}/china"
DAYS = [
    {"day": "2026-10-08", "working": False, "name": "outing"},
    {"day": "2026-12-26", "working": True, "name": ""},
]
FULL: dict[str, Any] = {
    "name": "china",
    "description": "Shanghai office",
    "weekend": ["sat", "sun"],
    "country": "CN",
    "subdivision": "",
    "makeup_days": True,
    "days": DAYS,
}


def without_derived(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "known_until"}


def test_calendar_is_shown_as_it_was_sent(api: APIClient) -> None:
    assert without_derived(api.post(CALENDARS, FULL, format="json")) == FULL
    assert without_derived(api.get(CHINA)) == FULL


def test_what_is_known_until_when_is_said(api: APIClient) -> None:
    assert api.post(CALENDARS, FULL, format="json").json()["known_until"] >= "2026-12-31"
    assert api.post(CALENDARS, {"name": "plain"}, format="json").json()["known_until"] is None


def test_what_was_got_can_be_posted_again(api: APIClient) -> None:
    api.post(CALENDARS, FULL, format="json")
    before = api.get(CHINA).json()

    assert api.delete(CHINA).status_code == 204
    assert api.post(CALENDARS, before, format="json").json() == before


def test_list_has_them_all_by_name_in_a_constant_number_of_statements(
    api: APIClient, django_assert_num_queries: Any
) -> None:
    api.get(CALENDARS)
    for name in ("b", "a", "c"):
        create_calendar({"name": name, "days": DAYS})

    # The token's user, the permission being a superuser's; the calendars, their days.
    with django_assert_num_queries(3):
        answer = api.get(CALENDARS)

    assert [each["name"] for each in answer.json()] == ["a", "b", "c"]
    assert answer.json()[0]["days"] == DAYS


def test_change_keeps_what_was_not_sent(api: APIClient) -> None:
    api.post(CALENDARS, FULL, format="json")

    answer = api.patch(CHINA, {"weekend": "fri,sat", "days": DAYS[:1]}, format="json")

    assert answer.status_code == 200
    assert without_derived(answer) == {**FULL, "weekend": ["fri", "sat"], "days": DAYS[:1]}


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [({"weekend": [7]}, "weekend"), ({"country": "XX"}, "country"), ({"nosuch": 1}, "nosuch"), ({"name": "x"}, "name")],
)
def test_wrong_change_is_refused_by_name(api: APIClient, sent: dict[str, Any], wrong: str) -> None:
    api.post(CALENDARS, FULL, format="json")

    answer = api.patch(CHINA, sent, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [wrong])
    assert wrong in answer.json()["error_message"]
    assert without_derived(api.get(CHINA)) == FULL


def test_name_that_is_taken_is_a_conflict(api: APIClient) -> None:
    api.post(CALENDARS, FULL, format="json")

    answer = api.post(CALENDARS, {"name": "china"}, format="json")

    assert (answer.status_code, answer.json()) == (409, {"error_message": "Calendar china already exists."})


@pytest.mark.parametrize("name", ["nosuch", "CHINA", "chin%00a", "china "])
def test_what_is_not_there_is_not_found(api: APIClient, name: str) -> None:
    api.post(CALENDARS, FULL, format="json")

    for method in ("get", "patch", "delete"):
        answer = getattr(api, method)(f"{CALENDARS}/{name}", {} if method == "patch" else None, format="json")
        assert answer.status_code == 404
        assert answer.json()["error_message"].endswith("not found")


def test_calendar_in_use_is_a_conflict_that_names_the_jobs(api: APIClient) -> None:
    api.post(CALENDARS, FULL, format="json")
    create_job({"id": "report", "func": "jobs:nothing", "trigger": "cron", "hour": "9", "calendar": "china"})

    answer = api.delete(CHINA)

    assert answer.status_code == 409
    assert "report" in answer.json()["error_message"]
    assert WorkCalendar.objects.exists()


def test_job_says_which_calendar_it_follows(api: APIClient) -> None:
    api.post(CALENDARS, FULL, format="json")
    job = {"id": "report", "func": "jobs:nothing", "trigger": "cron", "hour": "9", "calendar": "china"}

    assert api.post("/scheduler/jobs", job, format="json").json()["calendar"] == "china"
    assert api.get("/scheduler/jobs/report").json()["calendar"] == "china"


@pytest.mark.parametrize("verb", ["post", "patch"])
def test_job_that_names_no_calendar_there_is_is_refused(api: APIClient, verb: str) -> None:
    job = {"func": "jobs:nothing", "trigger": "cron", "hour": "9"}
    create_job({"id": "x", **job})
    path = "/scheduler/jobs" if verb == "post" else "/scheduler/jobs/x"

    answer = getattr(api, verb)(
        path, {"id": "y" if verb == "post" else "x", **job, "calendar": "nosuch"}, format="json"
    )

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["calendar"])


@pytest.mark.parametrize("body", ["{", "[]", "5", '"china"', "null"])
def test_body_that_is_no_object_is_refused(api: APIClient, body: str) -> None:
    api.post(CALENDARS, FULL, format="json")

    assert api.generic("POST", CALENDARS, body, "application/json").status_code == 400
    assert api.generic("PATCH", CHINA, body, "application/json").status_code == 400
