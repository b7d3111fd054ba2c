"""What becomes of a due job's occurrences."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import triggers
from scheduler.engine.planning import PER_TURN, STRETCHES_PER_TURN, Maintenance, Plan, PlannedRow, plan
from scheduler.triggers.windows import Window, Windows

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

    assert planned.occurrences == (PlannedRow(scheduled_for=START),)
    assert planned.next_run_time == START + seconds(10)


def test_several_due_occurrences_fold_into_the_latest() -> None:
    planned = plan(every(seconds=10), START, now=START + seconds(35), coalesce=True, grace_seconds=60)

    assert planned.occurrences == (PlannedRow(scheduled_for=START + seconds(30), stands_for=4, first=START),)
    assert planned.next_run_time == START + seconds(40)


def test_without_coalesce_each_due_occurrence_runs() -> None:
    planned = plan(every(seconds=10), START, now=START + seconds(25), coalesce=False, grace_seconds=60)

    assert [each.scheduled_for for each in planned.occurrences] == [START + seconds(n) for n in (0, 10, 20)]
    assert planned.next_run_time == START + seconds(30)


def test_without_coalesce_what_is_too_late_folds_into_one_missed_row() -> None:
    planned = plan(every(seconds=10), START, now=START + seconds(100), coalesce=False, grace_seconds=15)

    missed, *rest = planned.occurrences
    assert missed == PlannedRow(scheduled_for=START + seconds(80), missed=True, stands_for=9, first=START)
    assert [each.scheduled_for for each in rest] == [START + seconds(90), START + seconds(100)]


def test_occurrence_later_than_its_grace_is_missed() -> None:
    planned = plan(every(days=1), START, now=START + seconds(61), coalesce=True, grace_seconds=60)

    assert planned.occurrences == (PlannedRow(scheduled_for=START, missed=True),)


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
    assert planned.occurrences[0].stands_for == away.total_seconds() + 1


def test_moved_run_off_the_grid_runs_and_the_grid_goes_on() -> None:
    moved = START + seconds(3)

    planned = plan(every(seconds=10), moved, now=START + seconds(4), coalesce=True, grace_seconds=60)

    assert planned.occurrences == (PlannedRow(scheduled_for=moved),)
    assert planned.next_run_time == START + seconds(10)


def maintenance(policy: str = "skip", *, is_waiting: bool = False, duration: float = 60, **units: Any) -> Maintenance:
    """A window that begins at START and again after each of these units."""
    window = Window(name="w", timetable=every(**units), duration=seconds(duration))
    return Maintenance(policy=policy, stretch=Windows([window]).stretch, is_waiting=lambda span: is_waiting)


def plan_in_window(policy: str, until: float, *, is_waiting: bool = False, **more: Any) -> Plan:
    """Plan the occurrences of each ten seconds since START, with a window of a minute that begins then."""
    options: dict[str, Any] = {"coalesce": True, "grace_seconds": None, **more}
    window = maintenance(policy, is_waiting=is_waiting, days=1)
    return plan(every(seconds=10), START, now=START + seconds(until), maintenance=window, **options)


@pytest.mark.parametrize("coalesce", [True, False])
def test_occurrences_in_a_window_fold_into_one_that_is_skipped(coalesce: bool) -> None:
    planned = plan_in_window("skip", 35, coalesce=coalesce)

    (row,) = planned.occurrences
    assert (row.skipped, row.stands_for, row.first, row.scheduled_for) == (True, 4, START, START + seconds(30))
    assert "maintenance window w" in row.reason
    assert planned.next_run_time == START + seconds(40)


def test_first_of_a_window_waits_for_its_end_and_the_rest_is_skipped() -> None:
    waiting, rest = plan_in_window("once", 35).occurrences

    assert (waiting.scheduled_for, waiting.available_at, waiting.skipped) == (START, START + seconds(60), False)
    assert (rest.scheduled_for, rest.stands_for, rest.skipped) == (START + seconds(30), 3, True)


def test_all_are_skipped_where_one_waits_already() -> None:
    (row,) = plan_in_window("once", 35, is_waiting=True).occurrences

    assert (row.stands_for, row.skipped) == (4, True)


def test_each_of_a_window_waits_for_its_end() -> None:
    planned = plan_in_window("all", 35)

    assert [each.available_at for each in planned.occurrences] == [START + seconds(60)] * 4
    assert planned.next_run_time == START + seconds(40)


def test_what_is_between_windows_folds_as_always() -> None:
    planned = plan(
        every(seconds=10), START, now=START + seconds(205), coalesce=True, grace_seconds=60,
        maintenance=maintenance(minutes=2),
    )  # fmt: skip

    assert [
        (each.scheduled_for - START, each.stands_for, each.skipped, each.missed) for each in planned.occurrences
    ] == [
        (seconds(50), 6, True, False),
        (seconds(170), 6, True, False),
        (seconds(200), 9, False, False),
    ]


def test_what_is_between_windows_and_too_late_is_missed() -> None:
    planned = plan(
        every(seconds=10), START, now=START + seconds(205), coalesce=False, grace_seconds=15,
        maintenance=maintenance(minutes=2),
    )  # fmt: skip

    assert [
        (each.scheduled_for - START, each.stands_for, each.missed) for each in planned.occurrences if not each.skipped
    ] == [
        (seconds(110), 6, True),
        (seconds(180), 1, True),
        (seconds(190), 1, False),
        (seconds(200), 1, False),
    ]


def test_a_turn_sees_to_a_bounded_number_of_windows_and_leaves_the_rest_due() -> None:
    planned = plan(
        every(seconds=10), START, now=START + timedelta(days=1), coalesce=True, grace_seconds=60,
        maintenance=maintenance(minutes=2),
    )  # fmt: skip

    # Up to the next one between windows, so that it is certain that something comes which what folds can fold into.
    assert planned.next_run_time == START + (STRETCHES_PER_TURN + 1) * seconds(60)


@pytest.mark.parametrize("policy", ["skip", "once"])
def test_of_many_windows_while_away_only_the_latest_occurrence_runs(policy: str) -> None:
    runs: list[datetime] = []
    due: datetime | None = START
    now = START + timedelta(days=1)
    while due is not None and due <= now:
        planned = plan(
            every(seconds=10), due, now=now, coalesce=True, grace_seconds=None,
            maintenance=maintenance(policy, minutes=2),
        )  # fmt: skip
        runs += [row.scheduled_for for row in planned.occurrences if not row.skipped and row.available_at is None]
        due = planned.next_run_time

    assert runs == [now - seconds(10)]


def test_a_turn_postpones_a_bounded_number_and_leaves_the_rest_due() -> None:
    window = maintenance("all", days=1, duration=3600)

    planned = plan(
        every(seconds=1), START, now=START + seconds(1000), coalesce=True, grace_seconds=None, maintenance=window
    )

    assert len(planned.occurrences) == PER_TURN
    assert planned.next_run_time == START + seconds(PER_TURN)


def test_catching_up_with_a_window_lists_no_instants() -> None:
    (row,) = plan(
        every(seconds=1), START, now=START + timedelta(days=30), coalesce=True, grace_seconds=60,
        maintenance=maintenance(weeks=10, duration=31 * 24 * 3600),
    ).occurrences  # fmt: skip

    assert row.stands_for == 30 * 24 * 3600 + 1


@given(
    policy=st.sampled_from(["skip", "once", "all"]),
    is_waiting=st.booleans(),
    coalesce=st.booleans(),
    grace=st.none() | st.integers(1, 2000),
    step=st.integers(1, 300),
    gap=st.integers(2, 500),
    share=st.floats(0.01, 0.99),
    away=st.integers(0, 3000),
)
def test_each_occurrence_is_in_one_row_of_a_plan(
    *, policy: str, is_waiting: bool, coalesce: bool, grace: int | None, step: int, gap: int, share: float, away: int
) -> None:
    window = maintenance(policy, is_waiting=is_waiting, duration=max(int(gap * share), 1), seconds=gap)
    now = START + seconds(away)

    planned = plan(every(seconds=step), START, now=now, coalesce=coalesce, grace_seconds=grace, maintenance=window)

    assert planned.next_run_time is not None
    count = sum(each.stands_for or 0 for each in planned.occurrences)
    assert count == (planned.next_run_time - START) // seconds(step)
    assert planned.next_run_time > now or count >= STRETCHES_PER_TURN
    assert len({each.scheduled_for for each in planned.occurrences}) == len(planned.occurrences)
