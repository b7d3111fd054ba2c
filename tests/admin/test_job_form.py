"""The job form: what is typed becomes a job, and every mistake is said at its field."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from scheduler.models import Job, Schedule, WorkCalendar
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job
from scheduler.services.values import POLICIES

ADD = "/admin/scheduler/job/add/"
CHANGE = "/admin/scheduler/job/job/change/"


def typed(**fields: Any) -> dict[str, Any]:
    """What a browser sends: every field of the form, most of them empty."""
    defaults = {
        "id": "job",
        "name": "",
        "func": "tests.sample.jobs:add",
        "args": "[1, 2]",
        "kwargs": "{}",
        "kind": "interval",
        "interval__seconds": "10",
        "timezone": "UTC",
        "coalesce": "on",
        "misfire_grace_time": "3600",
        "max_instances": "1",
        "executor": "default",
        "overlap": "skip",
        "maintenance": "skip",
        "priority": "0",
        "retries": "0",
        "retry_delay": "10",
        "retry_max_delay": "3600",
        "on_lost": "fail",
    }
    return {**defaults, **fields}


def errors_of(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, "the form was accepted"
    return dict(response.context["adminform"].form.errors)


def test_interval_job_is_added_and_scheduled(browser: Client) -> None:
    response = browser.post(ADD, typed())

    assert response.status_code == 302
    job = Job.objects.get()
    assert (job.id, job.name, job.args, job.trigger["seconds"]) == ("job", "job", [1, 2], 10)
    assert Schedule.objects.get().next_run_time is not None


@pytest.mark.parametrize(
    ("fields", "spec"),
    [
        ({"kind": "date"}, {"trigger": "date"}),
        ({"kind": "date", "date__run_date": "2131-05-06 07:08"}, {"run_date": "2131-05-06T07:08:00+00:00"}),
        ({"kind": "interval", "interval__seconds": "0.5"}, {"microseconds": 500000}),
        ({"kind": "cron", "cron__hour": "3", "cron__day_of_week": "mon-fri"}, {"hour": "3", "day_of_week": "mon-fri"}),
        (
            {"kind": "calendarinterval", "calendarinterval__months": "1", "calendarinterval__hour": "5"},
            {"months": 1, "hour": 5},
        ),
        ({"kind": "cron", "cron__hour": "3", "cron__jitter": "30"}, {"jitter": 30}),
        ({"kind": "cron", "cron__crontab": "0 9 * * 1-5"}, {"trigger": "cron", "crontab": "0 9 * * 1-5"}),
        ({"kind": "rrule", "rrule__rrule": "FREQ=DAILY"}, {"trigger": "rrule", "rrule": "FREQ=DAILY"}),
        (
            {"kind": "or", "or__triggers": '[{"trigger": "cron", "crontab": "0 9 * * 1"}]'},
            {"triggers": [{"trigger": "cron", "crontab": "0 9 * * 1"}]},
        ),
        ({"kind": "manual"}, {"trigger": "manual"}),
        (
            {"kind": "cron", "cron__hour": "3", "cron__calendar": "china", "cron__on_excluded": "forward"},
            {"calendar": "china", "on_excluded": "forward"},
        ),
        ({"kind": "cron", "cron__calendar": "china", "cron__working_day": "-1"}, {"working_day": -1}),
        (
            {"kind": "interval", "interval__calendar": "china", "interval__calendar_days": "non_working"},
            {"calendar": "china", "calendar_days": "non_working"},
        ),
        (
            {"kind": "calendarinterval", "calendarinterval__days": "1", "calendarinterval__calendar": "china"},
            {"days": 1, "calendar": "china"},
        ),
        (
            {"kind": "cron", "cron__allowed_hours": "09:00-17:00, 20:00-22:00"},
            {"allowed_hours": ["09:00-17:00", "20:00-22:00"]},
        ),
    ],
)
def test_each_kind_of_trigger_can_be_typed(browser: Client, fields: dict[str, str], spec: dict[str, Any]) -> None:
    create_calendar({"name": "china", "country": "CN"})

    response = browser.post(ADD, typed(**fields))

    assert response.status_code == 302
    trigger = Job.objects.get().trigger
    assert {name: trigger[name] for name in spec} == spec


@pytest.mark.portable
@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("id", {"id": ""}),
        ("id", {"id": "a/b"}),
        ("id", {"id": "x" * 256}),
        ("func", {"func": "os:system"}),
        ("args", {"args": "[1"}),
        ("args", {"args": "[1, 2, 3]"}),
        ("args", {"args": "[]"}),
        ("kwargs", {"kwargs": '{"third": 1}'}),
        ("kwargs", {"kwargs": "[1]"}),
        ("interval__seconds", {"interval__seconds": "-5"}),
        ("interval__seconds", {"interval__seconds": "ten"}),
        ("interval__start_date", {"interval__start_date": "not a date"}),
        ("cron__hour", {"kind": "cron", "cron__hour": "25"}),
        ("kind", {"kind": "cron", "cron__month": "2", "cron__day": "31"}),
        ("kind", {"kind": "cron", "cron__year": "2001"}),
        ("kind", {"kind": "nosuch"}),
        ("date__run_date", {"kind": "date", "date__run_date": "2001-01-01"}),
        ("calendarinterval__days", {"kind": "calendarinterval"}),
        (
            "calendarinterval__hour",
            {"kind": "calendarinterval", "calendarinterval__days": "1", "calendarinterval__hour": "24"},
        ),
        ("timezone", {"timezone": "Mars/Olympus"}),
        ("misfire_grace_time", {"misfire_grace_time": "0"}),
        ("max_instances", {"max_instances": "0"}),
        ("max_instances", {"max_instances": "99999999999"}),
        ("executor", {"executor": "nosuch"}),
        ("overlap", {"overlap": "nosuch"}),
        ("maintenance", {"maintenance": "nosuch"}),
        ("tags", {"tags": "x" * 65}),
        ("on_lost", {"on_lost": ""}),
        ("priority", {"priority": "32768"}),
        ("priority", {"priority": ""}),
        ("timeout", {"timeout": "0"}),
        ("timeout", {"timeout": "1.5"}),
        ("max_runs", {"max_runs": "0"}),
        ("retries", {"retries": "-1"}),
        ("retry_delay", {"retry_delay": "soon"}),
        ("retry_max_delay", {"retry_max_delay": "99999999999"}),
        ("retry_budget", {"retry_budget": "0"}),
        ("retry_on", {"retry_on": "OSError, a-b"}),
        ("keep_days", {"keep_days": "0"}),
        ("keep_executions", {"keep_executions": "-5"}),
    ],
)
def test_mistake_is_said_at_its_field(browser: Client, field: str, fields: dict[str, str]) -> None:
    response = browser.post(ADD, typed(**fields))

    assert field in errors_of(response)
    assert not Job.objects.exists()


def test_policies_can_be_typed(browser: Client) -> None:
    policies = {
        "overlap": "replace", "max_instances": "2", "misfire_grace_time": "", "timeout": "60", "max_runs": "5",
        "priority": "-3", "executor": "processes", "retries": "4", "retry_delay": "0", "retry_max_delay": "600",
        "retry_budget": "3600", "retry_on": " OSError,requests.exceptions.Timeout ", "on_lost": "rerun",
        "keep_days": "7", "keep_executions": "100", "maintenance": "all", "tags": " night shift,billing, ",
    }  # fmt: skip

    response = browser.post(ADD, {**typed(**policies), "coalesce": ""})

    assert response.status_code == 302
    assert {name: getattr(Job.objects.get(), name) for name in POLICIES} == {
        **{name: int(value) for name, value in policies.items() if value.lstrip("-").isdigit()},
        "overlap": "replace", "coalesce": False, "misfire_grace_time": None, "executor": "processes",
        "retry_on": ["OSError", "requests.exceptions.Timeout"], "on_lost": "rerun",
        "maintenance": "all", "tags": ["billing", "night shift"],
    }  # fmt: skip


def test_new_job_is_offered_the_defaults_of_the_settings(browser: Client, settings: Settings) -> None:
    settings.SCHEDULER_JOB_DEFAULTS = {"overlap": "queue", "retries": 3, "retry_on": ["OSError", "KeyError"]}

    form = browser.get(ADD).context["adminform"].form

    assert (form["overlap"].value(), form["retries"].value()) == ("queue", 3)
    assert form["retry_on"].value() == "OSError, KeyError"


def test_group_that_holds_a_mistake_is_open(browser: Client) -> None:
    groups = browser.post(ADD, typed(retries="-1")).context["adminform"]

    assert [group.is_collapsible for group in groups if group.name in ("How it runs", "Retries")] == [True, False]


def test_taken_id_is_said_at_its_field(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "interval", "hours": 1})

    assert errors_of(browser.post(ADD, typed())) == {"id": ["Job job already exists."]}


def test_saving_an_unchanged_form_changes_nothing(browser: Client) -> None:
    create_job(
        {
            "id": "job",
            "func": "jobs:add",
            "args": [1],
            "trigger": "interval",
            "seconds": 1.5,
            "timezone": "Asia/Shanghai",
            "retry_on": ["OSError", "KeyError"],
            "overlap": "queue",
            "tags": ["night shift", "billing"],
            "timeout": 60,
        }
    )
    before = (Job.objects.values().get(), Schedule.objects.values().get())
    shown = browser.get(CHANGE).context["adminform"].form
    sent = {name: shown[name].value() for name in shown.fields if shown[name].value() not in (None, "")}

    response = browser.post(CHANGE, sent)

    assert response.status_code == 302
    after = (Job.objects.values().get(), Schedule.objects.values().get())
    assert after == before


@pytest.mark.parametrize(
    "schedule",
    [
        {"trigger": "date", "run_date": "2131-05-06T07:08:09"},
        {"trigger": "interval", "hours": 5, "start_date": "2026-01-01T09:30"},
        {"trigger": "cron", "hour": 9},
        {"trigger": "cron", "crontab": "H 9 * * 1-5", "dst_gap": "skip", "allowed_hours": ["22:00-12:00"]},
        {"trigger": "calendarinterval", "months": 1, "start_date": "2026-01-31", "hour": 7},
        {"trigger": "rrule", "rrule": "FREQ=DAILY;BYHOUR=9", "start_date": "2026-01-01T09:30:15"},
        {"trigger": "or", "triggers": [{"trigger": "cron", "hour": 9}], "start_date": "2026-01-01T09:30"},
        {"trigger": "manual"},
    ],
    ids=lambda schedule: str(schedule["trigger"]),
)
def test_form_keeps_the_zone_and_all_else_of_the_trigger(browser: Client, schedule: dict[str, Any]) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "timezone": "Australia/Lord_Howe", **schedule})
    before = Job.objects.get()
    shown = browser.get(CHANGE).context["adminform"].form
    sent = {name: shown[name].value() for name in shown.fields if shown[name].value() not in (None, "")}

    assert browser.post(CHANGE, {**sent, "priority": "7"}).status_code == 302

    after = Job.objects.get()
    assert (after.timezone, after.trigger, after.priority) == ("Australia/Lord_Howe", before.trigger, 7)


def opened(browser: Client) -> dict[str, Any]:
    """What a browser sends of the job's form as it is opened now."""
    shown = browser.get(CHANGE).context["adminform"].form
    return {name: shown[name].value() for name in shown.fields if shown[name].value() not in (None, "")}


def test_change_by_somebody_else_is_overruled_only_knowingly(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "interval", "hours": 5})
    first, second = opened(browser), {**opened(browser), "priority": "7"}
    assert browser.post(CHANGE, {**first, "name": "from A"}).status_code == 302

    refused = browser.post(CHANGE, second)

    assert list(errors_of(refused)) == ["__all__"]
    assert b"it is at revision 2 now" in refused.content
    assert b'<input type="hidden" name="revision_was" value="2"' in refused.content
    form = refused.context["adminform"].form
    assert (form["name"].value(), form["priority"].value()) == ("job", "7")
    assert Job.objects.values_list("name", "priority").get() == ("from A", 0)
    assert browser.post(CHANGE, {**second, "revision_was": form["revision_was"].value()}).status_code == 302
    assert Job.objects.values_list("name", "priority").get() == ("job", 7)


def test_each_change_by_somebody_else_is_said_beside_other_mistakes(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "interval", "hours": 5})
    sent = opened(browser)
    for revision in ("2", "3"):
        browser.post(CHANGE, {**opened(browser), "name": f"before {revision}"})

        response = browser.post(CHANGE, {**sent, "retries": "-1"})

        assert sorted(errors_of(response)) == ["__all__", "retries"]
        sent["revision_was"] = response.context["adminform"].form["revision_was"].value()
        assert sent["revision_was"] == revision


def test_draft_overrules_nothing(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "interval", "hours": 5})
    sent = opened(browser)
    browser.post(CHANGE, {**sent, "name": "from A"})

    draft = browser.post(CHANGE, {**sent, "_show": "trigger"}).context["adminform"].form

    assert (draft.errors, draft["revision_was"].value()) == ({}, "1")


def test_form_that_names_no_revision_is_saved(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:add", "args": [1], "trigger": "interval", "hours": 5})
    browser.post(CHANGE, {**opened(browser), "name": "from A"})

    assert browser.post(CHANGE, typed(name="from B")).status_code == 302

    assert Job.objects.get().name == "from B"


def test_new_trigger_goes_by_the_zone_that_the_form_shows(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": 9, "timezone": "Asia/Shanghai"})
    shown = browser.get(CHANGE).context["adminform"].form

    browser.post(CHANGE, typed(kind="interval", timezone=shown["timezone"].value()))

    assert (Job.objects.get().trigger["trigger"], Job.objects.get().timezone) == ("interval", "Asia/Shanghai")


def test_form_without_a_zone_is_refused(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": 9, "timezone": "Asia/Shanghai"})

    for zone in ("", "Mars/Phobos", "UTC+8"):
        assert list(errors_of(browser.post(CHANGE, typed(timezone=zone)))) == ["timezone"]

    assert Job.objects.get().timezone == "Asia/Shanghai"


def test_changed_trigger_reschedules_the_job(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:add", "args": [1], "trigger": "interval", "hours": 5})

    browser.post(CHANGE, typed(kind="cron", cron__minute="*/5"))

    job = Job.objects.get()
    assert (job.trigger, job.revision) == ({"trigger": "cron", "minute": "*/5"}, 2)
    next_run_time = Schedule.objects.get().next_run_time
    assert next_run_time is not None
    assert next_run_time.minute % 5 == 0


def test_editing_a_paused_job_leaves_it_paused(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:add", "args": [1], "trigger": "interval", "hours": 5, "next_run_time": None})

    browser.post(CHANGE, typed(interval__seconds="20"))

    job = Job.objects.get()
    assert (job.trigger["seconds"], job.paused) == (20, True)
    assert Schedule.objects.get().next_run_time is None


def test_broken_job_can_be_opened_and_says_why(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:add", "args": [1], "trigger": "interval", "hours": 5})
    Job.objects.update(func="jobs:gone", problem="No registered task is called jobs:gone.")

    response = browser.get(CHANGE)

    assert response.status_code == 200
    assert b"No registered task is called jobs:gone." in response.content


def test_finished_job_gets_a_new_life_with_a_new_date(browser: Client) -> None:
    create_job({"id": "job", "func": "jobs:add", "args": [1]})
    Job.objects.update(finished_at=timezone.now())
    Schedule.objects.update(next_run_time=None)

    response = browser.post(CHANGE, typed(kind="date", date__run_date="2131-05-06 07:08"))

    assert response.status_code == 302
    assert Job.objects.get().finished_at is None
    assert Schedule.objects.get().next_run_time is not None


def test_calendar_of_a_job_is_shown_and_stays(browser: Client) -> None:
    create_calendar({"name": "china", "country": "CN"})
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": "9", "calendar": "china"})

    form = browser.get(CHANGE).context["adminform"].form

    assert form.initial["cron__calendar"] == "china"
    assert ("china", "china") in form.fields["cron__calendar"].choices


def test_calendar_that_is_gone_is_said_at_its_field(browser: Client) -> None:
    create_calendar({"name": "china", "country": "CN"})
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": "9", "calendar": "china"})
    WorkCalendar.objects.all().delete()

    response = browser.post(CHANGE, typed(kind="cron", cron__hour="9", cron__calendar="china"))

    assert list(errors_of(response)) == ["cron__calendar"]
