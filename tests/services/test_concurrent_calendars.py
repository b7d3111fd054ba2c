"""Many hands on calendars and on jobs that name them: no schedule follows a calendar that is no more."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection, transaction

from scheduler.exceptions import CalendarInUse, CalendarNotFound, InvalidInput, JobAlreadyExists, JobNotFound
from scheduler.models import Job, Schedule, WorkCalendar
from scheduler.services.calendars import create_calendar, delete_calendar, set_days
from scheduler.services.jobs import change_job, create_job, delete_job
from scheduler.triggers import SpecialDay
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TUESDAY, WEDNESDAY = (datetime(2026, 6, day, 9, tzinfo=UTC) for day in (2, 3))
DAILY = {"trigger": "cron", "hour": "9", "calendar": "ours", "timezone": "UTC"}
OFF = SpecialDay(is_working=False)
ROUNDS = 10


def in_background(work: Callable[[], object], errors: list[Exception]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("verb", ["create", "change"])
def test_job_that_is_written_while_its_calendar_changes_follows_the_change(verb: str) -> None:
    errors: list[Exception] = []
    with time_machine.travel(NOW, tick=True):
        create_calendar({"name": "ours"})
        if verb == "change":
            create_job({"id": "job", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
        began = threading.Event()

        def write() -> None:
            began.set()
            if verb == "create":
                create_job({"id": "job", "func": "jobs:nothing", **DAILY})
            else:
                change_job("job", DAILY)

        with transaction.atomic():
            set_days("ours", {date(2026, 6, 2): OFF})
            thread = in_background(write, errors)
            wait_for(began.is_set, what="the other to begin")
            # Long enough to pass by, were there nothing to wait for.
            thread.join(0.3)
        thread.join(30)

    assert errors == []
    assert Schedule.objects.get().next_run_time == WEDNESDAY


def test_changes_of_calendars_and_jobs_at_once_never_fail_each_other() -> None:
    create_calendar({"name": "ours"})
    errors: list[Exception] = []

    def edit_days() -> None:
        for number in range(ROUNDS):
            with suppress(CalendarNotFound):
                set_days("ours", {date(2026, 6, 2): OFF if number % 2 else None})

    def recreate_job() -> None:
        for _round in range(ROUNDS):
            with suppress(JobAlreadyExists, InvalidInput):
                create_job({"id": "job", "func": "jobs:nothing", **DAILY})
            with suppress(JobNotFound, InvalidInput):
                change_job("job", {**DAILY, "hour": "10"})
            with suppress(JobNotFound):
                delete_job("job")

    def recreate_calendar() -> None:
        for _round in range(ROUNDS):
            with suppress(CalendarInUse, CalendarNotFound):
                delete_calendar("ours")
                create_calendar({"name": "ours"})

    threads = [in_background(work, errors) for work in (edit_days, recreate_job, recreate_calendar, recreate_job)]
    for thread in threads:
        thread.join(120)

    assert errors == []
    assert WorkCalendar.objects.exists() or not Job.objects.exists()
