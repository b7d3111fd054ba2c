"""How many runs a node takes ahead of its workers."""

import pytest

from scheduler.engine.capacity import HORIZON_SECONDS, MOST_AHEAD, STALLED_SECONDS, Capacity

pytestmark = pytest.mark.pure

WORKERS = 4


def rush(
    capacity: Capacity, *, turns: int = 2, body_seconds: float, turn_seconds: float = 0.01, used: float = 1
) -> int:
    """Make turns in which a share of the offer is used and ends by the next turn; return the last offer."""
    done, offered = 0, 0
    for turn in range(turns):
        offered = capacity.free(
            submitted=done, ended=done, busy_seconds=done * body_seconds, now=100 + turn * turn_seconds
        )
        done += int(offered * used)
    return offered


def test_fresh_node_takes_one_run_for_each_worker() -> None:
    assert Capacity(WORKERS).free(submitted=0, ended=0, busy_seconds=0, now=100) == WORKERS


def test_node_whose_bodies_are_short_takes_what_they_get_through_until_the_next_turn() -> None:
    assert rush(Capacity(WORKERS), body_seconds=HORIZON_SECONDS / 10) == WORKERS * 10
    assert rush(Capacity(WORKERS), body_seconds=0.000_001) == MOST_AHEAD


def test_node_whose_bodies_are_long_takes_one_run_for_each_worker() -> None:
    assert rush(Capacity(WORKERS), turns=20, body_seconds=HORIZON_SECONDS) == WORKERS
    assert rush(Capacity(WORKERS), turns=20, body_seconds=60) == WORKERS


def test_quiet_turns_raise_nothing() -> None:
    assert rush(Capacity(WORKERS), turns=20, body_seconds=0.000_001, used=0.25) == WORKERS
    assert rush(Capacity(WORKERS), turns=20, body_seconds=0.000_001, used=0) == WORKERS


def test_what_was_learnt_is_forgotten_in_a_pause() -> None:
    assert rush(Capacity(WORKERS), turns=10, body_seconds=0.000_001, turn_seconds=5) == WORKERS


def test_busy_workers_leave_no_more_room_than_there_are_idle_ones() -> None:
    capacity = Capacity(WORKERS)

    assert capacity.free(submitted=WORKERS, ended=0, busy_seconds=0, now=100) == 0
    assert capacity.free(submitted=WORKERS, ended=1, busy_seconds=60, now=100.1) == 1


def test_backlog_of_short_bodies_does_not_lower_the_offer() -> None:
    capacity = Capacity(WORKERS)
    rush(capacity, body_seconds=0.000_001)

    assert capacity.free(submitted=600, ended=100, busy_seconds=0.000_1, now=100.02) == MOST_AHEAD - 500


def test_short_bodies_that_are_followed_by_long_ones_lower_the_offer() -> None:
    capacity = Capacity(WORKERS)
    rush(capacity, body_seconds=0.000_001)

    offers = [
        capacity.free(submitted=600, ended=504, busy_seconds=0.000_5, now=100 + seconds) for seconds in (0.02, 0.1, 0.5)
    ]

    assert offers[0] == MOST_AHEAD - 96
    assert offers[1:] == [0, 0]


def test_run_that_waits_long_is_told() -> None:
    capacity = Capacity(WORKERS)

    told = [capacity.has_stalled(submitted=10, begun=4, now=100 + second * STALLED_SECONDS) for second in range(3)]

    assert told == [False, True, True]


def test_runs_that_begin_in_time_are_not_stalled() -> None:
    capacity = Capacity(WORKERS)

    # What came by one look has begun by the next, though later runs wait.
    told = [
        capacity.has_stalled(submitted=(second + 1) * 10, begun=second * 10, now=100 + second * STALLED_SECONDS)
        for second in range(4)
    ]

    assert not any(told)
