"""How many runs a node takes ahead of its workers."""

import pytest

from scheduler.engine.capacity import MOST_AHEAD, Capacity

pytestmark = pytest.mark.pure

WORKERS = 4


def offer(capacity: Capacity, *, turns: int, used: float, seconds: float = 0.01) -> int:
    """Make turns in which a share of the offer is used and done at once; return the last offer."""
    submitted, offered = 0, 0
    for turn in range(turns):
        offered = capacity.free(0, submitted, now=100 + turn * seconds)
        submitted += int(offered * used)
    return offered


def test_fresh_node_takes_one_run_for_each_worker() -> None:
    assert Capacity(WORKERS).free(0, 0, now=100) == WORKERS


def test_node_that_runs_dry_is_offered_more_up_to_a_limit() -> None:
    assert offer(Capacity(WORKERS), turns=4, used=1) == WORKERS * 8
    assert offer(Capacity(WORKERS), turns=50, used=1) == MOST_AHEAD


def test_quiet_turns_raise_nothing() -> None:
    assert offer(Capacity(WORKERS), turns=50, used=0.25) == WORKERS
    assert offer(Capacity(WORKERS), turns=50, used=0) == WORKERS


def test_what_was_learnt_is_forgotten_in_a_pause() -> None:
    assert offer(Capacity(WORKERS), turns=10, used=1, seconds=5) == WORKERS


def test_busy_workers_leave_no_more_room_than_there_are_idle_ones() -> None:
    capacity = Capacity(WORKERS)

    assert capacity.free(WORKERS, 10, now=100) == 0
    assert capacity.free(WORKERS - 1, 10, now=100) == 1
