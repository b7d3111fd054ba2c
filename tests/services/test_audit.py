"""What is written down of what somebody did."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient
from time_machine import Traveller

from scheduler.actors import acting
from scheduler.exceptions import JobAlreadyExists
from scheduler.models import AuditEntry, Job, Schedule
from scheduler.services import control
from scheduler.services.audit import LONGEST_VALUE
from scheduler.services.calendars import MOST_DAYS_TOLD, change_calendar, create_calendar, delete_calendar, set_days
from scheduler.services.declared import load_declared_jobs
from scheduler.services.executions import cancel_execution
from scheduler.services.jobs import change_job, delete_job, pause_job, resume_job
from scheduler.services.runs import backfill_job, run_job
from scheduler.services.schedules import quarantine_job, sync_stale_schedules
from scheduler.services.windows import change_window, create_window, delete_window
from scheduler.triggers import SpecialDay
from tests.services.rows import HOURLY, LATER, NEXT_HOURLY, NOW, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def done(job_id: str = "job") -> list[tuple[str, dict[str, Any]]]:
    """Return what was done to a job after it was made, oldest first."""
    entries = AuditEntry.objects.filter(job_id=job_id).order_by("id")
    return [(entry.action, entry.details) for entry in entries][1:]


def test_creation_is_written_down_with_who_did_it() -> None:
    with acting(name="alice", source="rest"):
        make_job()

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.job_id, entry.revision, entry.at) == ("created", "job", 1, NOW)
    assert (entry.actor, entry.source, entry.details) == ("alice", "rest", {})


def test_creation_costs_one_insert_more() -> None:
    with CaptureQueriesContext(connection) as captured:
        make_job()

    assert len([query for query in captured if "auditentry" in query["sql"]]) == 1


def test_job_added_paused_says_so() -> None:
    make_job(next_run_time=None)

    assert AuditEntry.objects.get().details == {"paused": [False, True]}


def test_job_that_begins_at_another_moment_says_so() -> None:
    make_job(next_run_time=LATER.isoformat())

    assert AuditEntry.objects.get().details == {"next_run_time": [None, LATER.isoformat()]}


def test_what_is_refused_leaves_no_entry() -> None:
    make_job()

    with pytest.raises(JobAlreadyExists):
        make_job()

    assert done() == []


def test_what_is_undone_leaves_no_entry() -> None:
    make_job()

    with transaction.atomic():
        pause_job("job")
        transaction.set_rollback(True)

    assert done() == []


def test_change_tells_what_was_there_before_and_after() -> None:
    make_job(name="before")

    change_job("job", {"name": "after", "max_instances": 3, "coalesce": True})

    assert done() == [("changed", {"name": ["before", "after"], "max_instances": [1, 3]})]
    assert AuditEntry.objects.order_by("id").last().revision == 2  # type: ignore[union-attr]


def test_change_that_changes_nothing_leaves_no_entry() -> None:
    make_job()

    change_job("job", {**HOURLY, "name": "job", "next_run_time": NEXT_HOURLY.isoformat()})

    assert done() == []


def test_change_of_the_trigger_is_kept_whole() -> None:
    make_job()

    change_job("job", {"trigger": "cron", "hour": ",".join(["1"] * LONGEST_VALUE)})

    (entry,) = done()
    before, after = entry[1]["trigger"]
    assert ("interval" in before, len(after) > LONGEST_VALUE) == (True, True)


def test_long_values_are_cut() -> None:
    make_job(func="jobs:job1", args=[1, 2])

    change_job("job", {"args": ["x" * 5_000, 2]})

    before, after = done()[0][1]["args"]
    assert before == "[1, 2]"
    assert len(after) == LONGEST_VALUE + 1


def test_next_run_of_null_is_a_pause_and_the_next_one_its_end() -> None:
    make_job()

    change_job("job", {"next_run_time": None})
    change_job("job", {"next_run_time": LATER.isoformat()})

    assert done() == [
        ("paused", {"paused": [False, True]}),
        ("resumed", {"paused": [True, False]}),
        ("changed", {"next_run_time": [None, LATER.isoformat()]}),
    ]


def test_pause_and_resume_are_written_down_once() -> None:
    make_job()

    for service in (pause_job, pause_job, resume_job, resume_job):
        service("job")

    assert [action for action, _details in done()] == ["paused", "resumed"]


def test_deletion_keeps_what_the_job_was() -> None:
    make_job()

    delete_job("job")

    ((action, details),) = done()
    assert action == "deleted"
    assert details["timezone"] == ["UTC", None]
    assert '"hours": 1' in details["trigger"][0]


def test_job_over_a_finished_one_says_what_it_replaced() -> None:
    make_job(trigger="date", run_date="2026-06-01T11:00:00+00:00")
    Job.objects.update(finished_at=NOW)

    make_job()

    ((action, details),) = done()
    assert (action, details["replaced"], details["finished_at"]) == ("created", True, [NOW.isoformat(), None])


def test_runs_backfills_and_cancellations_name_what_they_made() -> None:
    make_job()

    run = run_job("job")
    backfill_job("job", start=NOW - timedelta(hours=3), end=NOW)
    cancel_execution(run.pk)

    (ran, filled, cancelled) = done()
    assert ran == ("run", {"execution": str(run.pk)})
    assert (filled[0], filled[1]["count"]) == ("backfilled", 3)
    assert cancelled == ("cancelled", {"execution": str(run.pk)})


def test_quarantine_is_written_down() -> None:
    make_job()
    Schedule.objects.update(next_run_time=NOW)

    quarantine_job("job", problem="It is broken.", now=NOW)

    assert done() == [("quarantined", {"problem": "It is broken."})]


def test_scheduler_pauses_and_stops_are_written_down_where_they_change_something() -> None:
    for service in (control.pause_scheduler, control.pause_scheduler, control.shutdown_scheduler):
        service()
    control.start_scheduler()

    entries = AuditEntry.objects.of_scheduler().reverse()
    assert [(entry.action, entry.details["desired"]) for entry in entries] == [
        ("scheduler_paused", ["running", "paused"]),
        ("scheduler_stopped", ["paused", "stopped"]),
        ("scheduler_started", ["stopped", "running"]),
    ]


def test_what_was_done_past_the_services_is_noticed_and_is_nobodys() -> None:
    make_job()
    Job.objects.update(paused=True, timezone="Asia/Shanghai")

    with acting(name="node", source="engine"):
        sync_stale_schedules(now=NOW, limit=10)

    assert done() == [
        ("changed", {"timezone": ["UTC", "Asia/Shanghai"]}),
        ("paused", {"paused": [False, True]}),
    ]
    assert {entry.actor for entry in AuditEntry.objects.order_by("-id")[:2]} == {""}


def test_schedule_that_is_derived_afresh_is_no_change() -> None:
    make_job()
    Job.objects.update(synced_trigger=None)

    sync_stale_schedules(now=NOW, limit=10)

    assert done() == []


def test_declared_jobs_are_the_settings_doing() -> None:
    with acting(name="node", source="engine"):
        load_declared_jobs([{"id": "job", "func": "jobs:nothing", **HOURLY}])

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.source) == ("SCHEDULER_JOBS", "settings")


def test_finished_job_that_is_resumed_says_that_it_was() -> None:
    make_job()
    Job.objects.update(finished_at=NOW)
    Schedule.objects.update(next_run_time=None)

    resume_job("job")

    assert done() == [
        ("resumed", {"finished_at": [NOW.isoformat(), None], "next_run_time": [None, NEXT_HOURLY.isoformat()]})
    ]


def test_request_acts_for_its_user(api: APIClient, clock: Traveller) -> None:
    api.post("/scheduler/jobs", {"id": "job", "func": "jobs:nothing"}, format="json")

    entry = AuditEntry.objects.get(job_id="job")
    assert (entry.actor, entry.source, entry.address) == ("admin", "rest", "127.0.0.1")


def test_address_that_a_client_makes_up_is_not_believed(api: APIClient, settings: Settings) -> None:
    api.defaults["HTTP_X_FORWARDED_FOR"] = "198.51.100.1, 203.0.113.9"
    for job_id, header in (("a", None), ("b", ("HTTP_X_FORWARDED_PROTO", "https"))):
        settings.SECURE_PROXY_SSL_HEADER = header
        api.post("/scheduler/jobs", {"id": job_id, "func": "jobs:nothing"}, format="json")

    addresses = AuditEntry.objects.exclude(job_id="").order_by("id").values_list("address", flat=True)
    assert list(addresses) == ["127.0.0.1", "203.0.113.9"]


def test_entry_names_the_job_for_when_it_is_gone() -> None:
    make_job(name="Report")

    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.name) == ("job", "Report")


def test_secret_arguments_are_hidden() -> None:
    make_job(func="jobs:job1", args=[1, 2])

    change_job("job", {"args": [1, {"password": "hush", "url": "redis://:quiet@host"}]})

    details = str(done())
    assert "password" in details
    assert "hush" not in details
    assert "quiet" not in details


def told_of(kind: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Return what was done to things of a kind, oldest first."""
    entries = AuditEntry.objects.filter(kind=kind).order_by("id")
    return [(entry.action, entry.name, entry.details) for entry in entries]


def test_calendar_leaves_entries() -> None:
    create_calendar({"name": "china", "description": "China", "days": [{"day": "2026-06-02", "working": False}]})
    change_calendar("china", {"description": "China", "country": "DE"})
    set_days("china", {date(2026, 6, 2): None, date(2026, 6, 6): SpecialDay(is_working=True, name="Fair")})
    delete_calendar("china")

    created, changed, days, deleted = told_of("calendar")
    assert (created[0], created[2]["description"], created[2]["2026-06-02"]) == (
        "created", [None, "China"], [None, "off"],
    )  # fmt: skip
    assert changed == ("changed", "china", {"country": ["", "DE"]})
    assert days[2] == {"2026-06-02": ["off", None], "2026-06-06": [None, "working Fair"], "days": 2}
    assert deleted[:2] == ("deleted", "china")


def test_calendar_that_is_left_as_it_is_leaves_none() -> None:
    create_calendar({"name": "china"})
    change_calendar("china", {"description": ""})
    set_days("china", {})

    assert [action for action, _name, _details in told_of("calendar")] == ["created"]


def test_many_days_of_a_calendar_are_counted() -> None:
    create_calendar({"name": "china"})
    days = {date(2026, 1, 1) + timedelta(days=number): SpecialDay(is_working=False, name="") for number in range(200)}

    set_days("china", days)

    details = told_of("calendar")[-1][2]
    assert (details["days"], len(details)) == (200, MOST_DAYS_TOLD + 1)


def test_window_leaves_entries() -> None:
    create_window({"name": "move", "trigger": "interval", "hours": 2, "duration_seconds": 60})
    change_window("move", {"duration_seconds": 120})
    change_window("move", {"duration_seconds": 120})
    delete_window("move")

    created, changed, deleted = told_of("window")
    assert (created[0], created[2]["duration_seconds"]) == ("created", [None, 60])
    assert changed == ("changed", "move", {"duration_seconds": [60, 120]})
    assert (deleted[0], deleted[2]["duration_seconds"]) == ("deleted", [120, None])


def test_what_else_is_written_down_is_not_the_schedulers_doing() -> None:
    create_calendar({"name": "china"})
    control.pause_scheduler()

    assert [entry.action for entry in AuditEntry.objects.of_scheduler()] == ["scheduler_paused"]
