"""Whatever is said about when a job runs, each door takes it or names what is wrong; what it takes, a node can read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from scheduler import triggers
from scheduler.admin.job_form import JobForm
from scheduler.admin.job_form.triggers import trigger_field, trigger_fields
from scheduler.engine.definitions import Definitions
from scheduler.models import Job, Schedule
from scheduler.registry import find_task
from scheduler.services.calendars import create_calendar
from scheduler.services.declared import load_declared_jobs

pytestmark = pytest.mark.django_db

BOUNDED = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CALL: dict[str, Any] = {"id": "x", "func": "jobs:nothing"}
# Fields of a trigger, beside those of the job that say the same.
ABOUT = {"trigger", "timezone", "run_date"}

texts = st.text(max_size=8) | st.sampled_from([
    "", "*", "*/0", "0 9 * * 1-5", "0 0 31 2 *", "60 * * * *", "* * * * * * *", "@yearly", "@never", "H H * * *",
    "mon-fri", "9-5", "last", "2026-02-30", "2031-05-06 07:08", "09:00-17:00", "17:00-09:00", "25:00-26:00",
    "FREQ=DAILY", "FREQ=DAILY;BYHOUR=25", "FREQ=SOMETIMES", "ours", "nobody's", "working", "non_working", "forward",
    "skip", "both", "UTC", "Mars/Olympus", "\0",
])  # fmt: skip
scalars = (
    st.none() | st.booleans() | st.integers(-3, 70) | st.sampled_from([2**40, -(2**70)]) | st.floats(-3, 100) | texts
)
inner = st.sampled_from([
    {"trigger": "cron", "hour": 9}, {"trigger": "cron", "crontab": "61 * * * *"}, {"trigger": "interval", "hours": 0},
    {"trigger": "and", "triggers": []}, {"hours": 3}, 7,
])  # fmt: skip
values = scalars | st.lists(scalars | inner, max_size=3) | st.dictionaries(st.text(max_size=4), scalars, max_size=2)


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a trigger of some kind with a few of its fields, right or wrong, and seldom a field of another kind."""
    kind = draw(st.sampled_from(sorted(triggers.KINDS)))
    names = st.sampled_from([*triggers.KINDS[kind].fields, "timezone", "bogus"])
    return {**draw(st.dictionaries(names, values, max_size=3)), "trigger": kind}


@pytest.fixture(autouse=True)
def calendar() -> None:
    """A calendar that triggers may name."""
    create_calendar({"name": "ours"})


def clear() -> None:
    Job.objects.all().delete()
    Schedule.objects.all().delete()


def assert_named(errors: Mapping[str, str], spec: Mapping[str, Any]) -> None:
    """Check that each error is about a field that was sent, or about one that was not and had to be."""
    fields = set(spec) | ABOUT | set(triggers.KINDS[spec["trigger"]].fields)
    assert errors
    assert set(errors) <= fields
    assert all(errors.values())


def assert_engine_reads_it() -> None:
    """Check that a node finds nothing wrong with what was taken, and knows when it is due."""
    job = Definitions().load(["x"])["x"]
    assert job.problem == ""
    moment = job.timetable.first(NOW)
    assert moment is None or job.timetable.next_after(moment) != moment


@BOUNDED
@given(spec=specs())
def test_rest_takes_a_trigger_or_names_its_field(api: APIClient, spec: dict[str, Any]) -> None:
    clear()

    answer = api.post("/scheduler/jobs", {**CALL, **spec}, format="json")

    if answer.status_code == 200:
        assert_engine_reads_it()
    else:
        assert answer.status_code == 400
        assert_named(answer.json()["errors"], spec)
        assert not Job.objects.exists()


@BOUNDED
@given(spec=specs())
def test_settings_take_a_trigger_or_name_its_field(spec: dict[str, Any]) -> None:
    clear()

    report = load_declared_jobs([{**CALL, **spec}])

    if report.added:
        assert_engine_reads_it()
    else:
        assert any(name in report.invalid["x"] for name in {*spec, *ABOUT, *triggers.KINDS[spec["trigger"]].fields})
        assert not Job.objects.exists()


@pytest.mark.portable
@BOUNDED
@given(spec=specs())
def test_form_takes_a_trigger_or_names_its_field(spec: dict[str, Any]) -> None:
    kind = spec["trigger"]
    typed = {trigger_field(kind, name): value for name, value in spec.items() if isinstance(value, str | int | float)}
    blank = JobForm()
    initial = {name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()}

    form = JobForm(
        {
            **initial,
            "id": "x",
            "func": find_task("jobs:nothing").reference,
            "kind": kind,
            "args": "[]",
            "kwargs": "{}",
            "timezone": "UTC",
            **typed,
        }
    )

    if not form.is_valid():
        assert set(form.errors) <= {"kind", *trigger_fields(kind)}
        assert all(form.errors.values())
