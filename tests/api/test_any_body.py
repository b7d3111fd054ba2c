"""Whatever JSON is sent, the answer is a job or an error that says why; never a 500, never half a job."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from scheduler.models import Execution, Job, Schedule
from scheduler.services.jobs import create_job
from scheduler.services.values import POLICIES

JOBS = "/scheduler/jobs"
BOUNDED = settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.integers(-2, 70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["default", "UTC", "Asia/Shanghai", "2031-05-06", "1-5", "*/2", "last", "jobs:job1", "\0", "\ud800"]
    )
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from([
    "name", "args", "kwargs", "trigger", "run_date", "start_date", "end_date", "timezone", "jitter", "weeks", "days",
    "hours", "minutes", "seconds", "microseconds", "year", "month", "day", "week", "day_of_week", "hour", "minute",
    "second", "years", "months", "jobstore", "next_run_time", "replace_existing", "id", "func", "type", "bogus",
    *POLICIES,
])  # fmt: skip
kinds = st.sampled_from(["date", "interval", "cron", "calendarinterval"])
few_fields: st.SearchStrategy[dict[str, Any]] = st.dictionaries(names, values, max_size=3)
triggers: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({}, optional={"trigger": kinds})

moments = values | st.datetimes().map(str) | st.sampled_from(["2026-01-01", "2026-01-03T03:00:00+08:00"])


@st.composite
def almost_jobs(draw: st.DrawFn) -> dict[str, Any]:
    """Return what would be a job, but for a field or three."""
    return {"id": "x", "func": "jobs:nothing", "trigger": draw(kinds), **draw(few_fields)}


@st.composite
def almost_changes(draw: st.DrawFn) -> dict[str, Any]:
    """Return what would be a change, but for a field or three."""
    return {**draw(triggers), **draw(few_fields)}


def assert_answers(answer: Any, statuses: set[int]) -> None:
    """Check that the answer is a job or an error of the one shape."""
    assert answer.status_code in statuses
    data = json.loads(answer.content)
    if answer.status_code == 200:
        assert "next_run_time" in data
        return
    assert isinstance(data["error_message"], str)
    assert data.keys() <= {"error_message", "errors"}
    assert all(isinstance(message, str) for message in data.get("errors", {}).values())


@BOUNDED
@given(body=values | almost_jobs())
def test_post_of_anything_makes_a_job_or_says_why_not(api: APIClient, body: Any) -> None:
    Job.objects.all().delete()
    Schedule.objects.all().delete()

    answer = api.generic("POST", JOBS, json.dumps(body), "application/json")

    assert_answers(answer, {200, 400})
    assert Job.objects.count() == Schedule.objects.count() == (answer.status_code == 200)
    for job_id in Job.objects.values_list("pk", flat=True):
        assert api.get(JOBS).json()[0]["id"] == job_id


@BOUNDED
@given(body=values | almost_changes())
def test_patch_of_anything_changes_a_job_or_says_why_not(api: APIClient, body: Any) -> None:
    api.post(JOBS, {"id": "x", "func": "jobs:nothing", "trigger": "interval", "replace_existing": True}, format="json")
    before = Job.objects.values().get()

    answer = api.generic("PATCH", f"{JOBS}/x", json.dumps(body), "application/json")

    assert_answers(answer, {200, 400, 404})
    if answer.status_code != 200:
        assert Job.objects.values().get() == before


@pytest.mark.portable
@BOUNDED
@given(body=st.binary(max_size=50))
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_bytes_that_are_no_json_are_refused(api: APIClient, method: str, body: bytes) -> None:
    path = JOBS if method == "POST" else f"{JOBS}/x"

    answer = api.generic(method, path, body, "application/json")  # type: ignore[arg-type]  # bytes go through

    assert_answers(answer, {400, 404})


@BOUNDED
@given(body=values | st.dictionaries(st.sampled_from(["args", "kwargs", "wait"]), values))
def test_run_with_anything_is_queued_or_says_why_not(api: APIClient, body: Any) -> None:
    api.post(JOBS, {"id": "x", "func": "jobs:add", "args": [1], "replace_existing": True}, format="json")
    Execution.objects.all().delete()

    answer = api.generic("POST", f"{JOBS}/x/run", json.dumps(body), "application/json")

    assert_answers(answer, {200, 400})
    assert Execution.objects.count() == (answer.status_code == 200)


@BOUNDED
@given(
    body=values
    | st.dictionaries(st.sampled_from(["start", "end", "args", "kwargs", "bogus"]), values)
    | st.fixed_dictionaries({"start": moments, "end": moments}, optional={"args": values})
)
def test_backfill_of_anything_is_queued_or_says_why_not(api: APIClient, body: Any) -> None:
    Execution.objects.all().delete()
    Job.objects.all().delete()
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "cron", "hour": 3})

    answer = api.generic("POST", f"{JOBS}/x/backfill", json.dumps(body), "application/json")

    if answer.status_code == 200:
        assert len(answer.json()["executions"]) == answer.json()["count"] == Execution.objects.count()
    else:
        assert_answers(answer, {400})
        assert answer.json()["errors"]
        assert not Execution.objects.exists()


@pytest.mark.portable
@BOUNDED
@given(
    body=values | almost_jobs() | st.dictionaries(st.sampled_from(["trigger", "count", "start", "language"]), values)
)
def test_preview_of_anything_is_one_or_says_why_not(api: APIClient, body: Any) -> None:
    answer = api.generic("POST", "/scheduler/preview", json.dumps(body), "application/json")

    if answer.status_code == 200:
        assert len([each for each in answer.json()["occurrences"] if each["utc"]]) <= 10
    else:
        assert_answers(answer, {400})
        assert answer.json()["errors"]


@pytest.mark.portable
@BOUNDED
@given(
    body=values
    | st.dictionaries(
        st.sampled_from(["job", "jobs", "delete", "days", "start", "cap", "timezone", "language"]), values
    )
    | st.fixed_dictionaries({"job": almost_jobs() | almost_changes()}, optional={"days": st.just(1)})
)
def test_simulation_of_anything_is_one_or_says_why_not(api: APIClient, body: Any) -> None:
    api.post(JOBS, {"id": "x", "func": "jobs:nothing", "trigger": "manual", "replace_existing": True}, format="json")
    before = Job.objects.values().get()
    if isinstance(body, dict):
        # What comes every second does so quite often in a month.
        body = {"days": 1} | body

    answer = api.generic("POST", "/scheduler/simulate", json.dumps(body), "application/json")

    if answer.status_code == 200:
        assert answer.json()["jobs"] >= 0
    else:
        assert_answers(answer, {400})
        assert answer.json()["errors"]
    assert Job.objects.values().get() == before
