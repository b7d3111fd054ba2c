"""A pause has a reason and an end: the job resumes by itself, once, and whoever operates it comes first."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from time_machine import Traveller

from scheduler.actors import acting
from scheduler.exceptions import InvalidInput
from scheduler.models import LONGEST_PAUSE_REASON, AuditEntry, Job, Schedule
from scheduler.services.jobs import change_job, create_job, pause_job, resume_job
from scheduler.services.pause_fields import Pause, read_pause
from scheduler.services.pauses import end_pauses
from scheduler.services.schedules import sync_stale_schedules
from tests.services.rows import HOURLY, LATER, NEXT_HOURLY, NOW, executions_of, make_job, next_run_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

UNTIL = NOW + timedelta(hours=2)
# The first occurrence after the end of the pause.
AFTER = datetime(2026, 6, 1, 14, 30, tzinfo=UTC)


def end(now: datetime = UNTIL) -> int:
    return end_pauses(now=now, limit=100)


def pause_of(job_id: str = "job") -> tuple[bool, datetime | None, str]:
    job = Job.objects.get(pk=job_id)
    return job.paused, job.paused_until, job.pause_reason


def resumptions() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action="resumed"))


def test_pause_keeps_its_reason_and_its_end() -> None:
    make_job()

    pause_job("job", reason="the disk is full", until=UNTIL)

    assert pause_of() == (True, UNTIL, "the disk is full")
    assert next_run_of() is None


def test_pause_is_written_down_with_its_reason_and_its_end() -> None:
    make_job()

    pause_job("job", reason="the disk is full", until=UNTIL)

    assert AuditEntry.objects.get(action="paused").details == {
        "paused": [False, True],
        "paused_until": [None, UNTIL.isoformat()],
        "pause_reason": ["", "the disk is full"],
    }


@pytest.mark.parametrize("until", [NOW, NOW - timedelta(seconds=1)])
def test_pause_cannot_end_before_it_begins(until: datetime) -> None:
    make_job()

    with pytest.raises(InvalidInput) as error:
        pause_job("job", until=until)

    assert list(error.value.errors) == ["until"]
    assert pause_of()[0] is False


def test_job_stays_paused_up_to_the_end() -> None:
    make_job()
    pause_job("job", until=UNTIL)

    assert end(UNTIL - timedelta(microseconds=1)) == 0
    assert pause_of()[0] is True


def test_job_resumes_at_the_end() -> None:
    make_job()
    pause_job("job", reason="the disk is full", until=UNTIL)

    end(UNTIL)

    assert pause_of() == (False, None, "")
    assert next_run_of() == AFTER


def test_job_resumes_once_and_that_is_written_down() -> None:
    make_job()
    pause_job("job", reason="the disk is full", until=UNTIL)

    with acting(name="tokyo-1", source="engine"):
        end()
        end()

    (entry,) = resumptions()
    assert (entry.actor, entry.source) == ("tokyo-1", "engine")
    assert entry.change_of("paused") == (True, False)
    assert entry.change_of("paused_until") == (UNTIL.isoformat(), None)


def test_what_came_due_after_the_end_while_no_node_was_there_is_due_at_once() -> None:
    make_job()
    pause_job("job", until=UNTIL)

    end(UNTIL + timedelta(days=3))

    assert next_run_of() == AFTER


def test_what_came_due_during_the_pause_is_gone() -> None:
    make_job()
    pause_job("job", until=UNTIL)

    end(UNTIL + timedelta(days=3))

    assert executions_of() == []


def test_one_shot_job_whose_instant_came_during_the_pause_is_due_at_its_end() -> None:
    make_job(trigger="date", run_date=(NOW + timedelta(hours=1)).isoformat())
    pause_job("job", until=UNTIL)

    end()

    assert next_run_of() == NOW + timedelta(hours=1)


def test_job_without_an_occurrence_left_finishes() -> None:
    make_job(trigger="interval", hours=1, start_date=NOW.isoformat(), end_date=(NOW + timedelta(hours=1)).isoformat())
    pause_job("job", until=UNTIL)

    end()

    assert Job.objects.get().finished_at == UNTIL
    assert pause_of() == (False, None, "")


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({}, (True, None, "")),
        ({"reason": "for good"}, (True, None, "for good")),
        ({"until": UNTIL + timedelta(hours=1)}, (True, UNTIL + timedelta(hours=1), "")),
    ],
)
def test_later_pause_of_an_operator_wins(later: dict[str, Any], expected: Any) -> None:
    make_job()
    pause_job("job", reason="for a while", until=UNTIL)
    pause_job("job", **later)

    end()

    assert pause_of() == expected
    assert next_run_of() is None
    assert resumptions() == []


def test_operator_who_resumes_before_the_end_wins() -> None:
    make_job()
    pause_job("job", reason="for a while", until=UNTIL)
    resume_job("job")
    pause_job("job")

    end()

    assert pause_of() == (True, None, "")


def test_resumed_job_has_no_reason_any_more() -> None:
    make_job()
    pause_job("job", reason="for a while", until=UNTIL)

    resume_job("job")

    assert pause_of() == (False, None, "")
    assert next_run_of() == NEXT_HOURLY


def test_edit_that_wakes_the_job_forgets_the_pause() -> None:
    make_job()
    pause_job("job", reason="for a while", until=UNTIL)

    change_job("job", HOURLY)

    assert pause_of() == (False, None, "")
    (entry,) = resumptions()
    assert entry.change_of("pause_reason") == ("for a while", "")


def test_edit_that_lets_it_sleep_keeps_the_pause() -> None:
    make_job()
    pause_job("job", reason="for a while", until=UNTIL)

    change_job("job", {**HOURLY, "name": "edited", "next_run_time": None})

    assert pause_of() == (True, UNTIL, "for a while")


def test_new_definition_of_a_finished_job_is_not_paused(clock: Traveller) -> None:
    make_job()
    pause_job("job", reason="for a while", until=UNTIL)
    Job.objects.update(finished_at=NOW)

    create_job({"id": "job", "func": "jobs:nothing", **HOURLY})

    assert pause_of() == (False, None, "")


def test_end_that_somebody_writes_past_the_services_holds() -> None:
    make_job()
    Job.objects.update(paused=True, paused_until=UNTIL)
    sync_stale_schedules(now=NOW, limit=10)

    end()

    assert pause_of()[0] is False
    assert next_run_of() == AFTER


def test_pause_past_the_services_that_no_node_has_seen_yet_comes_first() -> None:
    make_job()
    Job.objects.update(paused=True, paused_until=UNTIL)

    end()
    assert pause_of()[0] is True

    sync_stale_schedules(now=UNTIL, limit=10)
    end()
    assert pause_of()[0] is False


def test_resumption_past_the_services_forgets_the_pause() -> None:
    make_job()
    pause_job("job", reason="for a while", until=UNTIL)

    Job.objects.update(paused=False)
    sync_stale_schedules(now=NOW, limit=10)

    assert pause_of() == (False, None, "")
    assert next_run_of() == NEXT_HOURLY


def test_end_without_a_pause_changes_no_schedule() -> None:
    make_job()
    Job.objects.update(paused_until=UNTIL)
    Schedule.objects.update(next_run_time=LATER)

    end()

    assert pause_of() == (False, None, "")
    assert next_run_of() == LATER
    assert resumptions() == []


def test_job_whose_trigger_cannot_be_read_hinders_no_other() -> None:
    for job_id in ("broken", "whole"):
        make_job(job_id)
        pause_job(job_id, until=UNTIL)
    Job.objects.filter(pk="broken").update(trigger={"trigger": "nonsense"}, synced_trigger='{"trigger": "nonsense"}')
    sync_stale_schedules(now=NOW, limit=10)

    end()

    assert pause_of("broken") == pause_of("whole") == (False, None, "")
    assert Job.objects.get(pk="broken").problem
    assert next_run_of("broken") is None
    assert next_run_of("whole") == AFTER


def test_no_more_are_ended_at_once_than_is_said() -> None:
    for job_id in ("a", "b", "c"):
        make_job(job_id)
        pause_job(job_id, until=UNTIL)

    assert end_pauses(now=UNTIL, limit=2) == 2
    assert Job.objects.filter(paused=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_nodes_that_see_the_end_at_once_resume_the_job_once() -> None:
    make_job()
    pause_job("job", until=UNTIL)
    barrier, errors = threading.Barrier(4), list[Exception]()

    def look() -> None:
        barrier.wait(10)
        try:
            end()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _node in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    assert len(resumptions()) == 1
    assert next_run_of() == AFTER


@pytest.mark.parametrize(
    ("sent", "pause"),
    [
        ({}, Pause()),
        ({"reason": None, "until": None}, Pause()),
        ({"reason": " the disk is full ", "until": ""}, Pause(reason="the disk is full")),
        ({"until": "2026-06-01T22:00:00"}, Pause(until=UNTIL)),
        ({"until": "2026-06-01T14:00:00Z"}, Pause(until=UNTIL)),
        ({"until": UNTIL}, Pause(until=UNTIL)),
    ],
)
def test_pause_is_read_in_a_zone(sent: dict[str, Any], pause: Pause) -> None:
    assert read_pause(sent, zone=ZoneInfo("Asia/Shanghai"), now=NOW) == pause


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"reason": 3}, ["reason"]),
        ({"reason": "x" * (LONGEST_PAUSE_REASON + 1)}, ["reason"]),
        ({"reason": "\0"}, ["reason"]),
        ({"reason": "\ud800"}, ["reason"]),
        ({"until": "soon"}, ["until"]),
        ({"until": 3}, ["until"]),
        ({"until": "9999-12-31T00:00:00Z"}, ["until"]),
        ({"until": NOW.isoformat(), "reason": []}, ["reason", "until"]),
    ],
)
def test_pause_that_means_nothing_is_refused(sent: dict[str, Any], wrong: list[str]) -> None:
    with pytest.raises(InvalidInput) as error:
        read_pause(sent, zone=UTC, now=NOW)

    assert sorted(error.value.errors) == wrong
