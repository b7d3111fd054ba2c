"""Retention: what is kept, what goes, and how much of it at once."""

import re
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from scheduler.models import (
    Action,
    AuditEntry,
    Execution,
    ExecutionOutput,
    HistoricalJob,
    Job,
    Kind,
    Node,
    Status,
    first_id_of,
)
from scheduler.services import retention
from scheduler.services.nodes import register_node
from scheduler.services.retention import claim_housekeeping, prune
from tests.services.rows import NOW, make_job

pytestmark = pytest.mark.django_db


_numbers = count()


@pytest.fixture(autouse=True)
def keep_all(settings: Settings) -> None:
    """Keep everything for ever, unless a test says otherwise."""
    settings.SCHEDULER_KEEP_DAYS = settings.SCHEDULER_KEEP_EXECUTIONS = None


def run_before(days: float, *, job_id: str = "job", status: Status = Status.SUCCEEDED, **more: Any) -> Execution:
    """Write an execution as it was made so many days ago."""
    moment = NOW - timedelta(days=days)
    return Execution.objects.create(
        id=first_id_of(moment) + next(_numbers),
        job_id=job_id,
        scheduled_for=moment,
        status=status,
        revision=1,
        created_at=moment,
        **more,
    )


def left(job_id: str = "job") -> list[int]:
    """Return how many days ago the kept executions of a job were due."""
    moments = Execution.objects.filter(job_id=job_id).order_by("-scheduled_for").values_list("scheduled_for", flat=True)
    return [(NOW - moment).days for moment in moments]


def test_nothing_goes_where_nothing_limits(settings: Settings) -> None:
    run_before(10_000)

    assert prune(now=NOW) == 0
    assert left() == [10_000]


def test_executions_go_when_they_are_older_than_the_settings_allow(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    for days in (29, 31, 400):
        run_before(days)

    assert prune(now=NOW) == 2
    assert left() == [29]


def test_output_goes_with_its_execution(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    for days in (1, 31):
        ExecutionOutput.objects.create(execution=run_before(days), log="said")

    prune(now=NOW)

    assert [output.execution.pk for output in ExecutionOutput.objects.all()] == [Execution.objects.get().pk]


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING])
def test_what_has_not_ended_stays_however_old(settings: Settings, status: Status) -> None:
    settings.SCHEDULER_KEEP_DAYS = settings.SCHEDULER_KEEP_EXECUTIONS = 1
    run_before(400, status=status)
    run_before(0)

    assert prune(now=NOW) == 0


@pytest.mark.parametrize(("own", "kept"), [(10, [9]), (100, [9, 50])])
def test_days_of_a_job_overrule_the_settings(settings: Settings, own: int, kept: list[int]) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    make_job(keep_days=own)
    for days in (9, 50, 150):
        run_before(days)
    run_before(50, job_id="gone")

    prune(now=NOW)

    assert (left(), left("gone")) == (kept, [])


@pytest.mark.parametrize(("own", "kept"), [(None, [1, 2, 3]), (1, [1]), (5, [1, 2, 3, 4, 5])])
def test_only_the_latest_are_kept_of_a_job_that_ran_often(settings: Settings, own: int | None, kept: list[int]) -> None:
    settings.SCHEDULER_KEEP_EXECUTIONS = 3
    make_job(keep_executions=own)
    for days in range(1, 8):
        run_before(days)
    run_before(300, job_id="seldom")

    prune(now=NOW)

    assert (left(), left("seldom")) == (kept, [300])


def test_no_transaction_deletes_more_than_a_chunk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    settings.SCHEDULER_KEEP_DAYS = 30
    for days in range(40, 45):
        run_before(days)

    with CaptureQueriesContext(connection) as captured:
        assert prune(now=NOW) == 5

    deletes = [query["sql"] for query in captured if re.match(r"DELETE FROM .scheduler_execution\W", query["sql"])]
    assert len(deletes) == 3
    assert left() == []


def test_housekeeping_falls_to_one_node_at_a_time() -> None:
    register_node(name="here", pid=1, threads=1, now=NOW)

    assert [claim_housekeeping(now=NOW) for _node in range(3)] == [True, False, False]
    assert claim_housekeeping(now=NOW + timedelta(minutes=10))


def test_clock_that_was_wrong_once_does_not_stop_the_housekeeping() -> None:
    register_node(name="here", pid=1, threads=1, now=NOW)
    claim_housekeeping(now=NOW + timedelta(days=400))

    assert claim_housekeeping(now=NOW)


def ended_node(stopped_at: datetime | None) -> Node:
    node = register_node(name="here", pid=1, threads=1, now=NOW)
    Node.objects.filter(pk=node.pk).update(stopped_at=stopped_at)
    return node


def test_nodes_that_ended_long_ago_go_but_not_what_they_may_still_have_to_answer_for() -> None:
    long_ago = NOW - timedelta(days=400)
    ended_node(long_ago)
    kept = {ended_node(None).pk, ended_node(NOW).pk, (busy := ended_node(long_ago)).pk}
    run_before(400, status=Status.RUNNING, node=busy)

    prune(now=NOW)

    assert set(Node.objects.values_list("pk", flat=True)) == kept


def test_command_prunes_at_once(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    Execution.objects.create(id=1, job_id="job", scheduled_for=NOW, status="failed", revision=1, created_at=NOW)

    call_command("pruneexecutions")

    assert capsys.readouterr().out == "1 executions deleted.\n"


def test_chain_that_goes_on_is_kept_whole(settings: Settings) -> None:
    """Retries and recoveries are counted by their rows: without them there would be no end."""
    settings.SCHEDULER_KEEP_DAYS = settings.SCHEDULER_KEEP_EXECUTIONS = 1
    first = run_before(400, status=Status.FAILED)
    Execution.objects.create(job_id="job", scheduled_for=first.scheduled_for, attempt=2, revision=1, created_at=NOW)
    run_before(0)

    assert prune(now=NOW) == 0


def test_latest_attempt_is_kept_of_an_occurrence_of_which_the_earlier_ones_go(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_EXECUTIONS = 1
    moment = run_before(3, status=Status.FAILED).scheduled_for
    latest = run_before(3, attempt=2)
    Execution.objects.filter(pk=latest.pk).update(scheduled_for=moment)

    prune(now=NOW)

    assert Execution.objects.get().pk == latest.pk


def test_run_that_took_long_is_as_old_as_its_end(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    run_before(31, finished_at=NOW)

    assert prune(now=NOW) == 0


def entry_before(days: float, action: Action, job_id: str = "job") -> AuditEntry:
    """Write an entry as it was made so many days ago."""
    moment = NOW - timedelta(days=days)
    kind = Kind.JOB if job_id else Kind.SCHEDULER
    number = first_id_of(moment) + next(_numbers)
    return AuditEntry.objects.create(id=number, at=moment, action=action, kind=kind, job_id=job_id)


def entries_left(job_id: str = "job") -> list[tuple[str, int]]:
    """Return what is still known to have been done to a job, and how many days ago."""
    kept = AuditEntry.objects.filter(job_id=job_id).exclude(at__gte=NOW).order_by("-pk")
    return [(entry.action, (NOW - entry.at).days) for entry in kept]


@pytest.mark.usefixtures("clock")
def test_what_was_done_is_known_for_as_long_as_what_ran(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    make_job()
    for days in (29, 31, 400):
        entry_before(days, Action.RUN)

    prune(now=NOW)

    assert entries_left() == [("run", 29)]


@pytest.mark.usefixtures("clock")
def test_who_made_a_job_and_the_last_word_on_a_pause_stay_while_the_job_does(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    make_job()
    for days, action in (
        (400, Action.CREATED),
        (350, Action.PAUSED),
        (340, Action.RESUMED),
        (300, Action.PAUSED),
        (200, Action.CHANGED),
        (20, Action.RESUMED),
    ):
        entry_before(days, action)
        entry_before(days, action, job_id="gone")

    prune(now=NOW)

    assert entries_left() == [("resumed", 20), ("paused", 300), ("created", 400)]
    assert entries_left("gone") == [("resumed", 20)]


def test_last_word_on_the_scheduler_stays(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    for days, action in ((90, Action.SCHEDULER_STOPPED), (80, Action.SCHEDULER_STARTED)):
        entry_before(days, action, job_id="")

    prune(now=NOW)

    assert entries_left("") == [("scheduler_started", 80)]


def test_entries_go_a_chunk_at_a_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    settings.SCHEDULER_KEEP_DAYS = 30
    for days in range(40, 45):
        entry_before(days, Action.RUN)

    with CaptureQueriesContext(connection) as captured:
        prune(now=NOW)

    deletes = [query["sql"] for query in captured if re.match(r"DELETE FROM .scheduler_auditentry\W", query["sql"])]
    assert len(deletes) == 3
    assert entries_left() == []


def test_last_word_on_the_scheduler_is_not_that_on_a_calendar(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    entry_before(90, Action.SCHEDULER_STOPPED, job_id="")
    entry_before(80, Action.CREATED, job_id="")
    AuditEntry.objects.filter(action=Action.CREATED).update(kind=Kind.CALENDAR)

    prune(now=NOW)

    assert entries_left("") == [("scheduler_stopped", 90)]


def revisions_before(*days: float, job_id: str = "job") -> None:
    """Write revisions of a job as they were made so many days ago, the oldest first; the job has the last of them."""
    for number, age in enumerate(days, 1):
        moment = NOW - timedelta(days=age)
        defined = {"id": job_id, "name": job_id, "func": "jobs:nothing", "trigger": {}, "timezone": "UTC"}
        HistoricalJob.objects.create(
            **defined, revision=number, history_id=first_id_of(moment) + next(_numbers), history_date=moment
        )
    Job.objects.filter(pk=job_id).update(revision=len(days))


def revisions_left(job_id: str = "job") -> list[int]:
    return list(HistoricalJob.objects.filter(id=job_id).order_by("revision").values_list("revision", flat=True))


@pytest.fixture
def job(clock: object, settings: Settings) -> None:
    """A job of which nothing is on record, and revisions that are kept for 30 days."""
    settings.SCHEDULER_KEEP_DAYS = 30
    make_job()
    HistoricalJob.objects.all().delete()


@pytest.mark.usefixtures("job")
def test_revisions_go_that_were_replaced_long_ago() -> None:
    revisions_before(400, 300, 200, 100, 20, 10)

    prune(now=NOW)

    # The fourth was in force until 20 days ago; the first keeps the number of a new job from beginning with it.
    assert revisions_left() == [1, 4, 5, 6]


@pytest.mark.usefixtures("job")
def test_present_revision_stays_however_old() -> None:
    revisions_before(400)

    prune(now=NOW)

    assert revisions_left() == [1]


def test_revisions_of_a_job_that_is_gone_go_with_its_executions(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    for job_id in ("ran lately", "ran long ago"):
        revisions_before(400, 300, job_id=job_id)
    run_before(20, job_id="ran lately")
    run_before(40, job_id="ran long ago")

    prune(now=NOW)

    assert (revisions_left("ran lately"), revisions_left("ran long ago")) == ([1, 2], [])


@pytest.mark.usefixtures("job")
def test_all_revisions_stay_where_nothing_limits(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = None
    revisions_before(400, 300, 200)

    prune(now=NOW)

    assert revisions_left() == [1, 2, 3]


@pytest.mark.usefixtures("job")
def test_revisions_go_a_chunk_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    revisions_before(*range(140, 133, -1))

    with CaptureQueriesContext(connection) as captured:
        prune(now=NOW)

    deletes = [query["sql"] for query in captured if re.match(r"DELETE FROM .scheduler_historicaljob\W", query["sql"])]
    assert len(deletes) == 3
    assert revisions_left() == [1, 7]


def test_new_job_of_an_id_whose_revisions_are_pruned_in_part_takes_a_number_of_its_own(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    revisions_before(400, 300, 200, 10)
    prune(now=NOW)

    assert make_job().revision == 5
