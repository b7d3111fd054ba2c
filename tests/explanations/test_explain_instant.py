"""Why a job did, or did not, run: with the rows that services and engine write, while the clock moves on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from time_machine import Traveller

from scheduler.actors import acting
from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.explanations import Explanation, explain_instant
from scheduler.models import Execution, Job, Node, Schedule, Status
from scheduler.services import control
from scheduler.services.calendars import change_calendar, create_calendar, set_days
from scheduler.services.jobs import change_job, create_job, delete_job, pause_job, resume_job
from scheduler.services.pauses import end_pauses
from scheduler.services.runs import run_job
from scheduler.services.schedules import sync_stale_schedules
from scheduler.services.windows import create_window
from scheduler.triggers import SpecialDay

pytestmark = pytest.mark.django_db

QUERIES = 10
DAY = datetime(2026, 6, 1, tzinfo=UTC)
HOURLY = {"trigger": "cron", "minute": 0}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    """A clock that stands still, at 8 o'clock to begin with."""
    with time_machine.travel(DAY + timedelta(hours=8), tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def alice() -> Iterator[None]:
    """Somebody who does all that is done."""
    with acting(name="alice", source="rest"):
        yield


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def add(**more: Any) -> Job:
    return create_job({"id": "job", "func": "jobs:nothing", **({} if "trigger" in more else HOURLY), **more})


def why(text: str, job_id: str = "job") -> Explanation:
    return explain_instant(job_id, text, now=timezone.now())


def ran(moment: datetime, *, job_id: str = "job", **more: Any) -> Execution:
    """Do what the engine does with an occurrence, and move the schedule on."""
    Schedule.objects.filter(pk=job_id).update(next_run_time=moment + timedelta(hours=1))
    fields = {"status": Status.SUCCEEDED, "created_at": moment, **more}
    return Execution.objects.create(job_id=job_id, scheduled_for=moment, revision=1, **fields)


def test_occurrence_that_ran_names_its_execution() -> None:
    add()
    execution = ran(at(9))

    explanation = why("2026-06-01T09:00")

    assert explanation.verdict == "succeeded"
    assert [each.pk for each in explanation.executions] == [execution.pk]
    assert (explanation.before, explanation.after) == (at(8), at(10))


def test_folded_occurrence_is_found_in_the_row_that_stands_for_it() -> None:
    add()
    ran(at(12), first_scheduled_for=at(9), occurrences=4)

    assert why("2026-06-01T10:00").verdict == "folded"
    assert why("2026-06-01T10:30").verdict == "not_an_occurrence"


def test_instants_before_between_and_after_a_jobs_lives(clock: Traveller) -> None:
    add()
    clock.move_to(at(9.5))
    delete_job("job")
    clock.move_to(at(11.5))
    add(trigger="cron", minute=15)

    assert why("2026-06-01T07:00").verdict == "not_created"
    assert why("2026-06-01T10:00").sentence == (
        "The job was deleted by alice (REST) at 2026-06-01 09:30:00 UTC. "
        "It was created again by alice (REST) at 2026-06-01 11:30:00 UTC."
    )
    assert why("2026-06-01T12:00").verdict == "not_an_occurrence"
    assert why("2026-06-01T12:15").verdict == "to_come"


def test_definition_of_a_deleted_job_is_remembered(clock: Traveller) -> None:
    add(timezone="Asia/Shanghai")
    ran(at(9))
    clock.move_to(at(11.5))
    delete_job("job")

    assert why("2026-06-01T17:00").verdict == "succeeded"
    assert why("2026-06-01T17:30").verdict == "not_an_occurrence"
    assert why("2026-06-01T20:00").verdict == "deleted"


def test_trigger_of_that_time_counts_and_not_the_present_one(clock: Traveller) -> None:
    add()
    ran(at(9))
    clock.move_to(at(9.5))
    change_job("job", {"trigger": "cron", "minute": 15})
    ran(at(10.25))
    clock.move_to(at(11))
    change_job("job", {"trigger": "cron", "minute": 45})

    assert why("2026-06-01T09:15").verdict == "not_an_occurrence"
    assert "it was changed by alice (REST) at 2026-06-01 09:30:00 UTC." in why("2026-06-01T09:15").sentence
    assert why("2026-06-01T10:15").verdict == "succeeded"
    assert why("2026-06-01T10:45").verdict == "not_an_occurrence"
    assert why("2026-06-01T11:45").sentences == [
        "It will be due at 2026-06-01 11:45:00 UTC.",
        "There is no record of any node.",
    ]


def test_pause_is_told_for_the_time_that_it_lasted(clock: Traveller) -> None:
    add()
    clock.move_to(at(8.5))
    pause_job("job")
    clock.move_to(at(10.5))
    with acting(name="bob", source="admin"):
        resume_job("job")

    assert why("2026-06-01T10:00").sentences[0] == "The job was paused by alice (REST) at 2026-06-01 08:30:00 UTC."
    assert why("2026-06-01T11:00").verdict == "to_come"


def test_pause_past_the_services_is_told_from_when_it_was_noticed(clock: Traveller) -> None:
    add()
    clock.move_to(at(8.5))
    Job.objects.update(paused=True)
    sync_stale_schedules(now=at(8.5), limit=10)
    clock.move_to(at(10.5))

    assert why("2026-06-01T10:00").sentence == "The job was paused by somebody unknown at 2026-06-01 08:30:00 UTC."


def test_job_that_was_added_paused_says_by_whom(clock: Traveller) -> None:
    add(next_run_time=None)
    clock.move_to(at(10.5))

    assert why("2026-06-01T10:00").sentence == "The job was paused by alice (REST) at 2026-06-01 08:00:00 UTC."


def test_next_run_set_by_hand_is_told(clock: Traveller) -> None:
    add()
    clock.move_to(at(8.5))
    change_job("job", {"next_run_time": at(11).isoformat()})
    clock.move_to(at(9.5))

    assert why("2026-06-01T09:00").verdict == "begins_later"
    assert why("2026-06-01T11:00").verdict == "to_come"
    resume_job("job")
    assert why("2026-06-01T10:00").verdict == "to_come"


def test_job_that_was_created_within_the_minute_existed_at_its_end(clock: Traveller) -> None:
    clock.move_to(at(9) + timedelta(seconds=20))
    add(trigger="cron", second="30")

    assert why("2026-06-01T09:00").verdict == "to_come"


def test_finished_job_is_told_and_what_replaced_it_too(clock: Traveller) -> None:
    add(trigger="date", run_date=at(9).isoformat())
    ran(at(9))
    Job.objects.update(finished_at=at(9))
    Schedule.objects.update(next_run_time=None)
    clock.move_to(at(12.5))
    assert why("2026-06-01T10:00").verdict == "finished"

    add()

    assert why("2026-06-01T10:00").verdict == "finished"
    assert why("2026-06-01T09:00").verdict == "succeeded"
    assert why("2026-06-01T07:00").verdict == "not_created"
    assert why("2026-06-01T13:00").verdict == "to_come"


def test_due_occurrence_says_that_the_scheduler_is_paused(clock: Traveller) -> None:
    add()
    control.pause_scheduler()
    clock.move_to(at(10.5))

    explanation = why("2026-06-01T09:00")

    assert explanation.verdict == "due"
    assert "The whole scheduler was paused by alice (REST) at 2026-06-01 08:00:00 UTC." in explanation.sentences


def node(started_at: datetime, heartbeat_at: datetime) -> None:
    Node.objects.create(
        name="n", host="h", pid=1, version="0", threads=1, started_at=started_at, heartbeat_at=heartbeat_at,
        last_turn_at=heartbeat_at,
    )  # fmt: skip


def test_missed_occurrence_says_from_when_to_when_no_node_was_there(clock: Traveller) -> None:
    add()
    node(at(6), at(8.75))
    node(at(11), at(12))
    clock.move_to(at(12))
    ran(at(9), status=Status.MISSED, reason="7200 s late.", created_at=at(11))

    assert why("2026-06-01T09:00").sentences[1] == (
        "No node was running from 2026-06-01 08:45:00 UTC to 2026-06-01 11:00:00 UTC."
    )


def test_node_that_was_there_is_no_gap() -> None:
    add()
    node(at(6), at(12))
    ran(at(9), status=Status.MISSED, reason="Late.", created_at=at(11))

    assert len(why("2026-06-01T09:00").sentences) == 1


@pytest.mark.parametrize(("policy", "then"), [("skip", "It will not run."), ("once", "It will run at")])
def test_what_lies_ahead_in_a_maintenance_window_says_what_becomes_of_it(policy: str, then: str) -> None:
    add(maintenance=policy)
    start = {"trigger": "date", "run_date": at(32.5).isoformat()}
    create_window({"name": "move", **start, "duration_seconds": 3600})

    due, sentence, reason = why("2026-06-02T09:00").sentences[:3]

    assert due.startswith("It will be due at 2026-06-02 09:00")
    assert sentence.startswith(then)
    assert "maintenance window move" in reason


def test_calendar_that_was_changed_since_is_told(clock: Traveller) -> None:
    for name in ("work", "WORK"):
        create_calendar({"name": name})
    add(calendar="work")
    ran(at(9))
    clock.move_to(at(11))
    set_days("WORK", {DAY.date(): SpecialDay(is_working=False)})
    change_calendar("work", {"description": "Ours"})
    assert "calendar" not in why("2026-06-01T10:00").sentence

    set_days("work", {DAY.date(): SpecialDay(is_working=False)})

    ran_then, did_not, to_come = (why(f"2026-06-01T{hour}:00") for hour in ("09", "10", "12"))
    assert [each.verdict for each in (ran_then, did_not, to_come)] == ["succeeded", "excluded", "excluded"]
    changed = (
        "The calendar work was changed by alice (REST) at 2026-06-01 11:00:00 UTC; this goes by the calendar of now."
    )
    assert ran_then.sentences[-1] == did_not.sentences[-1] == changed
    assert "changed" not in to_come.sentence


# What lies ahead may be in a maintenance window, which takes one more.
@pytest.mark.parametrize(("hour", "more"), [("09:00", 1), ("09:30", 0), ("23:00", 1), ("07:00", 0)])
def test_explanation_costs_a_constant_number_of_statements(
    hour: str, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add()
    ran(at(9))
    run_job("job")
    for second in range(1, 30):
        ran(at(9) + timedelta(seconds=second))

    with django_assert_num_queries(QUERIES + more):
        why(f"2026-06-01T{hour}")


def test_job_of_which_nothing_is_on_record_is_not_found() -> None:
    with pytest.raises(JobNotFound):
        why("2026-06-01T09:00", "nowhere")


def test_executions_alone_are_enough_to_tell() -> None:
    Execution.objects.create(job_id="gone", scheduled_for=at(9), revision=1, created_at=at(9), status=Status.FAILED)

    assert why("2026-06-01T09:00", "gone").verdict == "failed"
    assert why("2026-06-01T10:00", "gone").verdict == "deleted"


@pytest.mark.parametrize("trigger", [None, [], "x", {}, {"trigger": "cron", "minute": 99}])
def test_trigger_that_cannot_be_read_is_said(trigger: Any) -> None:
    add()
    Job.objects.update(trigger=trigger if trigger is not None else {"trigger": None})

    assert why("2026-06-01T09:00").verdict == "unknown"


@pytest.mark.parametrize("text", ["0001-01-02T09:00", "9999-12-30T09:00", "2026-06-01T09:00:00.000001"])
def test_far_and_exact_instants_can_be_asked_about(text: str) -> None:
    add()

    assert why(text).verdict in ("not_created", "to_come", "not_an_occurrence")


def test_instant_that_is_none_is_an_error() -> None:
    add()

    with pytest.raises(InvalidInput, match="at: "):
        why("whenever")


def test_pause_is_explained_by_whom_since_when_why_and_until_when(clock: Traveller) -> None:
    add()
    pause_job("job", reason="the disk is full", until=at(12))
    clock.move_to(at(9.5))

    explanation = why("2026-06-01T09:00")

    assert explanation.verdict == "paused"
    assert explanation.sentences == [
        "The job was paused by alice (REST) at 2026-06-01 08:00:00 UTC.",
        "The reason that was given: the disk is full",
        "It resumes by itself at 2026-06-01 12:00:00 UTC.",
    ]


def test_pause_that_is_over_is_still_explained(clock: Traveller) -> None:
    add()
    pause_job("job", reason="the disk is full", until=at(12))
    clock.move_to(at(12))
    end_pauses(now=at(12), limit=10)
    clock.move_to(at(13))

    assert why("2026-06-01T09:00").sentences == [
        "The job was paused by alice (REST) at 2026-06-01 08:00:00 UTC.",
        "The reason that was given: the disk is full",
        "It was paused until 2026-06-01 12:00:00 UTC.",
    ]


def test_later_pause_is_the_one_that_is_explained(clock: Traveller) -> None:
    add()
    pause_job("job", reason="for a while", until=at(12))
    clock.move_to(at(9.5))
    with acting(name="bob", source="admin"):
        pause_job("job", reason="for good")
    clock.move_to(at(13))

    assert "for a while" in why("2026-06-01T09:00").sentence
    assert "bob" in why("2026-06-01T10:00").sentence
    assert "for good" in why("2026-06-01T10:00").sentence


def test_what_comes_after_the_end_of_a_pause_is_to_come() -> None:
    add()
    pause_job("job", until=at(12))

    assert why("2026-06-01T12:00").verdict == "to_come"
    assert why("2026-06-01T11:00").verdict == "paused"


def test_pause_whose_end_no_node_has_seen_is_not_what_keeps_the_job(clock: Traveller) -> None:
    add()
    pause_job("job", until=at(12))
    clock.move_to(at(13.5))

    explanation = why("2026-06-01T13:00")

    assert explanation.verdict == "due"
    assert "ended at 2026-06-01 12:00:00 UTC" in explanation.sentences[0]
    assert "There is no record of any node." in explanation.sentences
