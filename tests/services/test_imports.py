"""Imports: everything is validated, the difference is told, and it is applied in one transaction or not at all."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction

from scheduler.actors import acting
from scheduler.exceptions import ImportOutdated, ImportRefused
from scheduler.exchange import Document, read_document
from scheduler.models import Action, AuditEntry, Execution, Job, MaintenanceWindow, Schedule, WorkCalendar
from scheduler.services.import_planning import plan_import
from scheduler.services.import_plans import Plan, Verb
from scheduler.services.import_sources import read_flask_settings
from scheduler.services.imports import apply_import
from scheduler.services.jobs import change_job, create_job, pause_job
from tests.services.rows import NEXT_HOURLY, NOW, make_job, next_run_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOURLY = """
carnation: 1
jobs:
  job:
    func: jobs:nothing
    trigger: interval
    hours: 1
    start_date: 2026-06-01T00:30:00+00:00
    timezone: UTC
"""


def document(jobs: str) -> Document:
    return read_document(f"carnation: 1\njobs:\n{jobs}")


def plan(text: str, **options: Any) -> Plan:
    return plan_import(read_document(text), now=NOW, **options)


def apply(text: str, **options: Any) -> Plan:
    return apply_import(read_document(text), now=NOW, **options)


def verbs(plan: Plan) -> Mapping[str, str]:
    return {change.key: change.verb.value for change in plan.changes}


def mistakes(text: str) -> list[tuple[int | None, str, str]]:
    return [(each.line, each.item, each.field) for each in plan(text).mistakes]


def test_new_job_is_added_with_schedule_and_audit() -> None:
    with acting(name="ann", source="command"):
        done = apply(HOURLY)

    assert verbs(done) == {"job": "added"}
    job = Job.objects.get()
    assert (job.name, job.revision, job.retries) == ("job", 1, 0)
    assert next_run_of() == NEXT_HOURLY
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.source) == (Action.CREATED, "ann", "command")


def test_importing_again_changes_nothing() -> None:
    apply(HOURLY)
    before = list(Job.objects.values()), list(Schedule.objects.values())

    again = apply(HOURLY)

    assert verbs(again) == {"job": "unchanged"}
    assert (list(Job.objects.values()), list(Schedule.objects.values())) == before
    assert AuditEntry.objects.count() == 1


def test_change_is_told_field_by_field_and_raises_the_revision() -> None:
    apply(HOURLY)

    done = apply(HOURLY.replace("hours: 1", "minutes: 30\n    retries: 2"))

    assert done.changes[0].fields == {"hours": (1, None), "minutes": (None, 30), "retries": (0, 2)}
    job = Job.objects.get()
    assert (job.revision, job.retries, job.trigger["minutes"]) == (2, 2, 30)


def test_schedule_moves_only_if_the_trigger_changes() -> None:
    apply(HOURLY)
    Schedule.objects.update(next_run_time=NOW + timedelta(minutes=1))

    apply(HOURLY + "    retries: 2\n")

    assert next_run_of() == NOW + timedelta(minutes=1)


def test_what_an_entry_leaves_out_has_the_defaults_again() -> None:
    apply(HOURLY + "    retries: 2\n    tags: [a]\n    name: Named\n")

    done = apply(HOURLY)

    assert done.changes[0].fields == {"name": ("Named", "job"), "retries": (2, 0), "tags": (["a"], [])}


def test_defaults_are_carnations_own_and_not_those_of_the_settings(settings: Any) -> None:
    settings.SCHEDULER_JOB_DEFAULTS = {"retries": 5}

    apply(HOURLY)

    assert Job.objects.get().retries == 0


def test_operators_pause_is_kept_also_when_the_trigger_changes() -> None:
    apply(HOURLY)
    pause_job("job")

    done = apply(HOURLY.replace("hours: 1", "hours: 2"))

    assert "paused" not in done.changes[0].fields
    assert Job.objects.get().paused
    assert next_run_of() is None


@pytest.mark.parametrize("trigger", ["interval\n    hours: 1", "manual", "cron\n    hour: 3"])
def test_file_may_say_that_a_job_is_paused_or_not(trigger: str) -> None:
    text = f"carnation: 1\njobs:\n  job:\n    func: jobs:nothing\n    trigger: {trigger}\n"

    apply(text + "    paused: true\n")
    assert Job.objects.get().paused

    assert apply(text + "    paused: false\n").changes[0].fields == {"paused": (True, False)}
    assert not Job.objects.get().paused


@pytest.mark.parametrize(
    "trigger", ["interval\n    hours: 1", "date", "calendarinterval\n    days: 2", "rrule\n    rrule: FREQ=DAILY"]
)
def test_trigger_that_names_no_start_goes_on_as_it_is(trigger: str, clock: time_machine.Traveller) -> None:
    text = f"carnation: 1\njobs:\n  job:\n    func: jobs:nothing\n    trigger: {trigger}\n"
    apply(text)
    clock.move_to(NOW + timedelta(minutes=7))

    later = plan_import(read_document(text), now=NOW + timedelta(minutes=7))

    assert verbs(later) == {"job": "unchanged"}


def test_finished_job_counts_as_not_there() -> None:
    make_job()
    Job.objects.update(finished_at=NOW)

    assert verbs(apply(HOURLY)) == {"job": "added"}
    assert Job.objects.get().finished_at is None


def test_calendars_windows_and_jobs_of_one_file_may_name_each_other() -> None:
    text = """
carnation: 1
jobs:
  job: {func: 'jobs:nothing', trigger: cron, hour: 3, calendar: own}
windows:
  night: {trigger: cron, hour: 2, calendar: own, duration_seconds: 60}
calendars:
  own:
    weekend: [fri]
    days:
      - {day: 2026-06-02, working: false, name: Founding}
"""
    with acting(name="ann", source="command"):
        done = apply(text)

    assert [change.key for change in done.changes] == ["own", "night", "job"]
    assert WorkCalendar.objects.get().days.count() == 1
    assert MaintenanceWindow.objects.get().created_by == "ann"
    assert next_run_of() == datetime(2026, 6, 3, 3, tzinfo=UTC)
    assert verbs(plan(text)) == dict.fromkeys(("own", "night", "job"), "unchanged")


def test_changes_of_calendars_and_windows_are_told_and_applied() -> None:
    before = "carnation: 1\ncalendars:\n  own: {days: [{day: 2026-06-02, working: false}]}\n"
    window = "windows:\n  night: {trigger: cron, hour: 2, duration_seconds: 60}\n"
    apply(before + window)

    done = apply(before.replace("06-02", "06-03") + window.replace("60", "90"))

    assert dict(done.changes[0].fields) == {
        "day 2026-06-02": ([False, ""], None),
        "day 2026-06-03": (None, [False, ""]),
    }
    assert dict(done.changes[1].fields) == {"duration_seconds": (60, 90)}
    assert [each.day.day for each in WorkCalendar.objects.get().days.all()] == [3]
    assert MaintenanceWindow.objects.get().duration_seconds == 90


def test_what_the_file_does_not_name_is_not_touched() -> None:
    make_job("other")

    done = apply(HOURLY)

    assert done.untouched == ("other",)
    assert Job.objects.filter(pk="other").exists()


def test_deleting_what_is_missing_is_asked_for_listed_and_of_the_files_parts_only() -> None:
    make_job("other")
    apply("carnation: 1\ncalendars: {own: {}}\nwindows: {night: {trigger: cron, duration_seconds: 1, second: 0}}\n")

    done = apply(HOURLY, delete_missing=True)
    assert [(change.key, change.verb) for change in done.changes] == [("job", Verb.ADDED), ("other", Verb.DELETED)]
    assert WorkCalendar.objects.exists()

    apply("carnation: 1\njobs:\ncalendars:\nwindows:\n", delete_missing=True)
    assert [model.objects.count() for model in (Job, WorkCalendar, MaintenanceWindow)] == [0, 0, 0]


def test_calendar_that_is_still_used_is_not_deleted_and_nothing_else_is_done() -> None:
    apply(
        "carnation: 1\ncalendars: {own: {}}\n"
        "jobs:\n  a: {func: 'jobs:nothing', trigger: cron, hour: 3, calendar: own}\n"
    )

    with pytest.raises(ImportOutdated):
        apply("carnation: 1\ncalendars: {new: {}}\n", delete_missing=True)

    assert list(WorkCalendar.objects.values_list("pk", flat=True)) == ["own"]


def test_every_mistake_is_found_with_line_item_and_field() -> None:
    text = """\
carnation: 1
calendars:
  cn: {country: XX}
windows:
  night: {trigger: cron, hour: 2, duration_seconds: 0}
jobs:
  a:
    func: nowhere:nothing
    trigger: cron
    hour: 25
  b:
    func: jobs:nothing
    trigger: manual
    colour: red
    next_run_time: null
    coalesce: 1
    paused: 1
    args: text
  c:
    func: jobs:nothing
  a/b:
    func: jobs:greet
    trigger: manual
"""

    assert sorted(mistakes(text), key=lambda each: (each[0] or 0, each[2])) == [
        (3, "cn", "country"),
        (5, "night", "duration_seconds"),
        (8, "a", "func"),
        (10, "a", "hour"),
        (14, "b", "colour"),
        (15, "b", "next_run_time"),
        (16, "b", "coalesce"),
        (17, "b", "paused"),
        (18, "b", "args"),
        (19, "c", "trigger"),
        (21, "a/b", "args"),
        (21, "a/b", "id"),
    ]


def test_mistake_anywhere_refuses_all_of_it() -> None:
    with pytest.raises(ImportRefused) as refused:
        apply(HOURLY + "  other: {func: 'nowhere:f', trigger: manual}\n")

    assert [each.item for each in refused.value.mistakes] == ["other"]
    assert not Job.objects.exists()


def test_max_runs_below_what_has_run_is_a_mistake_of_the_plan() -> None:
    make_job(max_runs=10)
    Job.objects.update(run_count=5)

    assert mistakes(HOURLY + "    max_runs: 5\n") == [(10, "job", "max_runs")]


def test_fingerprint_is_that_of_what_was_shown() -> None:
    shown = plan(HOURLY)

    assert plan(HOURLY).fingerprint == shown.fingerprint
    assert verbs(apply(HOURLY, fingerprint=shown.fingerprint)) == {"job": "added"}


def test_change_since_it_was_shown_refuses_the_import() -> None:
    make_job()
    shown = plan(HOURLY + "    retries: 2\n")
    change_job("job", {"retries": 1})

    with pytest.raises(ImportOutdated):
        apply(HOURLY + "    retries: 2\n", fingerprint=shown.fingerprint)

    assert Job.objects.get().retries == 1


def test_start_that_was_shown_is_the_start_that_is_written(clock: time_machine.Traveller) -> None:
    text = "carnation: 1\njobs:\n  job: {func: 'jobs:nothing', trigger: interval, hours: 1}\n"
    shown = plan(text)
    clock.move_to(NOW + timedelta(minutes=5))

    apply(text, fingerprint=shown.fingerprint)

    assert Job.objects.get().trigger["start_date"] == (NOW + timedelta(hours=1)).isoformat()


def test_failure_in_the_midst_undoes_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_named: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("scheduler.services.imports.pause_job", fail)
    text = HOURLY + "  z: {func: 'jobs:nothing', trigger: manual, paused: true}\n"

    with pytest.raises(RuntimeError), transaction.atomic():
        apply(text)

    assert not Job.objects.exists()
    assert not AuditEntry.objects.exists()


def test_due_occurrence_of_a_changed_job_leaves_a_row(clock: time_machine.Traveller) -> None:
    apply(HOURLY)
    clock.move_to(NEXT_HOURLY + timedelta(seconds=1))

    apply(HOURLY.replace("hours: 1", "hours: 2"))

    assert list(Execution.objects.values_list("status", "scheduled_for")) == [("skipped", NEXT_HOURLY)]


def test_date_that_is_past_is_noted_for_a_new_job() -> None:
    text = "carnation: 1\njobs:\n  job: {func: 'jobs:nothing', trigger: date, run_date: 2026-05-01}\n"

    assert "date is past" in plan(text).changes[0].notes[0]


def test_other_schedulers_leave_alone_what_they_do_not_know() -> None:
    create_job({"id": "a", "func": "jobs:nothing", "trigger": "cron", "hour": 3, "retries": 4, "tags": ["x"]})
    foreign = read_flask_settings([{"id": "a", "func": "jobs:nothing", "trigger": "cron", "hour": 4}])

    done = apply_import(foreign, now=NOW)

    assert dict(done.changes[0].fields) == {"hour": ("3", "4")}
    assert (Job.objects.get().retries, Job.objects.get().tags) == (4, ["x"])
    assert done.untouched == ()


def test_planning_costs_a_constant_number_of_statements(django_assert_num_queries: Any) -> None:
    jobs = "".join(f"  j{number}: {{func: 'jobs:nothing', trigger: cron, calendar: own}}\n" for number in range(50))
    apply("carnation: 1\ncalendars: {own: {}}\n")
    apply_import(document(jobs), now=NOW)

    with django_assert_num_queries(4):
        assert plan_import(document(jobs), now=NOW).count(Verb.UNCHANGED) == 50
