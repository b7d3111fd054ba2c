"""`manage.py timetravel`."""

import io
import json
from typing import Any

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from scheduler.models import (
    AuditEntry,
    CalendarDay,
    Execution,
    ExecutionOutput,
    Job,
    Node,
    Schedule,
    SchedulerState,
    WorkCalendar,
)
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job, pause_job
from scheduler.services.windows import create_window

pytestmark = pytest.mark.django_db

DAY = ("--from", "2026-09-28T00:00", "--to", "2026-09-28T12:00")


def create(job_id: str = "job", **fields: Any) -> Job:
    return create_job(
        {
            "id": job_id,
            "func": "jobs:greet",
            "args": ["Ada"],
            "trigger": "cron",
            "crontab": "0 9,10 * * *",
            "timezone": "Asia/Shanghai",
            **fields,
        }
    )


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    call_command("timetravel", *arguments)
    return capsys.readouterr().out.splitlines()


def test_ledger_is_printed_a_row_a_line_with_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    create()

    assert printed(capsys, *DAY) == [
        "2026-09-28 09:00:00+08:00  2026-09-28 01:00:00Z  job  succeeded",
        "2026-09-28 10:00:00+08:00  2026-09-28 02:00:00Z  job  succeeded",
        "2 rows of 1 jobs from 2026-09-28 00:00:00Z to 2026-09-28 12:00:00Z: 2 succeeded.",
    ]


def test_rows_tell_why_when_and_for_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    create("long", crontab="0 9-11 * * *", kwargs={"times": 2})
    down = ("--down", "2026-09-28T01:30", "2026-09-28T03:30")

    *_rows, folded, summary = printed(capsys, *DAY, "--takes", "60", "--calls", *down)

    assert folded == (
        "2026-09-28 11:00:00+08:00  2026-09-28 03:00:00Z  long  succeeded  for 2 occurrences"
        "  started 2026-09-28 03:30:00Z  jobs:greet('Ada', times=2)"
    )
    assert summary.endswith(": 2 succeeded.")


def test_overlap_shows_when_bodies_take_long(capsys: pytest.CaptureFixture[str]) -> None:
    create()

    second = printed(capsys, *DAY, "--takes", "5400")[1]

    assert second.endswith("skipped  max_instances (1) runs of this job were queued or running.")


def test_json_has_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    create()

    told = json.loads("\n".join(printed(capsys, *DAY, "--json", "--calls")))

    assert told["counts"] == {"succeeded": 2}
    assert told["rows"][0] == {
        "job": "job",
        "scheduled_for": {"local": "2026-09-28T09:00:00+08:00", "utc": "2026-09-28T01:00:00+00:00"},
        "status": "succeeded",
        "reason": "",
        "attempt": 1,
        "origin": "schedule",
        "folded": 1,
        "started_at": "2026-09-28T01:00:00+00:00",
        "finished_at": "2026-09-28T01:00:00+00:00",
        "call": "jobs:greet('Ada')",
    }


def test_only_the_named_jobs_travel(capsys: pytest.CaptureFixture[str]) -> None:
    for job_id in ("a", "b", "c"):
        create(job_id)

    *rows, _summary = printed(capsys, *DAY, "--job", "a", "--job", "c")

    assert {row.split("  ")[2] for row in rows} == {"a", "c"}


def test_paused_jobs_calendars_and_windows_come_along(capsys: pytest.CaptureFixture[str]) -> None:
    create_calendar({"name": "work", "days": [{"day": "2026-09-28", "working": False}]})
    create("free", calendar="work")
    create("paused")
    pause_job("paused")
    create("job")
    create_window({"name": "move", "trigger": "date", "run_date": "2026-09-28T01:00:00+00:00", "duration_seconds": 60})

    first, second, _summary = printed(capsys, *DAY)

    assert "job  skipped  In the maintenance window move" in first
    assert second.endswith("job  succeeded")


def test_days_whose_calendar_was_deleted_by_hand_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    create()
    create_calendar({"name": "gone", "days": [{"day": "2026-09-28", "working": False}]})
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {CalendarDay._meta.db_table} SET calendar_id = 'nowhere'")

        assert printed(capsys, *DAY)[-1].endswith(": 2 succeeded.")

        cursor.execute(f"DELETE FROM {CalendarDay._meta.db_table}")


def test_real_database_stays_as_it_is() -> None:
    create(max_runs=1, retries=3)
    create_job({"id": "date", "func": "jobs:nothing", "run_date": "2026-09-28T10:00:00+08:00"})
    before = contents()

    with CaptureQueriesContext(connection) as queries:
        call_command("timetravel", *DAY, stdout=io.StringIO())

    assert contents() == before
    assert {each["sql"].split()[0] for each in queries.captured_queries} == {"SELECT"}


def contents() -> list[str]:
    kept: tuple[type[Model], ...] = (
        Job,
        Schedule,
        Execution,
        ExecutionOutput,
        Node,
        SchedulerState,
        AuditEntry,
        WorkCalendar,
    )
    return [serializers.serialize("json", model._default_manager.all()) for model in kept]


def test_travel_that_fails_gives_the_real_database_back(monkeypatch: pytest.MonkeyPatch) -> None:
    create()

    def fail(**options: Any) -> None:
        raise RuntimeError("lost in time")

    monkeypatch.setattr("scheduler.management.commands.timetravel.travel", fail)
    with pytest.raises(RuntimeError):
        call_command("timetravel", *DAY)

    assert Job.objects.exists()


def test_stored_next_run_stands_however_the_database_writes_json(capsys: pytest.CaptureFixture[str]) -> None:
    create(next_run_time="2999-01-01T05:17:00+00:00")

    first = printed(capsys, "--from", "2999-01-01", "--to", "2999-01-02T00:00")[0]

    assert first == "2999-01-01 13:17:00+08:00  2999-01-01 05:17:00Z  job  succeeded"


def test_instants_without_offset_are_in_the_zone_of_the_scheduler(
    capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.SCHEDULER_TIMEZONE = "Asia/Shanghai"

    (summary,) = printed(capsys, "--from", "2026-09-28", "--to", "2026-09-29")

    assert summary == "0 rows of 0 jobs from 2026-09-27 16:00:00Z to 2026-09-28 16:00:00Z: none."


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("--from", "soon", "--to", "2026-09-29"), "--from"),
        (("--from", "2026-09-28", "--to", "whenever"), "--to"),
        (("--from", "2026-09-28", "--to", "2026-09-27"), "--to"),
        ((*DAY, "--job", "nobody"), "--job"),
        ((*DAY, "--takes", "-1"), "--takes"),
        ((*DAY, "--takes", "nan"), "--takes"),
        ((*DAY, "--down", "2026-09-28", "later"), "--down"),
        ((*DAY, "--down", "2026-09-28T03:00", "2026-09-28T02:00"), "--down"),
    ],
)
def test_error_names_the_option(arguments: tuple[str, ...], option: str) -> None:
    with pytest.raises(CommandError, match=f"^{option}: "):
        call_command("timetravel", *arguments)
