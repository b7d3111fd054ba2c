"""How a job and the scheduler stood, by undoing what was done since."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.explanations.history import Past, job_then, scheduler_between, scheduler_now, scheduler_then
from scheduler.models import Action, AuditEntry, Job, SchedulerState

pytestmark = pytest.mark.pure

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(action: Action, hours: float, **changes: list[Any]) -> AuditEntry:
    return AuditEntry(action=action, at=NINE + hours * HOUR, details=changes)


def job(**columns: Any) -> Job:
    return Job(**{"pk": "job", "trigger": {"trigger": "c"}, "timezone": "UTC", "created_at": NINE - HOUR, **columns})


def test_first_change_since_says_what_was_there_before_it() -> None:
    later = [
        entry(Action.CHANGED, 1, name=["x", "y"]),
        entry(Action.CHANGED, 2, trigger=['{"trigger": "a"}', '{"trigger": "b"}']),
        entry(Action.CHANGED, 3, trigger=['{"trigger": "b"}', '{"trigger": "c"}'], timezone=["Asia/Shanghai", "UTC"]),
    ]

    then = job_then(job(), Past(later=later), NINE)

    assert (then.trigger, then.timezone, then.to_be_changed) == ({"trigger": "a"}, "Asia/Shanghai", later[1])


def test_what_never_changed_since_is_what_is_there_now() -> None:
    then = job_then(job(paused=True), Past(later=[entry(Action.CHANGED, 1, name=["x", "y"])]), NINE)

    assert (then.trigger, then.is_paused, then.to_be_changed) == ({"trigger": "c"}, True, None)


def test_where_not_all_is_read_that_was_done_since_nothing_is_made_up() -> None:
    then = job_then(job(), Past(is_whole=False), NINE)

    assert (then.trigger, then.timezone) == (None, None)


def test_trigger_that_cannot_be_read_any_more_is_not_on_record() -> None:
    assert job_then(job(), Past(later=[entry(Action.CHANGED, 1, trigger=["{…", "{}"])]), NINE).trigger is None


def test_pause_counts_until_it_was_ended() -> None:
    pause, resume = entry(Action.PAUSED, -2, paused=[False, True]), entry(Action.RESUMED, -1, paused=[True, False])

    assert job_then(job(paused=True), Past(earlier=[pause]), NINE).paused == pause
    assert job_then(job(), Past(earlier=[resume, pause]), NINE).paused is None


def test_next_run_set_by_hand_counts_until_the_schedule_is_moved_again() -> None:
    begin = entry(Action.CHANGED, -2, next_run_time=[None, (NINE + HOUR).isoformat()])
    change = entry(Action.CHANGED, -1, trigger=["{}", "{}"])

    assert job_then(job(), Past(earlier=[begin]), NINE).begins_at == NINE + HOUR
    assert job_then(job(), Past(earlier=[change, begin]), NINE).begins_at is None


def test_past_can_be_seen_from_an_earlier_instant() -> None:
    entries = [entry(Action.PAUSED, hours) for hours in (1, 0.5, -1)]

    past = Past(earlier=entries, later=[entry(Action.RESUMED, 2)]).at(NINE)

    assert [each.at for each in past.earlier] == [NINE - HOUR]
    assert [each.at for each in past.later] == [NINE + 0.5 * HOUR, NINE + HOUR, NINE + 2 * HOUR]


PAUSED = entry(Action.SCHEDULER_PAUSED, -1, desired=["running", "paused"])
RESUMED = entry(Action.SCHEDULER_RESUMED, 1, desired=["paused", "running"])
STOPPED = entry(Action.SCHEDULER_STOPPED, 2, desired=["running", "stopped"])


def test_scheduler_stood_as_it_was_told_last_or_as_it_was_before_it_was_told_first() -> None:
    assert scheduler_then(None, Past(earlier=[PAUSED]), NINE).entry == PAUSED
    assert scheduler_then(None, Past(later=[RESUMED]), NINE).desired == "paused"
    assert scheduler_then(None, Past(), NINE).is_running


def test_scheduler_that_was_told_by_hand_has_its_row_to_tell() -> None:
    state = SchedulerState(desired="paused", changed_at=NINE - HOUR)

    assert scheduler_then(state, Past(), NINE).since == NINE - HOUR
    assert scheduler_then(state, Past(), NINE - 2 * HOUR).is_running


def test_first_halt_after_the_instant_counts_where_it_came_in_time() -> None:
    past = Past(later=[STOPPED])

    assert scheduler_between(None, past, NINE, NINE + 3 * HOUR).entry == STOPPED
    assert scheduler_between(None, past, NINE, NINE + HOUR).is_running


def test_present_state_names_an_entry_only_if_that_is_what_was_told() -> None:
    past = Past(earlier=[PAUSED], later=[RESUMED, STOPPED])

    assert scheduler_now(SchedulerState(desired="stopped", changed_at=NINE), past).entry == STOPPED
    assert scheduler_now(SchedulerState(desired="paused", changed_at=NINE), past).entry is None
    assert scheduler_now(None, past).is_running
