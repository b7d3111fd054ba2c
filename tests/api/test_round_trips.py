"""What is read can be written back: a PATCH with it changes nothing, a POST of it makes the same job again."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.models import Job, Schedule
from scheduler.services.calendars import create_calendar
from scheduler.services.windows import create_window

JOBS = "/scheduler/jobs"
JOB = f"{JOBS}/x"
CALL: dict[str, Any] = {
    "id": "x", "func": "jobs:job1", "args": [1.0, "é"], "name": "A name", "misfire_grace_time": None,
    "max_instances": 2, "coalesce": False, "overlap": "replace", "executor": "processes", "priority": -7, "timeout": 60,
    "max_runs": 5, "retries": 3, "retry_delay": 0, "retry_max_delay": 600, "retry_budget": 3600, "on_lost": "rerun",
    "retry_on": ["OSError", "requests.exceptions.Timeout"], "keep_days": 7, "keep_executions": 100,
    "maintenance": "once", "tags": ["billing", "night shift"],
}  # fmt: skip
KWARGS: dict[str, Any] = {"id": "x", "func": "jobs:job1", "kwargs": {"var_two": {"b": [True, None]}, "var_one": 1}}
SCHEDULES: list[dict[str, Any]] = [
    {"trigger": "date"},
    {"trigger": "date", "run_date": "2031-05-06T07:08:09.000001"},
    {"trigger": "date", "run_date": "2031-05-06T07:08:09+05:45"},
    {"trigger": "date", "run_date": "2031-05-06T07:08:09", "timezone": "Asia/Shanghai"},
    {"trigger": "date", "run_date": "2001-05-06"},
    {"trigger": "interval"},
    {"trigger": "interval", "seconds": 90},
    {"trigger": "interval", "seconds": 0.5},
    {"trigger": "interval", "seconds": 1800.5, "timezone": "America/New_York"},
    {"trigger": "interval", "seconds": 1e-6},
    {"trigger": "interval", "hours": 193, "start_date": "2029-01-01T00:00:00+05:30", "end_date": "2041-01-01"},
    {"trigger": "interval", "minutes": 5, "jitter": 30},
    {"trigger": "interval", "minutes": 5, "jitter": 2.5, "timezone": "Asia/Shanghai"},
    {"trigger": "interval", "days": 1, "end_date": "2001-01-01"},
    {"trigger": "cron"},
    {"trigger": "cron", "hour": 3, "minute": " 5 , 10 "},
    {"trigger": "cron", "day": "last sun", "month": "jan-mar", "timezone": "America/New_York"},
    {"trigger": "cron", "hour": 3, "jitter": 600},
    {"trigger": "cron", "year": 2001},
    {"trigger": "cron", "day_of_week": 0, "start_date": "2031-01-01", "end_date": "2041-01-01T00:00:00-08:00"},
    {"trigger": "calendarinterval", "months": 1, "start_date": "2031-01-31", "hour": 7},
    {"trigger": "calendarinterval", "days": 2, "timezone": "Asia/Shanghai", "jitter": 60},
]
YEAR = "2031-01-01T00:00:00Z"
LAYERS = {"allowed_hours": ["08:00-19:30", "22:00-02:00"], "calendar": "work", "start_date": "2030-12-01"}
CLOCKS = {"dst_gap": "same_offset", "dst_overlap": "second", "timezone": "America/New_York"}
RICH_SCHEDULES: list[dict[str, Any]] = [
    {"trigger": "cron", "crontab": "H H(9-17) * * 1-5", **LAYERS, **CLOCKS, "on_excluded": "forward", "jitter": 90},
    {
        "trigger": "cron",
        "crontab": "0 30 1,2 LW * *",
        "dst_gap": "skip",
        "dst_overlap": "both",
        "timezone": "Europe/London",
    },
    {"trigger": "cron", "hour": "9", "end_date": "2031-11-05T09:00", **LAYERS, **CLOCKS, "working_day": -1},
    {
        "trigger": "interval",
        "hours": 5,
        "end_date": "2031-10-01",
        **LAYERS,
        "calendar_days": "non_working",
        "jitter": 0.5,
    },
    {"trigger": "interval", "weeks": 1, "timezone": "Australia/Lord_Howe", "calendar": "work", "on_excluded": "back"},
    {
        "trigger": "calendarinterval",
        "weeks": 1,
        "hour": 1,
        "minute": 30,
        **LAYERS,
        **CLOCKS,
        "calendar_days": "non_working",
    },
    {"trigger": "calendarinterval", "days": 3, "hour": 23, "second": 5, "jitter": 60, "timezone": "Africa/Cairo"},
    {
        "trigger": "rrule",
        "rrule": "FREQ=MONTHLY;BYDAY=-1FR,2TU;BYHOUR=2,9",
        **LAYERS,
        **CLOCKS,
        "on_excluded": "forward",
    },
    {"trigger": "rrule", "rrule": "FREQ=MINUTELY;INTERVAL=1501;COUNT=200", "start_date": "2031-02-01T09:30:15"},
    {"trigger": "rrule", "rrule": "FREQ=YEARLY;BYWEEKNO=-1,1;UNTIL=20320101T000000Z", "timezone": "Asia/Shanghai"},
    {
        "trigger": "or",
        "triggers": [
            {"trigger": "cron", "crontab": "H 9 * * *", "calendar": "work", "working_day": 2, "dst_gap": "skip"},
            {
                "trigger": "and",
                "triggers": [
                    {"trigger": "cron", "hour": 3},
                    {"trigger": "interval", "hours": 6, "start_date": "2031-01-01T03:00"},
                ],
            },
            {"trigger": "date", "run_date": "2031-05-06T07:08:09.5"},
        ],
        **LAYERS,
        "allowed_hours": "00:00-24:00",
        "jitter": 30,
        "timezone": "America/New_York",
    },
    {
        "trigger": "and",
        "triggers": [
            {"trigger": "cron", "crontab": "*/10 2 * * *", "dst_overlap": "both", "allowed_hours": ["02:00-02:45"]},
            {
                "trigger": "rrule",
                "rrule": "FREQ=HOURLY;BYDAY=SU",
                "start_date": "2031-01-01T00:00",
                "dst_gap": "at_shift",
            },
        ],
        "end_date": "2031-12-01T00:00:00-05:00",
        "timezone": "America/New_York",
    },
    {"trigger": "manual", "timezone": "Asia/Shanghai"},
]
NEXT_RUN_TIMES: list[dict[str, Any]] = [{}, {"next_run_time": None}, {"next_run_time": "2031-05-06T07:08:09.123456"}]


@pytest.fixture
def rules(db: None) -> None:
    """A calendar, and maintenance windows across midnight and by tag."""
    create_calendar({"name": "work", "country": "CN", "days": [{"day": "2031-05-06", "working": False}]})
    create_window({"name": "night", "trigger": "cron", "crontab": "30 23 * * 5", "duration_seconds": 9000})
    billing = {"tags": ["billing"], "trigger": "cron", "crontab": "0 9 1 * *", "timezone": "America/New_York"}
    create_window({"name": "billing", "duration_seconds": 3600, **billing})


@pytest.fixture(params=[CALL, KWARGS], ids=["args", "kwargs"])
def call(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What is called, with which policies."""
    found: dict[str, Any] = request.param
    return found


def rows() -> tuple[Any, ...]:
    """Return all that the database knows of the job, but when it was touched."""
    job = Job.objects.values().get()
    return {name: value for name, value in job.items() if name != "updated_at"}, Schedule.objects.values().get()


@pytest.mark.parametrize("next_run_time", NEXT_RUN_TIMES, ids=["derived", "paused", "given"])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=json.dumps)
def test_patch_of_what_was_read_changes_nothing(
    api: APIClient, clock: Traveller, call: dict[str, Any], schedule: dict[str, Any], next_run_time: dict[str, Any]
) -> None:
    api.post(JOBS, {**call, **schedule, **next_run_time}, format="json")
    read, before = api.get(JOB).content, rows()
    clock.shift(timedelta(seconds=17))

    answer = api.generic("PATCH", JOB, read, "application/json")

    assert answer.status_code == 200
    assert answer.content == read
    assert rows() == before


@pytest.mark.parametrize("next_run_time", NEXT_RUN_TIMES, ids=["derived", "paused", "given"])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=json.dumps)
def test_post_of_what_was_read_makes_the_same_job_again(
    api: APIClient, clock: Traveller, call: dict[str, Any], schedule: dict[str, Any], next_run_time: dict[str, Any]
) -> None:
    api.post(JOBS, {**call, **schedule, **next_run_time}, format="json")
    read = api.get(JOB).content
    clock.shift(timedelta(seconds=17))
    assert api.delete(JOB).status_code == 204

    answer = api.generic("POST", JOBS, read, "application/json")

    assert answer.status_code == 200
    assert api.get(JOB).content == read


def occurrences_of_a_year(api: APIClient) -> list[dict[str, Any]]:
    preview = api.get(f"{JOB}/preview?start={YEAR}&count=1000").json()
    found: list[dict[str, Any]] = preview["occurrences"]
    return [each for each in found if each["planned"] is None or each["planned"] < "2032"]


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("schedule", [*SCHEDULES, *RICH_SCHEDULES], ids=json.dumps)
def test_whoever_writes_back_what_was_read_gets_the_same_year(
    api: APIClient, clock: Traveller, schedule: dict[str, Any]
) -> None:
    sent = {**CALL, "max_runs": 700, **schedule}
    assert api.post(JOBS, sent, format="json").status_code == 200
    read, expected = api.get(JOB).json(), occurrences_of_a_year(api)
    assert schedule in SCHEDULES or sent.keys() <= read.keys()
    clock.shift(timedelta(seconds=17))

    assert api.patch(JOB, read, format="json").json() == read
    assert occurrences_of_a_year(api) == expected
    api.delete(JOB)
    assert api.post(JOBS, read, format="json").json() == read

    assert occurrences_of_a_year(api) == expected


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("schedule", [*SCHEDULES, *RICH_SCHEDULES], ids=json.dumps)
def test_change_of_anything_else_leaves_the_zone_alone(
    api: APIClient, clock: Traveller, schedule: dict[str, Any]
) -> None:
    api.post(JOBS, {**CALL, "timezone": "Australia/Lord_Howe", **schedule}, format="json")
    zone = schedule.get("timezone", "Australia/Lord_Howe")

    for change in ({"name": "Another"}, {"priority": 3}, {"next_run_time": None}, api.get(JOB).json()):
        assert api.patch(JOB, change, format="json").json()["timezone"] == zone


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9", "2030-11-09T00:00:00+08:00"),
        ("03/04/2032", "2032-03-04T00:00:00+08:00"),
        ("13/04/2032", "2032-04-13T00:00:00+08:00"),
        ("2032", "2032-11-22T00:00:00+08:00"),
        ("Mon 9am", "2030-11-25T09:00:00+08:00"),
        ("2032-03-04 00:00 UTC", "2032-03-04T00:00:00+00:00"),
    ],
)
def test_date_that_is_read_loosely_is_told_as_it_was_read(
    api: APIClient, clock: Traveller, text: str, read: str
) -> None:
    sent = {**CALL, "run_date": text, "timezone": "Asia/Shanghai"}

    told = api.post(JOBS, sent, format="json").json()

    assert told == api.get(JOB).json() == api.patch(JOB, told, format="json").json()
    assert told["run_date"] == read
    assert datetime.fromisoformat(told["next_run_time"]) == datetime.fromisoformat(read)
    assert api.post("/scheduler/preview", sent, format="json").json()["trigger"]["run_date"] == read


@pytest.mark.parametrize(
    "text", ["31/02/2032", "2032-02-30", "24:00", "2032-06-30T23:59:60Z", "0000-01-01", "10000", "32 PST"]
)
@pytest.mark.parametrize(
    ("field", "schedule"),
    [
        ("run_date", {"trigger": "date"}),
        ("start_date", {"trigger": "interval", "hours": 1}),
        ("end_date", {"trigger": "interval", "hours": 1}),
        ("start_date", {"trigger": "cron", "hour": 1}),
        ("end_date", {"trigger": "calendarinterval", "days": 1}),
        ("start_date", {"trigger": "rrule", "rrule": "FREQ=DAILY"}),
        ("end_date", {"trigger": "or", "triggers": [{"trigger": "cron", "hour": 1}]}),
    ],
)
def test_impossible_date_names_its_field(
    api: APIClient, clock: Traveller, field: str, schedule: dict[str, Any], text: str
) -> None:
    answer = api.post(JOBS, {**CALL, **schedule, field: text}, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_trigger_that_is_sent_without_a_zone_takes_the_default_as_in_the_original(
    api: APIClient, clock: Traveller
) -> None:
    api.post(JOBS, {**CALL, "trigger": "cron", "hour": 3, "timezone": "Asia/Shanghai"}, format="json")

    assert api.patch(JOB, {"trigger": "cron", "hour": 4}, format="json").json()["timezone"] == "UTC"


@pytest.mark.parametrize("schedule", SCHEDULES, ids=json.dumps)
def test_paused_and_resumed_job_can_be_written_back(api: APIClient, clock: Traveller, schedule: dict[str, Any]) -> None:
    api.post(JOBS, {**CALL, **schedule}, format="json")
    api.post(f"{JOB}/pause")
    paused = api.get(JOB).content

    assert api.generic("PATCH", JOB, paused, "application/json").content == paused
    assert Job.objects.get().paused


def test_list_can_be_posted_back_job_by_job(api: APIClient, clock: Traveller) -> None:
    for number, schedule in enumerate(SCHEDULES):
        api.post(JOBS, {**CALL, **schedule, "id": f"job {number:02}"}, format="json")
    read = api.get(JOBS).content
    Job.objects.all().delete()
    Schedule.objects.all().delete()

    for job in json.loads(read):
        assert api.post(JOBS, job, format="json").status_code == 200

    assert api.get(JOBS).content == read
