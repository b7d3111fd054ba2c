"""What becomes of a due job's occurrences."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler import triggers
from scheduler.engine.planning import PER_TURN, Occurrence, plan

pytestmark = pytest.mark.pure

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def every(**units: float) -> triggers.Timetable:
    context = triggers.Context(zone=UTC, now=START)
    spec = triggers.parse({"trigger": "interval", "start_date": START, **units}, context)
    return triggers.timetable(spec, UTC, seed="job")


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_single_due_occurrence_runs_and_the_next_one_follows() -> None:
    planned = plan(every(seconds=10), START, now=START + seconds(1), coalesce=True, grace_seconds=60)

    assert planned.occurrences == (Occurrence(scheduled_for=START),)
    assert planned.next_run_time == START + seconds(10)


def test_several_due_occurrences_fold_into_the_latest() -> None:
    planned = plan(every(seconds=10), START, now=START + seconds(35), coalesce=True, grace_seconds=60)

    assert planned.occurrences == (Occurrence(scheduled_for=START + seconds(30), count=4, first=START),)
    assert planned.next_run_time == START + seconds(40)


def test_without_coalesce_each_due_occurrence_runs() -> None:
    planned = plan(every(seconds=10), START, now=START + seconds(25), coalesce=False, grace_seconds=60)

    assert [each.scheduled_for for each in planned.occurrences] == [START + seconds(n) for n in (0, 10, 20)]
    assert planned.next_run_time == START + seconds(30)


def test_without_coalesce_what_is_too_late_folds_into_one_missed_row() -> None:
    planned = plan(every(seconds=10), START, now=START + seconds(100), coalesce=False, grace_seconds=15)

    missed, *rest = planned.occurrences
    assert missed == Occurrence(scheduled_for=START + seconds(80), missed=True, count=9, first=START)
    assert [each.scheduled_for for each in rest] == [START + seconds(90), START + seconds(100)]


def test_occurrence_later_than_its_grace_is_missed() -> None:
    planned = plan(every(days=1), START, now=START + seconds(61), coalesce=True, grace_seconds=60)

    assert planned.occurrences == (Occurrence(scheduled_for=START, missed=True),)


def test_occurrence_exactly_at_its_grace_still_runs() -> None:
    planned = plan(every(days=1), START, now=START + seconds(60), coalesce=True, grace_seconds=60)

    assert not planned.occurrences[0].missed


def test_without_a_grace_nothing_is_ever_missed() -> None:
    planned = plan(every(days=400), START, now=START + timedelta(days=300), coalesce=True, grace_seconds=None)

    assert not planned.occurrences[0].missed


def test_a_turn_takes_a_bounded_number_and_leaves_the_rest_due() -> None:
    planned = plan(every(seconds=1), START, now=START + seconds(1000), coalesce=False, grace_seconds=None)

    assert len(planned.occurrences) == PER_TURN
    assert planned.next_run_time == START + seconds(PER_TURN)


def test_used_up_schedule_has_no_next_run() -> None:
    context = triggers.Context(zone=UTC, now=START)
    once = triggers.timetable(triggers.parse({"run_date": START}, context), UTC, seed="job")

    planned = plan(once, START, now=START + seconds(5), coalesce=True, grace_seconds=60)

    assert planned.next_run_time is None


@pytest.mark.parametrize("away", [timedelta(minutes=1), timedelta(days=1), timedelta(days=365)])
def test_catching_up_lists_no_instants(away: timedelta) -> None:
    planned = plan(every(seconds=1), START, now=START + away, coalesce=True, grace_seconds=60)

    assert len(planned.occurrences) == 1
    assert planned.occurrences[0].count == away.total_seconds() + 1


def test_moved_run_off_the_grid_runs_and_the_grid_goes_on() -> None:
    moved = START + seconds(3)

    planned = plan(every(seconds=10), moved, now=START + seconds(4), coalesce=True, grace_seconds=60)

    assert planned.occurrences == (Occurrence(scheduled_for=moved),)
    assert planned.next_run_time == START + seconds(10)
