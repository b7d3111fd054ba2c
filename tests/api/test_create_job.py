"""POST /scheduler/jobs."""

import json
import re
from typing import Any

import pytest
from rest_framework.test import APIClient

from scheduler.models import Job, Schedule
from tests.api.replay import Both, without_additional_fields

JOBS = "/scheduler/jobs"
MINIMAL: dict[str, Any] = {"id": "x", "func": "jobs:nothing"}
INTERVAL: dict[str, Any] = {**MINIMAL, "trigger": "interval"}
CRON: dict[str, Any] = {**MINIMAL, "trigger": "cron"}
CALL: dict[str, Any] = {"id": "x", "func": "jobs:job1", "trigger": "interval", "hours": 1}

DATES = [
    "2031-05-06",
    "2031-05-06T07:08:09",
    "2031-05-06 07:08",
    "2031-05-06T07:08:09.5",
    "2031-05-06T07:08:09.669561",
    "2031-05-06T07:08:09Z",
    "2031-05-06T07:08:09+08:00",
    "2031-05-06T07:08:09-03:30",
    "2031-05-06T07:08:09+0000",
    "20310506T070809",
    "May 6 2031 3pm",
    "6 May 2031",
    "06/05/2031",
    "25/12/2031",
    "Tue, 06 May 2031 07:08:09 GMT",
    "2031-05-06 07:08 UTC",
    "2031",
    "May 2031",
    "3pm",
    "10:30",
    "2001-01-01",
]
NO_DATES = ["not a date", "", " ", "2031-02-31", "2031-13-01", "25:00", 5, 1.5, True, [2031], {"year": 2031}]


@pytest.mark.portable
@pytest.mark.parametrize("run_date", [*DATES, *NO_DATES, None])
def test_run_date_is_read_like_the_original(both: Both, run_date: Any) -> None:
    both.post(JOBS, {**MINIMAL, "trigger": "date", "run_date": run_date})
    both.get(JOBS)


@pytest.mark.portable
@pytest.mark.parametrize("name", ["start_date", "end_date"])
@pytest.mark.parametrize("value", [*DATES, *NO_DATES, None])
@pytest.mark.parametrize("trigger", ["interval", "cron"])
def test_start_and_end_are_read_like_the_original(both: Both, trigger: str, name: str, value: Any) -> None:
    both.post(JOBS, {**MINIMAL, "trigger": trigger, name: value})
    both.get(JOBS)


@pytest.mark.portable
@pytest.mark.parametrize("timezone", ["Asia/Shanghai", "America/New_York", "UTC", "Mars/Olympus", 5, ["UTC"]])
@pytest.mark.parametrize(
    "fields",
    [
        {"trigger": "date", "run_date": "2031-05-06T07:08:09"},
        {"trigger": "date", "run_date": "2031-05-06T07:08:09+05:00"},
        {"trigger": "date"},
        {"trigger": "interval", "hours": 2, "start_date": "2031-05-06", "end_date": "2031-06-01T00:00:00-01:00"},
        {"trigger": "interval", "days": 1},
        {"trigger": "cron", "hour": 3, "start_date": "2031-03-01T00:00:00+01:00"},
        {"trigger": "cron", "hour": 3, "end_date": "2031-03-01"},
    ],
)
def test_time_zone_is_used_like_in_the_original(both: Both, fields: dict[str, Any], timezone: Any) -> None:
    both.post(JOBS, {**MINIMAL, **fields, "timezone": timezone})
    both.get(JOBS)


@pytest.mark.portable
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"seconds": 0},
        {"seconds": None},
        {"seconds": 90},
        {"hours": 193},
        {"weeks": 1, "days": 8, "hours": 25, "minutes": 61, "seconds": 61},
        {"minutes": 30.5},
        {"seconds": 1800.5},
        {"seconds": 0.5},
        {"seconds": 1e-07},
        {"hours": 0.1},
        {"seconds": True},
        {"seconds": False},
        {"seconds": 10.0},
        {"minutes": 5, "seconds": -60},
        {"days": 36500},
        {"days": 10**9},
        {"days": 10**12},
        {"weeks": 10**6},
        {"seconds": "10"},
        {"seconds": [10]},
        {"seconds": {}},
        {"minutes": ""},
        {"minutes": 3, "start_date": "2001-01-01"},
        {"days": 1, "start_date": "2030-11-22T07:57:28.669561"},
        {"days": 1, "end_date": "2001-01-01"},
        {"days": 1, "start_date": "2032-01-01", "end_date": "2031-01-01"},
        {"days": 1, "start_date": "2031-01-01", "end_date": "2031-01-01"},
        {"minutes": 7, "start_date": "2029-01-01T00:00:00+05:30", "timezone": "America/New_York"},
        {"run_date": "2031-01-01"},
        {"hour": 3},
        {"bogus": 1},
        {"second": 1},
    ],
)
def test_interval_is_read_like_the_original(both: Both, fields: dict[str, Any]) -> None:
    both.post(JOBS, {**INTERVAL, **fields})
    both.get(JOBS)


@pytest.mark.portable
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"hour": 3},
        {"hour": "3"},
        {"hour": None},
        {"hour": "25"},
        {"hour": 25},
        {"hour": -1},
        {"hour": ""},
        {"hour": " "},
        {"hour": True},
        {"hour": 3.0},
        {"hour": [3]},
        {"hour": {}},
        {"minute": " 5 , 10 "},
        {"minute": "*/15"},
        {"minute": "*/0"},
        {"minute": "10-20/2"},
        {"minute": "20-10"},
        {"minute": "05"},
        {"minute": "abc"},
        {"minute": "5,,6"},
        {"second": "*"},
        {"day": "last"},
        {"day": "1st mon, 3rd fri"},
        {"day": "last sun"},
        {"day": "LAST"},
        {"day_of_week": 0},
        {"day_of_week": "mon-fri"},
        {"day_of_week": "MON"},
        {"day_of_week": "funday"},
        {"day_of_week": "5-1"},
        {"day_of_week": 7},
        {"month": "jan-mar"},
        {"month": "JAN"},
        {"month": 13},
        {"week": 53},
        {"week": 54},
        {"year": 2031},
        {"year": 2001},
        {"year": "2031-2033"},
        {"year": "10000"},
        {"year": "1969"},
        {"month": 2, "day": 29},
        {"hour": "3", "minute": "30", "timezone": "America/New_York"},
        {"day": 1, "hour": 0, "end_date": "2001-01-01"},
        {"day": 1, "start_date": "2035-01-01", "end_date": "2031-01-01"},
        {"seconds": 1},
        {"run_date": "2031-01-01"},
        {"bogus": None},
    ],
)
def test_cron_is_read_like_the_original(both: Both, fields: dict[str, Any]) -> None:
    both.post(JOBS, {**CRON, **fields})
    both.get(JOBS)


@pytest.mark.portable
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"trigger": None},
        {"trigger": None, "run_date": "2031-05-06"},
        {"run_date": "2031-05-06"},
        {"trigger": ""},
        {"trigger": "nosuch"},
        {"trigger": "Interval"},
        {"trigger": 5},
        {"trigger": ["interval"]},
        {"trigger": {"type": "interval", "minutes": 3}},
        {"trigger": {"type": "interval", "minutes": 3}, "minutes": 5, "hours": 1},
        {"trigger": {"run_date": "2031-05-06T07:08:09"}},
        {"trigger": {"type": "cron", "hour": "*/2"}},
        {"trigger": {"type": "cron", "hour": "*/2", "name": "from within"}, "name": "from beside"},
        {"trigger": {"type": "nosuch"}},
        {"trigger": {"type": None}},
        {"trigger": {}},
        {"trigger": {"type": "interval", "bogus": 1}},
        {"trigger": "date", "seconds": 5},
        {"seconds": 5},
        {"trigger": {"type": "interval", "start_date": "2031-05-06T00:00:00+00:00"}},
    ],
)
def test_trigger_is_read_like_the_original(both: Both, fields: dict[str, Any]) -> None:
    both.post(JOBS, {**MINIMAL, **fields})
    both.get(JOBS)


def test_fields_of_a_trigger_object_win_over_those_beside_it(both: Both) -> None:
    answer = both.post(JOBS, {**MINIMAL, "trigger": {"type": "interval", "minutes": 3}, "minutes": 5})

    assert json.loads(answer.content)["minutes"] == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"args": [1, 2]},
        {"args": ["b", None]},
        {"args": [{"z": 1, "a": {"y": [1.5, True], "b": None}}, []]},
        {"args": ["é", "康乃馨 \U0001f600"]},
        {"args": [1.0, 1]},
        {"args": [True, 2**63]},
        {"args": [0.1, -5e-324]},
        {"args": ['a\nb\t"\\', "\x7f</script>&"]},
        {"args": "ab"},
        {"args": ""},
        {"args": {"first": 1, "second": 2}},
        {"args": None},
        {"args": 5},
        {"args": 0},
        {"args": False},
        {"args": [1]},
        {"args": [1, 2, 3]},
        {"args": [1], "kwargs": {"var_two": 2}},
        {"args": [1, 2], "kwargs": {"var_two": 2}},
        {"args": [1, 2], "kwargs": {"nope": 2}},
        {"kwargs": {"var_two": 2, "var_one": {"z": 1, "a": 2}}},
        {"kwargs": [["var_one", 1], ["var_two", 2]]},
        {"kwargs": [["var_one", 1], ["var_two", 2], ["var_two", 3]]},
        {"kwargs": {"var_one": 1}},
        {"args": [1, 2], "kwargs": None},
        {"args": [1, 2], "kwargs": {}},
        {"args": [1, 2], "kwargs": []},
        {"args": [1, 2], "kwargs": ""},
        {"args": [1, 2], "kwargs": 0},
        {"args": [1, 2], "kwargs": False},
        {"args": [1, 2], "kwargs": 5},
        {"args": [1, 2], "kwargs": "ab"},
        {"args": [1, 2], "kwargs": [1]},
        {"args": [1, 2], "kwargs": [[1, 2]]},
        {"args": [1, 2], "kwargs": [[[], 2]]},
    ],
)
def test_arguments_are_kept_like_in_the_original(both: Both, fields: dict[str, Any]) -> None:
    both.post(JOBS, {**CALL, **fields})
    both.get(JOBS)


@pytest.mark.parametrize(
    "fields",
    [
        {"func": "jobs:nothere"},
        {"func": "nomodule:nothing"},
        {"func": "nocolon"},
        {"func": ""},
        {"func": 5},
        {"func": None},
        {"func": ["jobs:nothing"]},
        {"func": ":nothing"},
        {"func": "jobs:"},
        {"func": "jobs:add"},
        {"func": "jobs:add", "args": [1]},
        {"func": "jobs:add", "kwargs": {"first": 1}},
        {"misfire_grace_time": 60},
        {"misfire_grace_time": None},
        {"misfire_grace_time": 0},
        {"misfire_grace_time": -1},
        {"misfire_grace_time": 1.5},
        {"misfire_grace_time": "60"},
        {"max_instances": 3},
        {"max_instances": 0},
        {"max_instances": None},
        {"max_instances": "3"},
        {"max_instances": 3.0},
        {"coalesce": False},
        {"coalesce": None},
        {"coalesce": "no"},
        {"coalesce": []},
        {"executor": "default"},
        {"executor": None},
        {"executor": 5},
        {"jobstore": "default"},
        {"jobstore": "nosuch"},
        {"jobstore": 5},
        {"jobstore": None},
        {"bogus": 1},
        {"paused": True},
        {"state": "running"},
        {"revision": 1},
        {"replace_existing": True},
        {"replace_existing": 0},
    ],
)
def test_other_fields_are_read_like_the_original(both: Both, fields: dict[str, Any]) -> None:
    both.post(JOBS, {**INTERVAL, **fields})
    both.get(JOBS)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": None},
        {"name": ""},
        {"name": " "},
        {"name": "A name, with blanks "},
        {"name": "名"},
        {"name": 7},
        {"name": 0},
        {"name": False},
        {"name": []},
        {"name": ["a"]},
        {"id": 5},
        {"id": True},
        {"id": ["x"]},
        {"id": 5, "name": "five"},
        {"id": ""},
        {"id": 0},
        {"id": "a b.c:d@e+f,g~!$&'()*;="},
        {"id": " x "},
        {"id": "..."},
        {"id": "é"},
        {"id": "X"},
        {"id": "%2e"},
        {"id": "a?b#c"},
    ],
)
def test_id_and_name_are_read_like_the_original(both: Both, fields: dict[str, Any]) -> None:
    both.post(JOBS, {**INTERVAL, **fields})
    both.get(JOBS)


@pytest.mark.parametrize(
    "fields",
    [
        {"id": None},
        {"id": None, "name": None},
        {"id": None, "name": ""},
        {"id": None, "name": "named"},
        {"id": "", "name": "named"},
        {"id": 0, "name": "named"},
    ],
)
def test_id_that_is_null_or_empty_is_made_up(both: Both, fields: dict[str, Any]) -> None:
    body = {**INTERVAL, **fields}

    ours, theirs = (
        json.loads(answer)
        for answer in (
            both.carnation.post(JOBS, body, format="json").content,
            both.original.post(JOBS, json=body).data,
        )
    )

    assert re.fullmatch("[0-9a-f]{32}", ours["id"])
    assert without_additional_fields(ours) == {**theirs, "id": ours["id"]}


@pytest.mark.parametrize(
    "next_run_time",
    [
        None,
        "2031-05-06",
        "2031-05-06 07:08:09",
        "2031-05-06T07:08:09",
        "2031-05-06T07:08:09.5",
        "2031-05-06 07:08:09.669561",
        "2031-05-06T07:08:09Z",
        "2031-05-06T07:08:09+00:00",
        "2031-5-6",
        "2001-01-01",
        "2031-05-06T07:08",
        "May 6 2031",
        "06/05/2031",
        "2031-02-31",
        "",
        5,
        True,
        False,
        [],
    ],
)
def test_next_run_time_is_read_like_the_original(both: Both, next_run_time: Any) -> None:
    both.post(JOBS, {**INTERVAL, "next_run_time": next_run_time})
    both.get(JOBS)


def test_next_run_time_without_offset_is_in_the_zone_of_the_scheduler(api: APIClient) -> None:
    body = {**INTERVAL, "hours": 1, "timezone": "Asia/Shanghai", "next_run_time": "2031-05-06 07:08:09"}

    answer = api.post(JOBS, body, format="json")

    assert answer.json()["next_run_time"] == "2031-05-06T15:08:09+08:00"


@pytest.mark.portable
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "x"},
        {"func": "jobs:nothing"},
        {"id": None},
        [],
        [MINIMAL],
        None,
        "null",
        '"x"',
        "5",
        "1.5",
        "true",
        "",
        " ",
        "{",
        "{'id': 'x'}",
        '{"id": "x", "func": "jobs:nothing",}',
        '{"id": "x", "func": "jobs:nothing"} x',
        b"\xff\xfe",
        b'{"id": "\xff", "func": "jobs:nothing"}',
        "id=x&func=jobs:nothing",
        '{"id": "first", "id": "x", "func": "nosuch:f", "func": "jobs:nothing"}',
        b"\xef\xbb\xbf" + json.dumps(MINIMAL).encode(),
        json.dumps(MINIMAL).encode("utf-16"),
        json.dumps(MINIMAL).encode("utf-32"),
        f"\n {json.dumps(MINIMAL)} \n",
        "[" * 100_000,
        '{"id": "x", "func": "jobs:job1", "args": [1, ' + "9" * 5000 + "]}",
    ],
    ids=lambda body: repr(body)[:40],
)
def test_body_is_read_like_the_original(both: Both, body: Any) -> None:
    both.post(JOBS, body)
    both.get(JOBS)


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense", "text/html"]
)
def test_body_is_json_whatever_its_content_type(both: Both, content_type: str) -> None:
    both.send("POST", JOBS, {**MINIMAL, "args": [], "run_date": "2031-05-06"}, content_type=content_type)
    both.get(JOBS)


def test_body_is_json_even_where_it_claims_to_be_multipart(both: Both) -> None:
    both.send("POST", JOBS, MINIMAL, content_type="multipart/form-data; boundary=x")
    both.get(JOBS)


@pytest.mark.parametrize(
    "second",
    [
        INTERVAL,
        {**INTERVAL, "replace_existing": True, "minutes": 5, "name": "replaced"},
        {**INTERVAL, "replace_existing": False},
        {**INTERVAL, "bogus": 1},
        {**INTERVAL, "seconds": "10"},
        {**INTERVAL, "max_instances": 0},
        {**INTERVAL, "func": "jobs:nothere"},
        {**INTERVAL, "id": "X"},
        {**INTERVAL, "id": "x "},
        {**INTERVAL, "id": "é"},
    ],
)
def test_id_that_is_taken_is_a_conflict_after_all_other_checks(both: Both, second: dict[str, Any]) -> None:
    both.post(JOBS, {**INTERVAL, "hours": 1})
    both.post(JOBS, second)
    both.get(JOBS)
    both.get("/scheduler/jobs/x")


def test_deleted_id_can_be_posted_again(both: Both) -> None:
    both.post(JOBS, INTERVAL)
    both.delete(f"{JOBS}/x")
    both.post(JOBS, {**INTERVAL, "minutes": 2})
    both.get(JOBS)


@pytest.mark.parametrize(
    "bad",
    [
        {"bogus": 1},
        {"seconds": "10"},
        {"seconds": -5},
        {"max_instances": 0},
        {"misfire_grace_time": "60"},
        {"args": [1, 2]},
        {"kwargs": {"nope": 1}},
        {"func": "os:system"},
        {"func": "jobs:nothere"},
        {"executor": "nosuch"},
        {"jobstore": "nosuch"},
        {"name": 7},
        {"name": "n" * 256},
        {"name": "a\0b"},
        {"id": 5},
        {"id": "a/b"},
        {"id": "."},
        {"id": ".."},
        {"id": "a\nb"},
        {"id": "i" * 256},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../etc/passwd"},
        {"start_date": "not a date"},
        {"end_date": 5},
        {"next_run_time": "tomorrow"},
        {"trigger": "nosuch"},
        {"jitter": -1},
    ],
)
def test_invalid_field_is_refused_by_its_name_and_nothing_is_stored(api: APIClient, bad: dict[str, Any]) -> None:
    field = next(iter(bad))

    answer = api.post(JOBS, {**INTERVAL, **bad}, format="json")

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert field in answer.json()["error_message"]
    assert not Job.objects.exists()
    assert not Schedule.objects.exists()


def test_all_wrong_fields_are_named_at_once(api: APIClient) -> None:
    answer = api.post(JOBS, {**INTERVAL, "seconds": "10", "max_instances": 0, "name": 7}, format="json")

    assert set(answer.json()["errors"]) == {"seconds", "max_instances", "name"}


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("month", {**CRON, "month": 2, "day": 31}),
        ("month", {**CRON, "month": "4,6,9,11", "day": 31}),
        ("month", {**CRON, "month": 2, "day": 30, "year": 2031}),
    ],
)
def test_date_that_does_not_exist_is_refused(api: APIClient, field: str, body: dict[str, Any]) -> None:
    answer = api.post(JOBS, body, format="json")

    assert answer.status_code == 400
    assert "no such date exists" in answer.json()["error_message"]
    assert not Job.objects.exists()


def nested(depth: int) -> str:
    """Return the JSON of a list of lists."""
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    "args",
    [
        "[NaN, 1]",
        "[Infinity, 1]",
        "[-Infinity, 1]",
        "[1e400, 1]",
        '["\\u0000", 1]',
        '["a\\u0000b", 1]',
        '[{"\\u0000": 1}, 1]',
        '["\\ud800", 1]',
        '["\\udc00 \\ud800", 1]',
        '[{"\\ud800": 1}, 1]',
        f"[{nested(31)}, 1]",
        f"[{nested(500)}, 1]",
        f"[{nested(10_000)}, 1]",
    ],
    ids=lambda args: args[:20],
)
def test_argument_that_cannot_be_stored_is_refused(api: APIClient, args: str) -> None:
    body = f'{{"id": "x", "func": "jobs:job1", "trigger": "interval", "hours": 1, "args": {args}}}'

    answer = api.generic("POST", JOBS, body, "application/json")

    assert answer.status_code == 400
    assert answer.json()["error_message"]
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "args",
    ['["\\\\u0000", 1]', '["\\ud83d\\ude00", 1]', f"[{nested(28)}, 1]", '["\\u0001\\u001f\\u2028", 1]'],
)
def test_argument_that_only_looks_dangerous_is_kept(both: Both, args: str) -> None:
    body = f'{{"id": "x", "func": "jobs:job1", "trigger": "interval", "hours": 1, "args": {args}}}'

    both.post(JOBS, body)
    both.get(JOBS)


@pytest.mark.parametrize("field", ["id", "name", "func", "executor", "jobstore", "trigger", "timezone", "start_date"])
@pytest.mark.parametrize("text", ['"\\ud800"', '"a\\u0000b"', '"\\u0000"', '"' + "x" * 300_000 + '"', "NaN", "1e999"])
def test_text_that_cannot_be_stored_is_refused_in_every_field(api: APIClient, field: str, text: str) -> None:
    body = json.dumps({**INTERVAL, field: "here"}).replace('"here"', text)

    answer = api.generic("POST", JOBS, body, "application/json")

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not Job.objects.exists()


def test_body_of_two_megabytes_is_refused(api: APIClient) -> None:
    answer = api.post(JOBS, {**CALL, "args": ["x" * 2_000_000, 1]}, format="json")

    assert answer.status_code == 400
    assert answer.json() == {"error_message": "The body is too large."}
    assert not Job.objects.exists()


def test_negative_interval_is_refused(api: APIClient) -> None:
    answer = api.post(JOBS, {**INTERVAL, "seconds": -5}, format="json")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["seconds"]
    assert not Job.objects.exists()


def test_ambiguous_abbreviation_of_a_zone_is_refused(api: APIClient) -> None:
    answer = api.post(JOBS, {**MINIMAL, "run_date": "2031-05-06 07:08 EST"}, format="json")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["run_date"]


def test_any_importable_function_is_refused(api: APIClient) -> None:
    answer = api.post(JOBS, {**MINIMAL, "func": "os:system", "args": ["true"]}, format="json")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["func"]
    assert not Job.objects.exists()
