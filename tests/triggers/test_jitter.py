"""Jitter: delays that are random across jobs, and the same for one job whenever it is asked."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triggers.occurrences import NOW, errors_of, moments, timetable_of, walk

pytestmark = pytest.mark.pure

MINUTELY: dict[str, Any] = {"trigger": "interval", "minutes": 1, "start_date": "2001-01-01"}
seeds = st.text(min_size=1)


@given(seeds, moments)
def test_every_node_computes_the_same_delays(seed: str, after: datetime) -> None:
    one = timetable_of(seed=seed, **MINUTELY, jitter=30)
    other = timetable_of(seed=seed, **MINUTELY, jitter=30)

    assert walk(one, after, 5) == [other.next_after(moment) for moment in [after, *walk(one, after, 4)]]


def test_jobs_are_spread() -> None:
    firsts = {timetable_of(seed=f"job{number}", **MINUTELY, jitter=30).first(NOW) for number in range(100)}

    assert len(firsts) == 100


def test_ids_that_differ_only_far_behind_share_their_delays_at_worst() -> None:
    """The seed is cut; an id of any length is fine."""
    assert timetable_of(seed="é" * 255, **MINUTELY, jitter=30).first(NOW) is not None


@given(seeds, moments, st.floats(0.001, 59))
def test_each_delay_is_within_the_jitter(seed: str, after: datetime, jitter: float) -> None:
    for delayed in walk(timetable_of(seed=seed, **MINUTELY, jitter=jitter), after, 5):
        base = delayed.replace(second=0, microsecond=0)

        assert timedelta(0) <= delayed - base <= timedelta(seconds=jitter)


def test_delays_do_not_accumulate() -> None:
    found = walk(timetable_of(**MINUTELY, jitter=30), NOW, 1001)

    assert timedelta(minutes=999) <= found[-1] - found[0] <= timedelta(minutes=1001)


@given(seeds, st.integers(1, 900))
@settings(max_examples=10)
def test_no_occurrence_is_lost_even_where_delays_overtake_each_other(seed: str, jitter: int) -> None:
    occurrences = timetable_of(
        seed=seed,
        trigger="interval",
        seconds=10,
        start_date="2026-06-02",
        end_date="2026-06-02T01:00:00",
        jitter=jitter,
    )

    found = walk(occurrences, NOW, 1000)

    assert len(found) == 361
    assert all(earlier < later for earlier, later in pairwise(found))


def test_cron_may_have_jitter() -> None:
    (found,) = walk(timetable_of(trigger="cron", hour=3, jitter=600), NOW, 1)

    assert timedelta(hours=15) <= found - NOW <= timedelta(hours=15, minutes=10)


def test_jitter_that_spans_too_many_occurrences_is_refused() -> None:
    assert errors_of(**MINUTELY, jitter=24 * 3600) == {"jitter": "At most 100 occurrences may lie within the jitter."}
    assert not errors_of(**MINUTELY, jitter=3600)


def test_seconds_without_end_of_calendar_raise_nothing() -> None:
    occurrences = timetable_of(trigger="interval", days=30, start_date="9999-12-01", jitter=366 * 24 * 3600)

    assert occurrences.first(NOW) is None
