"""Maintenance windows in the engine: what a claim writes, what waits, and when it starts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import triggers
from scheduler.engine.definitions import Definitions, Run
from scheduler.engine.ledger import Room
from scheduler.engine.queue import take_queued
from scheduler.engine.store import ScheduleStore
from scheduler.models import Execution, Job, MaintenanceWindow, Node, Origin, Schedule, Status
from scheduler.services.executions import cancel_execution
from scheduler.services.jobs import create_job
from scheduler.services.postponed import review_postponed
from scheduler.services.runs import run_job
from scheduler.services.windows import create_window, delete_window
from scheduler.timetables import read_windows
from scheduler.triggers.windows import Windows, with_windows

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PLENTY = {"default": 1_000}


class Engine:
    """The claim and the queue of one node, on a clock that stands where it is put."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.definitions = Definitions()
        self.store = ScheduleStore(self.definitions)
        self.read_windows()

    def read_windows(self) -> None:
        self.definitions.windows = read_windows()

    def claim(self, minute: float, *, room: dict[str, int] | None = None) -> list[Run]:
        """Claim what is due so many minutes after NOON."""
        runs: list[Run] = []
        while True:
            claim = self.store.claim(self.node, now=after(minute), room=Room(room or PLENTY))
            runs += claim.runs
            if not claim.due:
                return runs

    def take(self, minute: float) -> list[Run]:
        """Take from the queue so many minutes after NOON."""
        room = Room(PLENTY)
        return take_queued(self.node, self.definitions, now=after(minute), room=room, manual_only=False)


@pytest.fixture
def engine(node: Node) -> Engine:
    """An engine that knows a window from NOON to half past twelve."""
    make_window("deploy", start=0, minutes=30)
    return Engine(node)


def after(minute: float) -> datetime:
    return NOON + minute * MINUTE


def make_window(name: str, *, start: float, minutes: int, **more: Any) -> MaintenanceWindow:
    date = {"trigger": "date", "run_date": after(start).isoformat()}
    return create_window({"name": name, **date, "duration_seconds": 60 * minutes, **more})


def make_job(job_id: str = "job", *, start: float = 0, every: int = 10, **more: Any) -> Job:
    """A job that is due for the first time so many minutes after NOON, and then every so many."""
    trigger = {"trigger": "interval", "minutes": every, "start_date": after(start).isoformat()}
    defaults = {"max_instances": 1_000, "misfire_grace_time": None}
    job = create_job({"id": job_id, "func": "jobs:nothing", **trigger, **defaults, **more})
    Schedule.objects.filter(pk=job_id).update(next_run_time=after(start))
    return job


def rows() -> list[tuple[float, str, float]]:
    """All rows: when they were scheduled for, their status, and from when they may start, in minutes after NOON."""
    found = Execution.objects.order_by("scheduled_for", "attempt")
    return [((row.scheduled_for - NOON) / MINUTE, row.status, (row.available_at - NOON) / MINUTE) for row in found]


def test_skipped_occurrence_leaves_a_row_whose_reason_is_the_window(engine: Engine) -> None:
    make_job()

    assert engine.claim(0) == []
    row = Execution.objects.get()
    assert (row.status, row.finished_at) == (Status.SKIPPED, NOON)
    assert row.reason == "In the maintenance window deploy, until 2026-11-22 12:30:00+00:00."
    assert Schedule.objects.get().next_run_time == after(10)


def test_occurrences_skipped_in_one_turn_fold_into_one_row(engine: Engine) -> None:
    make_job()

    engine.claim(25)

    row = Execution.objects.get()
    assert (row.scheduled_for, row.occurrences, row.first_scheduled_for) == (after(20), 3, NOON)


def test_once_queues_the_first_for_the_end_and_skips_the_others(engine: Engine) -> None:
    make_job(maintenance="once")

    for minute in (0, 10, 20):
        assert engine.claim(minute) == []

    assert rows() == [(0, "queued", 30), (10, "skipped", 10), (20, "skipped", 20)]
    waiting, skipped, _last = Execution.objects.order_by("scheduled_for")
    assert waiting.reason == "Postponed to 2026-11-22 12:30:00+00:00 by the maintenance window deploy."
    assert "runs once after it" in skipped.reason


def test_once_is_remembered_by_the_rows_not_by_the_node(engine: Engine) -> None:
    make_job(maintenance="once")
    engine.claim(0)

    Engine(engine.node).claim(10)

    assert rows() == [(0, "queued", 30), (10, "skipped", 10)]


def test_once_means_another_one_where_that_which_waited_was_cancelled(engine: Engine) -> None:
    make_job(maintenance="once")
    engine.claim(0)
    cancel_execution(Execution.objects.get().pk)

    engine.claim(10)

    assert rows() == [(0, "cancelled", 30), (10, "queued", 30)]


def test_job_made_within_a_window_runs_once_after_it(engine: Engine) -> None:
    make_job(maintenance="once", start=20)

    engine.claim(20)

    assert rows() == [(20, "queued", 30)]


def test_all_queues_each_for_the_end(engine: Engine) -> None:
    make_job(maintenance="all")

    engine.claim(5)
    engine.claim(25)

    assert rows() == [(0, "queued", 30), (10, "queued", 30), (20, "queued", 30)]


def test_what_waits_starts_at_the_end_and_not_before(engine: Engine) -> None:
    make_job(maintenance="once")
    engine.claim(0)

    assert engine.take(29.99) == []
    (run,) = engine.take(30)
    assert run.scheduled_for == NOON
    assert "deploy" in run.note == Execution.objects.get().reason


def test_what_waits_keeps_no_other_from_running(engine: Engine) -> None:
    make_job(maintenance="once", max_instances=1, start=29)
    engine.claim(29)
    Schedule.objects.update(next_run_time=after(30))

    assert len(engine.claim(30)) == 0
    assert rows() == [(29, "queued", 30), (30, "skipped", 30)]
    assert "max_instances" in Execution.objects.get(scheduled_for=after(30)).reason


def test_occurrences_before_and_after_run_as_always(engine: Engine) -> None:
    make_job(start=-10, every=40)

    assert [run.scheduled_for for run in engine.claim(-10)] == [after(-10)]
    assert [run.scheduled_for for run in engine.claim(30)] == [after(30)]


def test_what_was_due_before_the_window_starts_in_it(engine: Engine) -> None:
    make_job(start=-1)
    engine.claim(-1, room={"default": 0})

    assert [run.scheduled_for for run in engine.take(5)] == [after(-1)]


def test_window_with_tags_concerns_the_jobs_that_have_one(node: Node) -> None:
    make_window("deploy", start=0, minutes=30, tags=["billing"])
    engine = Engine(node)
    make_job("tagged", tags=["billing", "x"])
    make_job("other", tags=["x"])

    assert [run.job_id for run in engine.claim(0)] == ["other"]


def test_manual_run_runs_all_the_same(engine: Engine) -> None:
    make_job(start=60)
    run_job("job")
    Execution.objects.update(available_at=NOON)

    assert len(engine.take(1)) == 1


@pytest.mark.parametrize("origin", [Origin.RETRY, Origin.RECOVERY])
def test_retry_and_recovery_wait_for_the_end(engine: Engine, origin: Origin) -> None:
    make_job(start=60)
    attempt(origin, available=10)

    assert engine.take(11) == []
    row = Execution.objects.get()
    assert (row.available_at, "deploy" in row.reason) == (after(30), True)
    assert len(engine.take(30)) == 1


def test_backfill_does_not_wait(engine: Engine) -> None:
    make_job(start=60)
    attempt(Origin.BACKFILL, available=10)

    assert len(engine.take(11)) == 1


def test_lateness_of_what_waited_is_counted_from_the_end(engine: Engine) -> None:
    make_job(start=60, misfire_grace_time=60)
    attempt(Origin.RETRY, available=10)

    assert len(engine.take(31)) == 1
    attempt(Origin.RETRY, available=10, number=3)
    assert engine.take(31.1) == []
    assert Execution.objects.get(attempt=3).status == Status.MISSED


def attempt(origin: Origin, *, available: float, number: int = 2) -> None:
    """Queue a further attempt at an occurrence that was due an hour before NOON."""
    Execution.objects.create(
        job_id="job",
        scheduled_for=after(-60),
        attempt=number,
        origin=origin,
        available_at=after(available),
        revision=1,
        created_at=after(-60),
    )


def test_node_that_comes_back_after_the_window_tells_apart_what_lay_in_it(engine: Engine) -> None:
    make_job(start=-20)

    (run,) = engine.claim(45)

    assert run.scheduled_for == after(40)
    assert rows() == [(20, "skipped", 20), (40, "running", 40)]
    skipped, ran = Execution.objects.order_by("scheduled_for")
    assert (skipped.occurrences, skipped.first_scheduled_for) == (3, NOON)
    assert (ran.occurrences, ran.first_scheduled_for) == (4, after(-20))


@pytest.mark.parametrize(("policy", "waited"), [("once", [0]), ("all", [0, 10, 20])])
def test_what_was_to_run_after_a_window_runs_when_the_node_comes_back(
    engine: Engine, policy: str, waited: list[float]
) -> None:
    make_job(maintenance=policy)

    engine.claim(45)

    assert [(run.scheduled_for - NOON) / MINUTE for run in engine.take(45)] == waited


def test_what_waited_for_a_window_that_ended_too_long_ago_is_missed(engine: Engine) -> None:
    make_job("each", maintenance="all", misfire_grace_time=60)
    make_job("first", maintenance="once", misfire_grace_time=60)

    engine.claim(45)
    engine.take(45)

    statuses = {(row.job_id, row.scheduled_for): row.status for row in Execution.objects.all()}
    assert statuses["each", after(20)] == statuses["first", NOON] == Status.MISSED
    assert Execution.objects.get(job_id="each", scheduled_for=after(20)).occurrences == 3


def test_change_of_the_windows_lets_what_waits_start_at_once(engine: Engine) -> None:
    make_job(maintenance="once")
    engine.claim(0)
    delete_window("deploy")
    engine.read_windows()

    assert review_postponed(engine.definitions.windows, now=after(10)) == 1
    assert len(engine.take(10)) == 1


def test_change_of_the_windows_sends_back_what_has_to_wait_still(engine: Engine) -> None:
    make_job(maintenance="once")
    engine.claim(0)
    make_window("longer", start=25, minutes=30)
    engine.read_windows()

    review_postponed(engine.definitions.windows, now=after(10))

    assert engine.take(10) == []
    assert rows() == [(0, "queued", 55)]
    engine.claim(20)
    assert rows() == [(0, "queued", 55), (20, "skipped", 20)]


def test_retry_that_waits_for_its_delay_is_not_woken(engine: Engine) -> None:
    make_job(start=60)
    attempt(Origin.RETRY, available=50)

    assert review_postponed(Windows(), now=after(10)) == 0


def test_what_waits_for_the_same_end_as_before_is_left_alone(engine: Engine) -> None:
    make_job(maintenance="all")
    engine.claim(25)

    assert review_postponed(engine.definitions.windows, now=after(26)) == 0


def test_any_number_of_retries_in_a_window_keeps_nothing_else_waiting(engine: Engine) -> None:
    make_job(start=60)
    for number in range(2, 12):
        attempt(Origin.RETRY, available=10, number=number)
    make_job("other", start=-1)
    engine.claim(-1, room={"default": 0})
    Execution.objects.filter(job_id="other").update(available_at=after(11), origin=Origin.BACKFILL)

    runs = take_queued(engine.node, engine.definitions, now=after(12), room=Room({"default": 3}), manual_only=False)

    assert [run.job_id for run in runs] == ["other"]


def test_garbage_that_somebody_wrote_by_hand_is_left_out(engine: Engine) -> None:
    MaintenanceWindow.objects.create(name="bad", trigger=[5], timezone="UTC", duration_seconds=60)
    MaintenanceWindow.objects.create(name="worse", trigger={"trigger": "cron"}, timezone="Mars", duration_seconds=60)
    MaintenanceWindow.objects.create(
        name="worst", trigger={"trigger": "cron"}, timezone="UTC", duration_seconds=60, tags="deploy"
    )
    make_job()
    Job.objects.update(tags={"a": 1}, maintenance="nosuch")

    engine.read_windows()

    assert [window.name for window in engine.definitions.windows.all] == ["deploy"]
    assert engine.claim(0) == []
    assert Execution.objects.get().status == Status.SKIPPED


def test_windows_that_are_not_in_force_cost_no_statement(engine: Engine) -> None:
    def statements(minute: float) -> int:
        with CaptureQueriesContext(connection) as captured:
            engine.claim(minute)
        return len(captured)

    make_job(start=100, maintenance="once")
    before = statements(100)
    engine.definitions.windows = Windows()

    assert statements(110) == before


@pytest.mark.parametrize("jobs", [1, 50])
def test_jobs_that_run_once_are_asked_for_in_one_statement(
    engine: Engine, jobs: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(jobs):
        make_job(f"job{number:02}", maintenance="once")

    with django_assert_max_num_queries(9):
        engine.store.claim(engine.node, now=NOON, room=Room(PLENTY))

    assert Execution.objects.filter(status=Status.QUEUED).count() == jobs


policies = st.sampled_from(["skip", "once", "all"])
spans = st.lists(st.tuples(st.integers(-30, 120), st.integers(1, 60)), max_size=4)
turns = st.lists(st.integers(1, 40), min_size=1, max_size=10)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(policy=policies, every=st.integers(1, 25), spans=spans, turns=turns)
def test_ledger_is_what_was_foretold(
    node: Node, policy: str, every: int, spans: list[tuple[int, int]], turns: list[int]
) -> None:
    """However the turns fall, each occurrence has the fate that `with_windows` says."""
    models: list[Any] = [Execution, Job, Schedule, MaintenanceWindow]
    for model in models:
        model.objects.all().delete()
    for number, (start, minutes) in enumerate(spans):
        make_window(f"w{number}", start=start, minutes=minutes)
    make_job(every=every, maintenance=policy, coalesce=False)
    engine = Engine(node)

    minute = 0
    for pause in turns:
        engine.take(minute)
        engine.claim(minute)
        minute += pause
    end = after(minute - turns[-1])

    assert dict(fates()) == dict(foretold(engine, policy, end))


def foretold(engine: Engine, policy: str, end: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    """When each occurrence up to `end` is to run; None: not at all."""
    job = Job.objects.get()
    occurrences = list(triggers.occurrences(job.trigger, {}, NOON, end, zone=UTC, seed="job"))
    results = with_windows(occurrences, engine.definitions.windows, policy=policy)
    for occurrence, result in zip(occurrences, results, strict=True):
        if occurrence.at is not None:
            yield occurrence.at, result.at


def fates() -> Iterator[tuple[datetime, datetime | None]]:
    """When each occurrence in the ledger runs, folded ones each on its own; None: not at all."""
    every = timedelta(minutes=Job.objects.get().trigger.get("minutes", 60))
    for row in Execution.objects.all():
        is_skipped = row.status == Status.SKIPPED
        for number in range(row.occurrences or 0):
            moment = row.scheduled_for - number * every
            yield moment, None if is_skipped else row.available_at
