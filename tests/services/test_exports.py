"""Exports: what is exported and imported into an empty database is the same again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.exceptions import JobNotFound
from scheduler.exchange import read_document, write_document
from scheduler.models import CalendarDay, Job, MaintenanceWindow, WorkCalendar
from scheduler.services.calendars import create_calendar
from scheduler.services.exports import export_jobs
from scheduler.services.imports import apply_import
from scheduler.services.jobs import create_job, pause_job
from scheduler.services.windows import create_window
from scheduler.timetables import timetable_of
from tests.services.rows import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ARGUMENTS = st.lists(TEXTS | st.integers(-(2**53), 2**53) | st.booleans() | st.none(), max_size=3)
TRIGGERS = st.one_of(
    st.fixed_dictionaries(
        {"trigger": st.just("cron"), "hour": st.integers(0, 23), "minute": st.sampled_from(["*/7", 5])}
    ),
    st.fixed_dictionaries(
        {"trigger": st.just("cron"), "crontab": st.sampled_from(["H 3 * * *", "0 9 * * 1-5", "@daily"])}
    ),
    st.fixed_dictionaries(
        {"trigger": st.just("interval"), "minutes": st.integers(1, 5000)}, optional={"jitter": st.integers(0, 20)}
    ),
    st.fixed_dictionaries({"trigger": st.just("date"), "run_date": st.datetimes(NOW.replace(tzinfo=None)).map(str)}),
    st.fixed_dictionaries(
        {"trigger": st.just("calendarinterval"), "months": st.integers(1, 9), "calendar": st.just("cn")}
    ),
    st.fixed_dictionaries({"trigger": st.just("rrule"), "rrule": st.just("FREQ=WEEKLY;BYDAY=MO,TH")}),
    st.just({"trigger": "or", "triggers": [{"trigger": "cron", "hour": 3}, {"trigger": "interval", "hours": 5}]}),
    st.just({"trigger": "manual"}),
)
POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXTS.filter(bool),
        "timezone": st.sampled_from(["Asia/Shanghai", "Europe/London"]),
        "misfire_grace_time": st.none() | st.integers(1, 9999),
        "coalesce": st.booleans(),
        "retries": st.integers(0, 3),
        "retry_on": st.just(["ConnectionError"]),
        "tags": st.lists(st.sampled_from(["on", "1", "a b"])),
        "timeout": st.none() | st.integers(1, 99),
        "executor": st.sampled_from(["default", "processes"]),
        "overlap": st.sampled_from(["skip", "queue", "replace"]),
    },
)
# What a job is; the rest is history.
DEFINITION = [
    field.name
    for field in Job._meta.concrete_fields
    if field.name not in ("revision", "created_at", "updated_at", "declared", "run_count", "finished_at")
]


def move(format: str = "yaml", **options: Any) -> str:  # noqa: A002
    """Export, empty the database, import; return the text."""
    text = write_document(export_jobs(**options).document, format=format)
    for model in (Job, MaintenanceWindow, WorkCalendar):
        model.objects.all().delete()
    apply_import(read_document(text), now=NOW)
    return text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TRIGGERS, POLICIES, ARGUMENTS, st.booleans(), st.sampled_from(["yaml", "json"]))
def test_what_is_exported_and_imported_is_equal(
    trigger: dict[str, Any], policies: dict[str, Any], arguments: list[Any], paused: bool, name: str
) -> None:
    for model in (Job, MaintenanceWindow, WorkCalendar):
        model.objects.all().delete()
    create_calendar({"name": "cn", "country": "CN", "days": [{"day": "2026-06-03", "working": False}]})
    create_job({"id": "job", "func": "jobs:job1", "args": ["a", arguments], **trigger, **policies})
    if paused:
        pause_job("job")
    before = Job.objects.values(*DEFINITION).get()
    occurrences = _occurrences(Job.objects.get())

    text = move(name)

    assert Job.objects.values(*DEFINITION).get() == before
    assert _occurrences(Job.objects.get()) == occurrences
    assert write_document(export_jobs().document, format=name) == text


def _occurrences(job: Job) -> list[datetime]:
    found: list[datetime] = []
    timetable = timetable_of(job)
    moment = timetable.first(NOW)
    while moment is not None and len(found) < 20:
        found.append(moment)
        moment = timetable.next_after(moment)
    return found


def test_only_what_differs_from_the_defaults_is_written() -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": 3, "timezone": "Asia/Shanghai"})

    assert write_document(export_jobs(["job"]).document) == (
        "carnation: 1\njobs:\n  job:\n    func: jobs:nothing\n    trigger: cron\n    hour: '3'\n"
        "    timezone: Asia/Shanghai\n"
    )


def test_calendars_and_windows_come_back_as_they_were() -> None:
    create_calendar({"name": "cn", "country": "CN", "makeup_days": False, "description": "China: on"})
    create_calendar(
        {
            "name": "by",
            "country": "DE",
            "subdivision": "BY",
            "weekend": ["sun"],
            "days": [{"day": "2026-06-03", "working": True, "name": "on"}],
        }
    )
    create_window(
        {"name": "night", "trigger": "cron", "hour": 2, "duration_seconds": 60, "tags": ["a"], "note": "1\n2"}
    )
    names = ["name", "trigger", "timezone", "duration_seconds", "tags", "note"]

    def rows() -> list[Any]:
        days = CalendarDay.objects.values("calendar", "day", "is_working", "name")
        return [*WorkCalendar.objects.values(), *days, *MaintenanceWindow.objects.values(*names)]

    before = rows()

    move()

    assert rows() == before


def test_selection_has_only_the_calendars_that_it_names() -> None:
    create_calendar({"name": "cn", "country": "CN"})
    create_calendar({"name": "other"})
    create_window({"name": "night", "trigger": "cron", "hour": 2, "duration_seconds": 60})
    create_job({"id": "a", "func": "jobs:nothing", "trigger": "cron", "hour": 3, "calendar": "cn", "tags": ["t"]})
    create_job({"id": "b", "func": "jobs:nothing", "trigger": "cron", "hour": 3})

    tagged, some = export_jobs(tag="t").document, export_jobs(["b"]).document

    assert [[entry.key for entry in part] for part in (tagged.jobs, tagged.calendars, tagged.windows)] == [
        ["a"],
        ["cn"],
        [],
    ]
    assert [entry.key for entry in some.jobs] == ["b"]
    assert some.sections == {"job"}


def test_id_that_is_not_there_is_an_error() -> None:
    with pytest.raises(JobNotFound):
        export_jobs(["nobody"])


def test_finished_and_unreadable_jobs_stay_where_they_are() -> None:
    create_job({"id": "done", "func": "jobs:nothing", "trigger": "cron", "hour": 3})
    create_job({"id": "broken", "func": "jobs:nothing", "trigger": "cron", "hour": 3})
    Job.objects.filter(pk="done").update(finished_at=datetime.now(UTC) - timedelta(days=1))
    Job.objects.filter(pk="broken").update(trigger=["what"])

    exported = export_jobs()

    assert exported.document.jobs == ()
    assert [each.text for each in exported.left_out] == ["broken"]
