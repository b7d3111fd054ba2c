"""POST /scheduler/preview and GET /scheduler/jobs/<id>/preview."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.models import Job, Schedule
from scheduler.services.jobs import create_job, pause_job
from scheduler.services.windows import create_window
from tests.api.conftest import NOW

PREVIEW = "/scheduler/preview"
NIGHTLY = {"trigger": "cron", "crontab": "30 1 * * *", "timezone": "America/New_York"}


@pytest.fixture(autouse=True)
def _still(clock: Traveller) -> None:
    """It is 2030-11-22."""


def ask(api: APIClient, **body: Any) -> Any:
    answer = api.post(PREVIEW, body, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_answer_says_when_in_words_and_instants(api: APIClient) -> None:
    answer = ask(api, **NIGHTLY, count=3, start="2026-10-31T12:00")

    assert answer["timezone"] == "America/New_York"
    assert answer["trigger"] == {"trigger": "cron", "crontab": "30 1 * * *"}
    assert isinstance(answer["description"], str)
    assert answer["occurrences"][0] == {
        "planned": "2026-11-01T01:30:00",
        "local": "2026-11-01T01:30:00-04:00",
        "utc": "2026-11-01T05:30:00+00:00",
        "offset": "-04:00",
        "marks": [],
    }
    assert [each["utc"] for each in answer["occurrences"]] == [
        "2026-11-01T05:30:00+00:00",
        None,
        "2026-11-02T06:30:00+00:00",
        "2026-11-03T06:30:00+00:00",
    ]
    (mark,) = answer["occurrences"][1]["marks"]
    assert mark == {"code": "dropped", "reason": "The clocks go back, and 01:30 comes twice; only the first counts."}


def test_next_page_begins_where_this_one_ends(api: APIClient) -> None:
    first = ask(api, **NIGHTLY, count=2)
    second = ask(api, **NIGHTLY, count=2, start=first["next"])

    shown = [each["planned"][:10] for page in (first, second) for each in page["occurrences"]]
    assert shown == ["2030-11-23", "2030-11-24", "2030-11-25", "2030-11-26"]


def test_nothing_is_written(api: APIClient) -> None:
    ask(api, **NIGHTLY)

    assert not Job.objects.exists()
    assert not Schedule.objects.exists()


def test_many_dropped_are_folded(api: APIClient) -> None:
    answer = ask(api, trigger="cron", minute="*/30", allowed_hours=["09:00-09:30"], count=1, start="2030-11-22T12:00Z")

    folded, run = answer["occurrences"]
    assert (folded["count"], folded["from"], folded["to"]) == (42, "2030-11-22T12:00:00", "2030-11-23T08:30:00")
    assert folded["utc"] is None
    assert run["utc"] == "2030-11-23T09:00:00+00:00"


def test_whole_definition_may_be_sent(api: APIClient) -> None:
    body = {"id": "new", "func": "jobs:nothing", "args": [1], "retries": 3, "max_runs": 2, **NIGHTLY}

    assert len(ask(api, **body)["occurrences"]) == 2


def test_spread_is_that_of_the_id(api: APIClient) -> None:
    of_job = {"trigger": "cron", "crontab": "H H * * *"}
    create_job({"id": "spread", "func": "jobs:nothing", **of_job})

    first, other = (ask(api, id=job_id, **of_job)["occurrences"] for job_id in ("spread", "another"))

    assert first == api.get("/scheduler/jobs/spread/preview").json()["occurrences"]
    assert first != other


def test_windows_count_by_tag_and_policy(api: APIClient) -> None:
    create_window({"name": "night", "trigger": "cron", "hour": 1, "duration_seconds": 3600, "tags": ["db"]})
    daily = {"trigger": "cron", "hour": 1, "minute": 30, "count": 1}

    others, skipped, postponed = (
        ask(api, **daily)["occurrences"],
        ask(api, **daily, tags=["db"], start="2030-11-23")["occurrences"],
        ask(api, **daily, tags=["db"], maintenance="all")["occurrences"],
    )

    assert others[0]["marks"] == []
    assert {each["utc"] for each in skipped} == {None}
    assert [mark["code"] for mark in skipped[0]["marks"]] == ["window"]
    assert postponed[0]["utc"] == "2030-11-23T02:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"trigger": "cron", "crontab": "61 * * * *"}, "crontab"),
        ({"trigger": "cron", "hour": 9, "timezone": "Mars"}, "timezone"),
        ({"trigger": "interval", "count": 0}, "count"),
        ({"trigger": "interval", "count": 1001}, "count"),
        ({"trigger": "interval", "count": "10"}, "count"),
        ({"trigger": "interval", "count": True}, "count"),
        ({"trigger": "interval", "start": "soon"}, "start"),
        ({"trigger": "interval", "tags": "db"}, "tags"),
        ({"trigger": "interval", "maintenance": "maybe"}, "maintenance"),
        ({"trigger": "interval", "id": "a/b"}, "id"),
        ({"trigger": "interval", "language": "tlh"}, "language"),
        ({"trigger": "interval", "language": []}, "language"),
        ({"trigger": "interval", "bogus": 1}, "bogus"),
        ({"trigger": "sometimes"}, "trigger"),
    ],
)
def test_what_is_wrong_is_named(api: APIClient, body: dict[str, Any], field: str) -> None:
    answer = api.post(PREVIEW, body, format="json")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize("body", [[], "text", 5])
def test_what_is_no_object_is_refused(api: APIClient, body: Any) -> None:
    assert list(api.post(PREVIEW, body, format="json").json()["errors"]) == ["body"]


def test_language_may_be_chosen(api: APIClient) -> None:
    english, chinese = (
        ask(api, **NIGHTLY, start="2026-11-01T05:59Z", count=1, language=language) for language in ("en", "zh-hans")
    )

    assert english["description"] != chinese["description"]
    assert english["occurrences"][0]["marks"][0]["reason"].startswith("The clocks go back")
    assert chinese["occurrences"][0]["marks"][0]["reason"] == "时钟调慢，01:30 出现两次；只算第一次。"


def test_stored_job_is_previewed_from_its_next_run(api: APIClient) -> None:
    create_job({"id": "job", "func": "jobs:nothing", **NIGHTLY})
    Schedule.objects.filter(pk="job").update(next_run_time=NOW + timedelta(hours=30))

    answer = api.get("/scheduler/jobs/job/preview?count=2").json()

    assert (answer["id"], answer["paused"]) == ("job", False)
    assert [[mark["code"] for mark in each["marks"]] for each in answer["occurrences"]] == [
        ["begins_later"],
        ["set"],
        [],
    ]


def test_start_and_count_of_a_stored_job(api: APIClient) -> None:
    create_job({"id": "job", "func": "jobs:nothing", **NIGHTLY})

    answer = api.get("/scheduler/jobs/job/preview?count=1&start=2031-01-01T00:00:00+00:00").json()

    assert [each["local"] for each in answer["occurrences"]] == ["2031-01-01T01:30:00-05:00"]


def test_paused_job_is_previewed_as_if_it_were_not(api: APIClient) -> None:
    create_job({"id": "job", "func": "jobs:nothing", **NIGHTLY})
    pause_job("job")

    answer = api.get("/scheduler/jobs/job/preview").json()

    assert (answer["paused"], len(answer["occurrences"])) == (True, 10)


def test_job_that_is_paused_for_a_while_is_previewed_from_the_end_of_that_on(api: APIClient) -> None:
    create_job({"id": "job", "func": "jobs:nothing", **NIGHTLY, "max_runs": 3})
    pause_job("job", until=datetime(2031, 5, 6, 5, 30, tzinfo=UTC))

    answers = [api.get(f"/scheduler/jobs/job/preview{query}").json() for query in ("", "?start=2031-05-07T00:00")]

    first, later = ([each["local"][:16] for each in answer["occurrences"]] for answer in answers)
    assert first == ["2031-05-06T01:30", "2031-05-07T01:30", "2031-05-08T01:30"]
    assert later == first[1:]


def test_job_ends_with_its_last_run(api: APIClient) -> None:
    create_job({"id": "job", "func": "jobs:nothing", **NIGHTLY, "max_runs": 3})
    Job.objects.update(run_count=1)

    answer = api.get("/scheduler/jobs/job/preview?count=2").json()
    later = api.get("/scheduler/jobs/job/preview?start=2030-11-24").json()

    assert (len(answer["occurrences"]), answer["next"]) == (2, None)
    assert [each["planned"][:10] for each in later["occurrences"]] == ["2030-11-24"]


@pytest.mark.parametrize("query", ["count=0", "count=x", "count=1001", "count=-1", "count=99999999999999999999999"])
def test_wrong_count_is_named(api: APIClient, query: str) -> None:
    create_job({"id": "job", "func": "jobs:nothing", **NIGHTLY})

    assert list(api.get(f"/scheduler/jobs/job/preview?{query}").json()["errors"]) == ["count"]


@pytest.mark.parametrize("job_id", ["nowhere", "JOB", "a%00b"])
def test_unknown_job_is_a_404(api: APIClient, job_id: str) -> None:
    assert api.get(f"/scheduler/jobs/{job_id}/preview").status_code == 404
