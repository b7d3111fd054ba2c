"""What can be done to a job."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from time_machine import Traveller

from scheduler.exceptions import InvalidInput, JobAlreadyExists, JobNotFound
from scheduler.models import Execution, Job, Schedule, Status
from scheduler.services.jobs import change_job, create_job, delete_job, pause_job, resume_job
from scheduler.services.runs import run_job
from tests.services.rows import HOURLY, LATER, NEXT_HOURLY, NOW, executions_of, make_job, next_run_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ONCE: dict[str, Any] = {"trigger": "date", "run_date": "2026-06-01T13:00:00+00:00"}
OVER: dict[str, Any] = {
    "trigger": "interval",
    "hours": 1,
    "start_date": "2026-01-01",
    "end_date": "2026-06-01T12:45:00",
}


def finish(job_id: str = "job") -> None:
    """Do what the engine does with the last occurrence of a job."""
    Job.objects.filter(pk=job_id).update(finished_at=NOW)
    Schedule.objects.filter(pk=job_id).update(next_run_time=None)


def test_created_job_is_scheduled_and_agrees_with_its_schedule() -> None:
    job = make_job()

    assert next_run_of() == NEXT_HOURLY
    assert job.revision == 1
    assert not Job.objects.stale().exists()
    assert bytes(Schedule.objects.get().job_state) == b""


def test_job_without_trigger_is_due_at_once() -> None:
    make_job(trigger=None)

    assert next_run_of() == NOW


def finished_job_with_a_run(status: Status) -> None:
    job = make_job(**ONCE)
    finish()
    Execution.objects.create(job=job, scheduled_for=NOW, status=status, revision=1, created_at=NOW)


def test_id_of_a_finished_job_is_taken_while_a_run_of_it_waits() -> None:
    finished_job_with_a_run(Status.QUEUED)

    with pytest.raises(JobAlreadyExists):
        make_job()

    assert Job.objects.get().trigger["trigger"] == "date"
    assert make_job(replace_existing=True).revision == 2


def test_id_of_a_finished_job_is_free_while_its_last_run_goes_on() -> None:
    finished_job_with_a_run(Status.RUNNING)

    assert make_job().revision == 2


def test_job_added_paused_has_no_next_run() -> None:
    job = make_job(next_run_time=None)

    assert job.paused
    assert next_run_of() is None


def test_job_may_begin_at_another_moment_than_its_trigger_says() -> None:
    make_job(next_run_time="2026-06-01T18:00:00")

    assert next_run_of() == LATER


def test_schedule_that_is_over_is_kept_without_a_next_run() -> None:
    job = make_job(trigger="cron", year=2001)

    assert (next_run_of(), job.finished_at) == (None, None)


def test_taken_id_is_refused() -> None:
    make_job(name="first")

    with pytest.raises(JobAlreadyExists, match=r"Job job already exists\."):
        make_job(name="second")

    assert Job.objects.get().name == "first"


def test_invalid_job_leaves_nothing() -> None:
    with pytest.raises(InvalidInput):
        make_job(func="jobs:nosuch")

    assert not Job.objects.exists()
    assert not Schedule.objects.exists()


def test_finished_job_is_replaced_and_its_history_stays() -> None:
    make_job(args=[], name="old", **ONCE)
    run_job("job")
    finish()
    Execution.objects.update(status=Status.SUCCEEDED)

    job = make_job(name="new", **ONCE)

    assert (job.name, job.revision, job.finished_at) == ("new", 2, None)
    assert Job.objects.get().finished_at is None
    assert next_run_of() == NOW + timedelta(hours=1)
    assert len(executions_of()) == 1


def test_replace_existing_replaces_everything() -> None:
    make_job(func="jobs:add", args=[1], coalesce=False, next_run_time=None)

    job = make_job(func="jobs:fail", replace_existing=True)

    job.refresh_from_db()
    assert (job.func, job.args, job.coalesce, job.paused, job.revision) == ("jobs:fail", [], True, False, 2)
    assert next_run_of() == NEXT_HOURLY


def test_change_to_the_present_changes_nothing() -> None:
    job = make_job(func="jobs:add", args=[1], name="same", coalesce=False, max_instances=3)
    before = Job.objects.values().get()

    change_job(
        "job", {"func": "jobs:add", "args": [1], "name": "same", "coalesce": False, "max_instances": 3, **HOURLY}
    )

    assert Job.objects.values().get() == before
    assert next_run_of() == NEXT_HOURLY
    assert job.revision == 1


def test_change_of_the_definition_counts_a_revision_and_keeps_the_next_run() -> None:
    make_job(next_run_time="2026-06-01T18:00:00")

    job = change_job("job", {"name": "renamed", "max_instances": 2})

    job.refresh_from_db()
    assert (job.name, job.max_instances, job.revision) == ("renamed", 2, 2)
    assert next_run_of() == LATER


def test_change_of_the_next_run_counts_no_revision() -> None:
    make_job()

    job = change_job("job", {"next_run_time": "2026-06-01T18:00:00"})

    job.refresh_from_db()
    assert job.revision == 1
    assert next_run_of() == LATER


def test_change_of_the_trigger_computes_the_next_run() -> None:
    make_job()

    job = change_job("job", {"trigger": "cron", "hour": 18})

    job.refresh_from_db()
    assert (job.trigger, job.revision, job.stale) == ({"trigger": "cron", "hour": "18"}, 2, 0)
    assert next_run_of() == LATER


def test_trigger_without_start_date_starts_afresh(clock: Traveller) -> None:
    make_job(trigger="interval", hours=1)
    clock.move_to(NOW + timedelta(minutes=10))

    change_job("job", {"trigger": "interval", "hours": 1})

    assert next_run_of() == NOW + timedelta(minutes=70)


def test_new_trigger_wakes_a_paused_job_and_other_changes_do_not() -> None:
    make_job(next_run_time=None)

    assert change_job("job", {"name": "still asleep"}).paused
    assert not change_job("job", {"trigger": "cron", "hour": 18}).paused
    assert next_run_of() == LATER


def test_new_trigger_with_next_run_time_null_stays_paused() -> None:
    make_job()

    job = change_job("job", {"trigger": "cron", "hour": 18, "next_run_time": None})

    assert job.paused
    assert next_run_of() is None


def test_change_revives_a_finished_job() -> None:
    make_job(**ONCE)
    finish()

    job = change_job("job", {"trigger": "cron", "hour": 18})

    job.refresh_from_db()
    assert job.finished_at is None
    assert next_run_of() == LATER


def test_wrong_change_changes_nothing() -> None:
    make_job()

    with pytest.raises(InvalidInput):
        change_job("job", {"name": "new", "max_instances": 0, "trigger": "cron", "hour": 18})

    assert Job.objects.get().name == "job"
    assert next_run_of() == NEXT_HOURLY


def test_paused_job_has_no_next_run_and_pausing_again_is_fine() -> None:
    make_job()

    assert pause_job("job").paused
    assert pause_job("job").paused
    assert next_run_of() is None
    assert executions_of() == []


def test_resumed_job_goes_on_from_now(clock: Traveller) -> None:
    make_job()
    pause_job("job")
    clock.move_to(LATER)

    job = resume_job("job")

    assert job is not None
    assert not job.paused
    assert next_run_of() == LATER + timedelta(minutes=30)
    assert executions_of() == []


def test_resuming_a_job_that_runs_keeps_what_is_due(clock: Traveller) -> None:
    make_job()
    clock.move_to(LATER)

    resume_job("job")

    assert next_run_of() == NEXT_HOURLY


def test_resuming_a_used_up_job_finishes_it(clock: Traveller) -> None:
    make_job(**OVER)
    pause_job("job")
    clock.move_to(LATER)

    assert resume_job("job") is None
    assert Job.objects.get().finished_at == LATER
    assert next_run_of() is None


def test_job_with_a_manual_trigger_is_never_due_nor_over(clock: Traveller) -> None:
    make_job(trigger="manual")
    pause_job("job")
    clock.move_to(LATER)

    job = resume_job("job")

    assert job is not None
    assert job.finished_at is None
    assert next_run_of() is None


@pytest.mark.parametrize(
    "overrule",
    [
        lambda: pause_job("job"),
        lambda: change_job("job", {"trigger": "cron", "hour": 18}),
        lambda: change_job("job", {"next_run_time": "2026-06-02T00:00:00"}),
        lambda: make_job(replace_existing=True, trigger="cron", hour=18),
        lambda: delete_job("job"),
    ],
)
def test_due_occurrence_that_is_overruled_leaves_a_row(overrule: Callable[[], Any], clock: Traveller) -> None:
    make_job()
    clock.move_to(NEXT_HOURLY)

    overrule()

    execution = Execution.objects.get()
    assert (execution.status, execution.scheduled_for) == (Status.SKIPPED, NEXT_HOURLY)
    assert (execution.occurrences, execution.first_scheduled_for) == (1, None)
    assert execution.reason
    assert execution.finished_at == NEXT_HOURLY


@pytest.mark.parametrize(
    "overrule",
    [
        lambda: pause_job("job"),
        lambda: change_job("job", {"trigger": "date", "run_date": "2031-01-01"}),
        lambda: make_job(replace_existing=True, trigger="cron", hour=18),
        lambda: delete_job("job"),
    ],
)
def test_all_due_occurrences_that_are_overruled_fold_into_one_row(
    overrule: Callable[[], Any], clock: Traveller
) -> None:
    make_job()
    clock.move_to(LATER)

    overrule()

    execution = Execution.objects.get()
    assert execution.first_scheduled_for == NEXT_HOURLY
    assert execution.scheduled_for == NEXT_HOURLY + timedelta(hours=5)
    assert execution.occurrences == 6


def test_overruled_occurrence_that_has_a_row_keeps_it(clock: Traveller) -> None:
    job = make_job()
    clock.move_to(NEXT_HOURLY)
    Execution.objects.create(job=job, scheduled_for=NEXT_HOURLY, status=Status.SUCCEEDED, revision=1, created_at=NOW)

    pause_job("job")

    assert executions_of() == [(Status.SUCCEEDED, NEXT_HOURLY)]


def test_deleted_job_is_gone_and_its_history_stays() -> None:
    make_job()
    execution = run_job("job")
    Execution.objects.update(status=Status.SUCCEEDED)

    delete_job("job")

    assert not Job.objects.exists()
    assert not Schedule.objects.exists()
    assert executions_of() == [(Status.SUCCEEDED, execution.scheduled_for)]


def test_deleting_cancels_what_is_queued_and_lets_go_on_what_runs(clock: Traveller) -> None:
    make_job()
    make_job("other")
    running = run_job("job")
    Execution.objects.filter(pk=running.pk).update(status=Status.RUNNING)
    clock.shift(1)
    run_job("job")
    run_job("other")

    delete_job("job")

    assert [status for status, _moment in executions_of()] == [Status.RUNNING, Status.CANCELLED]
    assert [status for status, _moment in executions_of("other")] == [Status.QUEUED]


@pytest.mark.parametrize(
    "act", [pause_job, resume_job, delete_job, run_job, lambda job_id, **_: change_job(job_id, {})]
)
def test_unknown_job_is_not_found(act: Callable[..., Any]) -> None:
    with pytest.raises(JobNotFound, match="Job nosuch not found"):
        act("nosuch")


@pytest.mark.parametrize(
    "act", [pause_job, resume_job, delete_job, run_job, lambda job_id, **only: change_job(job_id, {}, **only)]
)
def test_finished_job_is_not_found_where_only_unfinished_ones_count(act: Callable[..., Any]) -> None:
    make_job()
    finish()

    with pytest.raises(JobNotFound):
        act("job", unfinished_only=True)


@pytest.mark.parametrize("run_date", ["0001-01-02T00:00:00", "9999-12-30T23:59:59.999999", "1900-01-01"])
def test_any_date_of_the_calendar_can_be_stored(run_date: str) -> None:
    make_job(trigger="date", run_date=run_date)

    assert next_run_of() == datetime.fromisoformat(
        f"{run_date}+00:00" if "T" in run_date else f"{run_date}T00:00+00:00"
    )


@pytest.mark.parametrize("next_run_time", ["9999-12-31T23:00:00+00:00", "0001-01-01T00:00:00+08:00"])
def test_next_run_that_not_every_zone_can_show_is_refused(next_run_time: str) -> None:
    with pytest.raises(InvalidInput, match="next_run_time"):
        make_job(next_run_time=next_run_time)


def test_ids_are_exact() -> None:
    ids = ["a", "A", "a ", "é", "e\u0301", "😀", "ａ"]
    for job_id in ids:
        create_job({"id": job_id, "func": "jobs:nothing", **HOURLY})

    pause_job("A")

    assert set(Job.objects.values_list("id", flat=True)) == set(ids)
    assert set(Schedule.objects.filter(next_run_time=None).values_list("id", flat=True)) == {"A"}
    assert Schedule.objects.count() == len(ids)


def run_out(**columns: Any) -> None:
    """Let the job have used up its runs, as the engine does it."""
    Job.objects.update(finished_at=NOW, **columns)
    Schedule.objects.update(next_run_time=None)


def test_limit_that_is_reached_already_is_refused() -> None:
    make_job(max_runs=5)
    Job.objects.update(run_count=3)

    with pytest.raises(InvalidInput, match="3 times"):
        change_job("job", {"max_runs": 3})

    assert Job.objects.get().max_runs == 5


@pytest.mark.parametrize("max_runs", [4, None])
def test_finished_job_that_is_allowed_more_runs_goes_on_from_now(max_runs: int | None, clock: Traveller) -> None:
    make_job(max_runs=3)
    run_out(run_count=3)
    clock.move_to(LATER)

    change_job("job", {"max_runs": max_runs})

    assert Job.objects.get().finished_at is None
    assert next_run_of() == LATER + timedelta(minutes=30)


def test_used_up_job_is_not_revived_by_a_new_trigger_alone() -> None:
    make_job(max_runs=3)
    run_out(run_count=3)

    change_job("job", {"trigger": "interval", "hours": 2})

    assert next_run_of() is None


def test_runs_are_counted_from_the_moment_on_at_which_there_is_a_limit() -> None:
    make_job()
    Job.objects.update(run_count=99)

    change_job("job", {"max_runs": 100})
    assert Job.objects.get().run_count == 0


def test_replaced_job_begins_to_count_afresh() -> None:
    make_job(max_runs=3)
    run_out(run_count=3)

    make_job(max_runs=3)

    assert (Job.objects.get().run_count, Job.objects.get().finished_at) == (0, None)
    assert next_run_of() == NEXT_HOURLY
