"""A calendar whose data ends soon is told of in time, before jobs run on the wrong days."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from scheduler.checks import check_calendars
from scheduler.models import Job
from scheduler.queries import ENDS_SOON, EndingCalendar, ending_calendars
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job
from scheduler.services.nodes import register_node
from scheduler.services.windows import create_window

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
JOB: dict[str, Any] = {"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": "9", "calendar": "ours"}


def end(day: date, name: str = "ours") -> None:
    """Make a calendar whose data ends on a day, and a job that uses it."""
    create_calendar({"name": name, "days": [{"day": day.isoformat(), "working": False}]})
    create_job({**JOB, "calendar": name, "id": name})


def names(today: date = TODAY) -> list[str]:
    return [each.name for each in ending_calendars(today=today)]


def test_ninety_days_before_its_end_a_calendar_is_named_and_not_a_day_before() -> None:
    end(TODAY + ENDS_SOON, "soon")
    end(TODAY + ENDS_SOON + timedelta(days=1), "later")
    end(TODAY - timedelta(days=1), "over")

    assert names() == ["over", "soon"]


def test_calendar_that_nobody_uses_is_not_named() -> None:
    end(TODAY)
    Job.objects.update(finished_at=timezone.now())

    assert names() == []


def test_calendar_that_a_window_uses_is_named() -> None:
    create_calendar({"name": "ours", "days": [{"day": TODAY.isoformat(), "working": False}]})
    create_window({"name": "night", "trigger": "cron", "hour": "1", "calendar": "ours", "duration_seconds": 60})

    assert names() == ["ours"]


def test_calendar_that_is_known_for_ever_is_not_named() -> None:
    create_calendar({"name": "ours"})
    create_job(JOB)

    assert names(date(9999, 1, 1)) == []


def test_chinas_calendar_is_named_in_the_last_quarter_of_its_last_year() -> None:
    known_until = create_calendar({"name": "ours", "country": "CN"}).known_until
    create_job(JOB)

    assert known_until is not None
    assert names(date(known_until.year, 9, 30)) == []
    assert ending_calendars(today=date(known_until.year, 10, 2)) == [EndingCalendar("ours", known_until)]


def test_looking_costs_two_statements_and_two_more_where_something_ends(django_assert_num_queries: Any) -> None:
    create_calendar({"name": "ours"})
    create_job(JOB)
    with django_assert_num_queries(2):
        names()

    end(TODAY, "soon")
    end(TODAY, "soon too")
    with django_assert_num_queries(4):
        names()


def test_check_warns_with_a_hint() -> None:
    assert check_calendars(databases=["default"]) == []
    end(timezone.localdate())

    (warning,) = check_calendars(databases=["default"])

    assert (warning.id, warning.is_serious()) == ("scheduler.W001", False)
    assert "ours" in warning.msg
    assert warning.hint


def test_check_of_no_database_reads_none(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert check_calendars() == []


@pytest.mark.skipif(connection.vendor == "mysql", reason="its DDL would commit the test's transaction")
def test_check_before_the_first_migration_says_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE scheduler_workcalendar RENAME TO scheduler_workcalendar_away")

    assert check_calendars(databases=["default"]) == []


def test_health_stays_green_and_says_it(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    register_node(name="here", pid=1, threads=1, now=timezone.now())
    end(timezone.localdate())

    answer = client.get("/healthz")
    call_command("schedulerhealth")

    assert answer.status_code == 200
    (warning,) = answer.json()["warnings"]
    assert "ours" in warning
    assert f"Warning: {warning}" in capsys.readouterr().out
