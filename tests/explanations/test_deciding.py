"""What is said about an instant, by what is known. Each fact is set on its own; nothing reads a database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from pytest_django.fixtures import Settings

from scheduler.explanations import Explanation
from scheduler.explanations.asked import read_asked
from scheduler.explanations.deciding import decide
from scheduler.explanations.facts import Facts, Nodes
from scheduler.explanations.history import JobThen, Past
from scheduler.explanations.instants import Timing
from scheduler.models import Action, AuditEntry, Execution, Job, Origin, SchedulerState, Status
from scheduler.triggers import Mark, Occurrence
from scheduler.words import reasons

pytestmark = pytest.mark.pure

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
TEN, ELEVEN = NINE + timedelta(hours=1), NINE + timedelta(hours=2)
UTC_ZONE = ZoneInfo("UTC")


def occurrence(at: datetime | None = NINE, *marks: Mark, planned: datetime = NINE) -> Occurrence:
    return Occurrence(planned=planned.replace(tzinfo=None), at=at, marks=marks)


DUE = Timing(found=occurrence(), before=NINE - timedelta(days=1), after=NINE + timedelta(days=1))
NOT_DUE = replace(DUE, found=None)
ALICE = {"actor": "alice", "source": "rest"}
BASE = Facts(
    job_id="job",
    asked=read_asked("2026-06-01T09:00", UTC_ZONE, now=NOW),
    now=NOW,
    job=Job(pk="job", timezone="UTC", trigger={}, created_at=NINE - timedelta(days=9)),
    next_run_time=NOW + timedelta(hours=1),
    then=JobThen(exists=True, timezone="UTC", trigger={}),
    timing=DUE,
    rows=(),
    folding=None,
    oldest_row=NINE - timedelta(days=5),
    nodes=Nodes(last_heard_of=NOW),
    scheduler=Past(),
    state=None,
)


def entry(action: Action, at: datetime, **more: Any) -> AuditEntry:
    return AuditEntry(action=action, at=at, **{**ALICE, **more})


def row(status: Status, **more: Any) -> Execution:
    fields = {
        "scheduled_for": NINE,
        "created_at": more.get("scheduled_for", NINE),
        "reason": "So it was.",
        "job_id": "job",
    }
    return Execution(status=status, revision=1, **{**fields, **more})


def said(**facts: Any) -> Explanation:
    return decide(replace(BASE, **facts))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.SUCCEEDED, "It ran, and succeeded."),
        (Status.FAILED, "It ran, and failed: So it was."),
        (Status.TIMED_OUT, "It ran, and was ended: So it was."),
        (Status.CANCELLED, "It was cancelled: So it was."),
        (Status.MISSED, "It was missed: So it was."),
        (Status.SKIPPED, "It was skipped: So it was."),
        (Status.LOST, "It began, and was lost: So it was."),
        (Status.RUNNING, "It is running."),
    ],
)
def test_row_says_what_became_of_its_occurrence(status: Status, words: str) -> None:
    explanation = said(rows=[row(status)])

    assert (explanation.verdict, explanation.sentence) == (status.value, words)
    assert [each.status for each in explanation.executions] == [status]


def test_row_names_its_node_and_its_times() -> None:
    ran = row(Status.SUCCEEDED, started_at=NINE, finished_at=TEN)
    ran.node_name = "tokyo-1"  # type: ignore[attr-defined]

    assert said(rows=[ran]).sentence == (
        "It ran on tokyo-1 from 2026-06-01 09:00:00 UTC to 2026-06-01 10:00:00 UTC, and succeeded."
    )


def test_last_attempt_counts_and_those_before_are_told() -> None:
    explanation = said(rows=[row(Status.FAILED), row(Status.SUCCEEDED, attempt=2, origin=Origin.RETRY)])

    assert explanation.verdict == "succeeded"
    assert "That was attempt 2; before: failed (So it was.)." in explanation.sentences


def test_seconds_of_a_minute_are_summed_up_and_the_odd_one_is_told() -> None:
    rows = [row(Status.SUCCEEDED, scheduled_for=NINE + timedelta(seconds=number)) for number in range(59)]
    odd = row(Status.SKIPPED, scheduled_for=NINE + timedelta(seconds=59))

    explanation = said(rows=[*rows, odd])

    assert explanation.verdict == "skipped"
    assert explanation.sentences[0] == "60 occurrences: 59 succeeded, 1 skipped."
    assert explanation.executions == [odd]


def test_late_row_says_what_was_in_the_way() -> None:
    silence = Nodes(any_alive=False, silent_since=NINE - timedelta(hours=2), next_start=ELEVEN, on_record_since=NINE)
    stop = entry(Action.SCHEDULER_STOPPED, NINE - timedelta(hours=1), details={"desired": ["running", "stopped"]})
    start = entry(Action.SCHEDULER_STARTED, TEN, details={"desired": ["stopped", "running"]})

    explanation = said(
        rows=[row(Status.MISSED, created_at=ELEVEN)], nodes=silence, scheduler=Past(earlier=[stop], later=[start])
    )

    assert explanation.sentences[1:] == [
        "The whole scheduler was stopped by alice (REST) at 2026-06-01 08:00:00 UTC, until 2026-06-01 10:00:00 UTC.",
        "No node was running from 2026-06-01 07:00:00 UTC to 2026-06-01 11:00:00 UTC.",
    ]


def test_row_in_time_has_nothing_in_the_way() -> None:
    assert len(said(rows=[row(Status.SUCCEEDED)], nodes=Nodes(any_alive=False)).sentences) == 1


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        (Nodes(any_alive=False), "There is no record of any node."),
        (Nodes(any_alive=False, on_record_since=TEN), "There is no record of nodes before 2026-06-01 10:00:00 UTC."),
        (
            Nodes(any_alive=False, on_record_since=TEN - timedelta(days=1), silent_since=NINE),
            "No node was heard of since 2026-06-01 09:00:00 UTC.",
        ),
    ],
)
def test_silence_is_told_as_far_as_nodes_are_on_record(nodes: Nodes, words: str) -> None:
    assert said(rows=[row(Status.MISSED, created_at=ELEVEN)], nodes=nodes).sentences[1] == words


def test_folded_occurrence_names_the_row_that_stands_for_it() -> None:
    fold = row(Status.SUCCEEDED, scheduled_for=ELEVEN, first_scheduled_for=NINE, occurrences=3)

    explanation = said(folding=fold)

    assert explanation.verdict == "folded"
    assert explanation.sentences[0].endswith("folded into that of 2026-06-01 11:00:00 UTC.")
    assert "It stands for 3 occurrences, since 2026-06-01 09:00:00 UTC." in explanation.sentences
    assert explanation.executions == [fold]


def test_row_that_stands_for_uncounted_occurrences_says_since_when() -> None:
    fold = row(Status.SKIPPED, scheduled_for=ELEVEN, first_scheduled_for=NINE, occurrences=None)

    assert "It stands for all occurrences since 2026-06-01 09:00:00 UTC." in said(folding=fold).sentences


def test_fold_does_not_stand_for_what_is_no_occurrence() -> None:
    fold = row(Status.SUCCEEDED, scheduled_for=ELEVEN, first_scheduled_for=NINE - timedelta(hours=1))

    assert said(folding=fold, timing=NOT_DUE).verdict == "not_an_occurrence"


WAITING: Mapping[str, tuple[dict[str, Any], str]] = {
    "a time": (
        {"rows": [row(Status.QUEUED, available_at=NOW + timedelta(hours=1))]},
        "starts at 2026-06-01 13:00:00 UTC",
    ),
    "a node": ({"nodes": Nodes(last_heard_of=TEN)}, "No node was heard of since 2026-06-01 10:00:00 UTC."),
    "any node": ({"nodes": Nodes()}, "There is no record of any node."),
    "the scheduler": ({"state": SchedulerState(desired="paused", changed_at=TEN)}, "The whole scheduler was paused"),
    "the job": ({"job": Job(pk="job", paused=True)}, "The job is paused."),
    "room": ({}, "It waits for room"),
}


@pytest.mark.parametrize("what", WAITING)
def test_queued_run_says_what_it_waits_for(what: str) -> None:
    facts, words = WAITING[what]

    explanation = said(**{"rows": [row(Status.QUEUED, available_at=NINE)], **facts})

    assert explanation.verdict == "queued"
    assert words in explanation.sentence


def test_manual_run_is_told_where_there_is_no_occurrence() -> None:
    explanation = said(rows=[row(Status.SUCCEEDED, origin=Origin.MANUAL)], timing=NOT_DUE)

    assert explanation.verdict == "succeeded"
    assert explanation.sentences[0] == "Somebody asked for a run, beside the schedule."


def test_manual_run_does_not_hide_that_the_occurrence_did_not_run() -> None:
    then = JobThen(exists=True, is_paused=True)

    explanation = said(rows=[row(Status.SUCCEEDED, origin=Origin.MANUAL)], then=then)

    assert explanation.verdict == "paused"
    assert explanation.sentences[-1] == "Beside the schedule, somebody asked for a run then."


CREATED = entry(Action.CREATED, TEN, actor="bob", source="admin")
DELETED = entry(Action.DELETED, NINE - timedelta(hours=1), actor="root", source="command")
NOT_THERE: Mapping[str, tuple[JobThen, str, str]] = {
    "before": (
        JobThen(exists=False, to_be_created=CREATED),
        "not_created",
        "The job was created later, by bob (admin) at 2026-06-01 10:00:00 UTC.",
    ),
    "before, past the services": (
        JobThen(exists=False, created_at=TEN),
        "not_created",
        "The job was created later, by somebody unknown at 2026-06-01 10:00:00 UTC.",
    ),
    "after": (
        JobThen(exists=False, deleted=DELETED),
        "deleted",
        "The job was deleted by root (command) at 2026-06-01 08:00:00 UTC.",
    ),
    "between": (
        JobThen(exists=False, deleted=DELETED, to_be_created=CREATED),
        "deleted",
        "It was created again by bob (admin) at 2026-06-01 10:00:00 UTC.",
    ),
    "nobody knows": (JobThen(exists=False), "deleted", "who deleted it, and when, is not on record."),
}


@pytest.mark.parametrize("when", NOT_THERE)
def test_job_that_was_not_there_says_who_made_and_who_deleted_it(when: str) -> None:
    then, verdict, words = NOT_THERE[when]

    explanation = said(then=then)

    assert explanation.verdict == verdict
    assert words in explanation.sentence


@pytest.mark.parametrize(
    ("max_runs", "words"),
    [(3, "It has run 3 times, as often as it may."), (None, "Its trigger has no occurrence after that.")],
)
def test_finished_job_says_why_it_is_over(max_runs: int | None, words: str) -> None:
    over = NINE - timedelta(hours=1)
    job = Job(pk="job", finished_at=over, max_runs=max_runs, run_count=3)

    explanation = said(job=job, then=JobThen(exists=True, finished_at=over))

    assert explanation.verdict == "finished"
    assert explanation.sentences == ["The job had finished at 2026-06-01 08:00:00 UTC.", words]


def test_job_that_finished_later_was_not_over() -> None:
    assert said(then=JobThen(exists=True, finished_at=TEN), rows=[row(Status.SUCCEEDED)]).verdict == "succeeded"


def test_instant_that_is_none_names_its_neighbours() -> None:
    explanation = said(timing=NOT_DUE)

    assert explanation.verdict == "not_an_occurrence"
    assert explanation.sentences[1:] == [
        "The nearest before: 2026-05-31 09:00:00 UTC.",
        "The nearest after: 2026-06-02 09:00:00 UTC.",
    ]


def test_dropped_occurrence_says_what_dropped_it() -> None:
    mark = Mark(code="calendar", reason="1 June is Children's Day.")

    explanation = said(timing=replace(NOT_DUE, planned=occurrence(None, mark)))

    assert (explanation.verdict, explanation.marks) == ("excluded", (mark,))
    assert explanation.sentences[1] == mark.reason


def test_moved_occurrence_says_where_it_went_and_why() -> None:
    mark = Mark(code="rolled", reason="1 June is Children's Day.")

    explanation = said(timing=replace(NOT_DUE, planned=occurrence(TEN, mark)))

    assert explanation.verdict == "moved"
    assert explanation.sentences == ["This occurrence comes about at 2026-06-01 10:00:00 UTC.", mark.reason]


def test_occurrence_that_came_from_elsewhere_says_so() -> None:
    mark = Mark(code="moved", reason="The clocks went forward.")
    timing = replace(DUE, found=occurrence(NINE, mark, planned=TEN))

    assert said(timing=timing, rows=[row(Status.SUCCEEDED)]).sentences[-1] == mark.reason


PAUSE = entry(Action.PAUSED, NINE - timedelta(hours=3), details={"paused": [False, True]})


def test_paused_job_says_by_whom_and_since_when() -> None:
    explanation = said(then=JobThen(exists=True, is_paused=True, paused=PAUSE))

    assert explanation.verdict == "paused"
    assert explanation.sentence == "The job was paused by alice (REST) at 2026-06-01 06:00:00 UTC."


def test_pause_of_which_nothing_is_on_record_says_that() -> None:
    assert said(then=JobThen(exists=True, is_paused=True)).sentences == [
        "The job was paused; by whom, and when, is not on record."
    ]


def test_broken_job_says_what_is_wrong() -> None:
    job = Job(pk="job", problem="No registered task is called x.")
    then = JobThen(exists=True, quarantined=entry(Action.QUARANTINED, NINE, source="engine"))

    explanation = said(job=job, next_run_time=None, then=then)

    assert explanation.verdict == "broken"
    assert explanation.sentences == [
        "The job is broken: No registered task is called x.",
        "It was taken out of the schedule at 2026-06-01 09:00:00 UTC.",
    ]


def test_next_run_set_by_hand_explains_what_was_before_it() -> None:
    set_to_begin = entry(Action.CHANGED, NINE - timedelta(hours=2))

    explanation = said(then=JobThen(exists=True, begins_at=ELEVEN, set_to_begin=set_to_begin))

    assert explanation.verdict == "begins_later"
    assert "The next run was set to 2026-06-01 11:00:00 UTC by alice" in explanation.sentence
    assert said(then=JobThen(exists=True, begins_at=NINE, set_to_begin=set_to_begin)).verdict != "begins_later"


def test_future_occurrence_will_be_due() -> None:
    at = NOW + timedelta(hours=2)

    explanation = said(
        timing=replace(DUE, found=occurrence(at)), state=SchedulerState(desired="stopped", changed_at=TEN)
    )

    assert explanation.verdict == "to_come"
    assert explanation.sentences[0] == "It will be due at 2026-06-01 14:00:00 UTC."
    assert explanation.sentences[1].startswith("The whole scheduler was stopped by somebody unknown")


def test_occurrence_that_no_node_has_taken_yet_is_due() -> None:
    explanation = said(next_run_time=NINE, nodes=Nodes(last_heard_of=NINE - timedelta(hours=1)))

    assert explanation.verdict == "due"
    assert explanation.sentences == [
        "It is due, and no node has taken it yet.",
        "No node was heard of since 2026-06-01 08:00:00 UTC.",
    ]
    assert said(next_run_time=NINE).sentences[1] == "A node takes it as soon as there is room."


def test_what_is_older_than_what_is_kept_is_forgotten(settings: Settings) -> None:
    settings.SCHEDULER_KEEP_DAYS = 30
    old = replace(DUE, found=occurrence(NOW - timedelta(days=31)))

    assert said(timing=old).verdict == "forgotten"
    assert said(timing=old, oldest_row=None).sentences[1] == "No execution is kept of this job."


def test_what_is_before_the_oldest_execution_is_forgotten() -> None:
    assert said(oldest_row=TEN).sentences[1] == "The oldest execution that is kept is of 2026-06-01 10:00:00 UTC."


def test_what_nothing_explains_is_not_made_up() -> None:
    explanation = said()

    assert explanation.verdict == "unknown"
    assert explanation.sentence == "It was an occurrence, but no execution of it is on record, nor a reason."


def test_trigger_that_is_not_on_record_is_not_made_up() -> None:
    assert said(timing=None).verdict == "unknown"
    assert said(timing=None, job=Job(pk="job", problem="Bad."), next_run_time=None).verdict == "broken"


def test_definition_that_was_another_one_then_says_who_changed_it() -> None:
    then = JobThen(exists=True, to_be_changed=entry(Action.CHANGED, TEN))

    assert said(then=then, timing=NOT_DUE).sentences[-1] == (
        "The trigger was another one then; it was changed by alice (REST) at 2026-06-01 10:00:00 UTC."
    )


def test_chinese_is_written_without_english_punctuation() -> None:
    failed = row(Status.FAILED, reason=str(reasons.NODE_DIED), started_at=NINE)
    with override("zh-hans"):
        explanation = said(rows=[failed, row(Status.SUCCEEDED, attempt=2, origin=Origin.RETRY)])

        assert explanation.sentence == (
            "执行成功。这是第 2 次尝试；此前：失败（其节点在记录此次执行的结果之前失效。）。"
        )


DROPPED = occurrence(None, Mark(code="calendar", reason="No working day."))
ROLLED = replace(DUE, found=occurrence(NINE, Mark(code="rolled", reason="It runs on another day.")))


@pytest.mark.parametrize("timing", [NOT_DUE, replace(NOT_DUE, planned=DROPPED), ROLLED, DUE])
def test_answer_that_depends_on_a_calendar_that_was_another_one_then_says_so(timing: Timing) -> None:
    change = entry(Action.CHANGED, TEN, name="work")

    assert said(timing=timing, calendar_change=change).sentences[-1] == (
        "The calendar work was changed by alice (REST) at 2026-06-01 10:00:00 UTC; this goes by the calendar of now."
    )


def test_trigger_whose_calendar_is_gone_says_who_deleted_it() -> None:
    assert said(timing=None, calendar_change=entry(Action.DELETED, TEN, name="work")).sentences[-1] == (
        "The calendar work, by which the job went, was deleted by alice (REST) at 2026-06-01 10:00:00 UTC."
    )


def test_calendar_is_not_told_of_where_the_answer_does_not_depend_on_it() -> None:
    change = entry(Action.CHANGED, TEN, name="work")

    assert "calendar" not in said(calendar_change=change, rows=[row(Status.SUCCEEDED)]).sentence
    assert "calendar" not in said(calendar_change=change, timing=NOT_DUE, then=JobThen(exists=False)).sentence
