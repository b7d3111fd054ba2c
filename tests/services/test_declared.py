"""SCHEDULER_JOBS: the settings speak when they change; in between, what the operator did stands."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from time_machine import Traveller

from scheduler.exceptions import JobAlreadyExists
from scheduler.models import Job, Schedule
from scheduler.services import declared
from scheduler.services.declared import Report, load_declared_jobs
from scheduler.services.jobs import change_job, create_job, pause_job
from tests.services.rows import HOURLY, LATER, NEXT_HOURLY, NOW, make_job, next_run_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

UNANCHORED = {"id": "job", "func": "jobs:add", "args": (1, 2), "trigger": "interval", "seconds": 10}
ENTRY: dict[str, Any] = {"id": "job", "func": "jobs:add", "args": (1, 2), **HOURLY}


def load(*entries: dict[str, Any]) -> Report:
    return load_declared_jobs(entries)


def finish() -> None:
    Job.objects.update(finished_at=NOW)
    Schedule.objects.update(next_run_time=None)


def test_new_entry_is_added() -> None:
    assert load(ENTRY) == Report(added=["job"])
    assert Job.objects.get().args == [1, 2]
    assert next_run_of() == NEXT_HOURLY


def test_unchanged_entry_keeps_its_next_run_time(clock: Traveller) -> None:
    clock.move_to(NOW + timedelta(microseconds=123456))
    load(UNANCHORED)
    before, row = next_run_of(), Job.objects.values().get()
    clock.move_to(LATER)

    assert load(UNANCHORED) == Report(unchanged=["job"])

    assert before == NOW + timedelta(seconds=10, microseconds=123456)
    assert next_run_of() == before
    assert Job.objects.values().get() == row


def test_unchanged_entry_keeps_the_operators_pause_and_edits() -> None:
    load(ENTRY)
    change_job("job", {"name": "edited", "args": [3]})
    pause_job("job")

    load(ENTRY)

    job = Job.objects.get()
    assert (job.name, job.args, job.paused, job.revision) == ("edited", [3], True, 2)


def test_changed_entry_changes_its_job() -> None:
    load(ENTRY)

    assert load(ENTRY | {"args": (3,), "max_instances": 5}) == Report(changed=["job"])

    job = Job.objects.get()
    assert (job.args, job.max_instances, job.revision) == ([3], 5, 2)


def test_changed_entry_with_the_same_trigger_keeps_the_next_run(clock: Traveller) -> None:
    load(UNANCHORED)
    clock.move_to(LATER)

    load(UNANCHORED | {"name": "renamed"})

    assert Job.objects.get().name == "renamed"
    assert next_run_of() == NOW + timedelta(seconds=10)


def test_changed_trigger_of_an_entry_is_scheduled_anew() -> None:
    load(ENTRY)

    load(ENTRY | {"hours": 6, "start_date": "2026-06-01T00:00:00+00:00"})

    assert next_run_of() == NOW


@pytest.mark.parametrize("change", [{"name": "renamed"}, {"hours": 6}])
def test_changed_entry_leaves_a_paused_job_paused(change: dict[str, Any]) -> None:
    load(ENTRY)
    pause_job("job")

    load(ENTRY | change)

    assert Job.objects.get().paused
    assert next_run_of() is None


def test_field_that_left_its_entry_returns_to_the_default() -> None:
    load(ENTRY | {"max_instances": 5, "name": "named", "coalesce": False})

    load(ENTRY)

    job = Job.objects.get()
    assert (job.max_instances, job.name, job.coalesce) == (1, "job", True)


def test_finished_job_stays_finished() -> None:
    entry = {"id": "job", "func": "jobs:nothing"}
    load(entry)
    finish()

    assert load(entry) == Report(unchanged=["job"])
    assert Job.objects.get().finished_at == NOW
    assert next_run_of() is None


def test_finished_job_begins_again_when_its_entry_changes() -> None:
    load({"id": "job", "func": "jobs:nothing"})
    finish()

    assert load({"id": "job", "func": "jobs:fail"}) == Report(added=["job"])
    assert Job.objects.get().finished_at is None
    assert next_run_of() == NOW


def test_removed_entry_is_reported_and_its_job_goes_on() -> None:
    make_job("not declared")
    load(ENTRY)

    assert load() == Report(removed=["job"])
    assert next_run_of() == NEXT_HOURLY


def test_removed_entry_of_a_finished_job_is_no_news() -> None:
    load(ENTRY)
    finish()

    assert load() == Report()


def test_invalid_entry_is_reported_and_the_others_are_loaded() -> None:
    report = load(ENTRY | {"id": "wrong", "func": "jobs:nosuch"}, {"id": 5, "func": "jobs:nothing"}, {}, ENTRY)

    assert report.added == ["job"]
    assert set(report.invalid) == {"wrong", "5", "None"}
    assert "jobs:nosuch" in report.invalid["wrong"]
    assert Job.objects.get().pk == "job"


def test_invalid_change_is_reported_and_the_job_stays() -> None:
    load(ENTRY)

    report = load(ENTRY | {"max_instances": 0})

    assert set(report.invalid) == {"job"}
    assert Job.objects.get().max_instances == 1
    assert load(ENTRY) == Report(unchanged=["job"])


def test_job_that_exists_is_adopted() -> None:
    make_job(name="mine", next_run_time="2026-06-01T18:00:00")

    assert load(ENTRY) == Report(changed=["job"])

    assert Job.objects.get().func == "jobs:add"
    assert next_run_of() == LATER
    assert load() == Report(removed=["job"])


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "job", "func": "jobs:add", "args": (1, 2)},
        {"id": "job", "func": "jobs:add", "kwargs": [("first", 1)], "name": None, "trigger": None},
        {"id": "job", "func": "jobs:job1", "args": "ab", "replace_existing": True, "jobstore": "default"},
        {"id": "job", "func": "jobs:nothing", "args": None, "run_date": datetime(2031, 5, 6, tzinfo=UTC)},
        {"id": "job", "func": "jobs:nothing", "trigger": {"type": "interval", "minutes": 3}},
        {"id": "job", "func": "jobs:nothing", "trigger": "cron", "hour": 3, "timezone": ZoneInfo("Asia/Shanghai")},
        {"id": "job", "func": "jobs:nothing", "trigger": "cron", "start_date": date(2031, 5, 6), "next_run_time": None},
        {"id": "job", "func": "jobs:nothing", "next_run_time": datetime(2031, 5, 6, tzinfo=UTC)},
    ],
)  # fmt: skip
def test_whatever_a_post_takes_can_be_declared_loaded_again_and_changed(entry: dict[str, Any]) -> None:
    assert load(entry) == Report(added=["job"])
    assert load(entry) == Report(unchanged=["job"])
    assert load(entry | {"max_instances": 2}) == Report(changed=["job"])
    assert Job.objects.get().max_instances == 2


def test_loading_ten_times_never_raises(clock: Traveller) -> None:
    for restart in range(10):
        clock.move_to(NOW + timedelta(minutes=restart))
        load(ENTRY, UNANCHORED | {"id": "other"}, {"id": "once", "func": "jobs:nothing"}, {"id": "wrong"})

    assert set(Job.objects.values_list("id", flat=True)) == {"job", "other", "once"}


def test_entry_that_another_node_has_just_loaded_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def come_second(data: Any, **more: Any) -> Job:
        """Find the id taken since our look, as by a node that starts at the same moment."""
        if data["id"] == "job":
            raise JobAlreadyExists(id="job")
        return create_job(data, **more)

    monkeypatch.setattr(declared, "create_job", come_second)

    report = load(ENTRY, ENTRY | {"id": "wrong", "func": "jobs:nosuch"})

    assert (report.unchanged, set(report.invalid)) == (["job"], {"wrong"})
