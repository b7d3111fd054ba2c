"""What is added, removed and moved."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.simulation.changes import Change, compare
from scheduler.simulation.zones import ShownIn
from scheduler.triggers.instants import stamp_of

pytestmark = pytest.mark.pure
START = datetime(2026, 6, 1, tzinfo=UTC)
SHOWN = ShownIn(UTC, START, START + timedelta(days=9))


def at(*clocks: str) -> list[int]:
    """Return stamps of times such as "1 09:00": the day of June, and the clock."""
    return [stamp_of(datetime.strptime(f"2026-06-{clock} +0000", "%Y-%m-%d %H:%M %z")) for clock in clocks]


def change(before: list[int] | None, after: list[int] | None) -> Change:
    return compare("job", before, after, shown=SHOWN)


def test_what_a_day_loses_and_gains_is_moved() -> None:
    found = change(at("1 09:00", "2 09:00"), at("1 10:00", "2 09:00"))

    assert (found.kept, list(found.added), list(found.removed)) == (1, [], [])
    assert list(found.moved) == [(at("1 09:00")[0], at("1 10:00")[0])]


def test_what_only_comes_or_goes_is_not() -> None:
    found = change(at("1 09:00"), at("2 09:00"))

    assert (list(found.removed), list(found.added), list(found.moved)) == (at("1 09:00"), at("2 09:00"), [])


def test_nearest_ones_are_paired() -> None:
    found = change(at("1 09:00", "1 20:00"), at("1 01:00", "1 08:50", "1 19:00", "1 23:00"))

    assert list(found.moved) == list(zip(at("1 09:00", "1 20:00"), at("1 08:50", "1 19:00"), strict=True))
    assert list(found.added) == at("1 01:00", "1 23:00")


def test_new_and_deleted_jobs_are_said_to_be() -> None:
    assert (change(None, []).is_new, change([], None).is_deleted) == (True, True)
    assert not change([], []).is_new


@given(st.sets(st.integers(0, 5 * 48)), st.sets(st.integers(0, 5 * 48)))
def test_every_run_is_in_one_group(before: set[int], after: set[int]) -> None:
    old, new = (sorted(stamp_of(START + timedelta(minutes=30 * each)) for each in half) for half in (before, after))
    found = change(old, new)

    assert sorted([*found.removed, *(pair[0] for pair in found.moved)]) == sorted(set(old) - set(new))
    assert sorted([*found.added, *(pair[1] for pair in found.moved)]) == sorted(set(new) - set(old))
    assert found.kept == len(set(old) & set(new))
    assert list(found.moved) == sorted(found.moved, key=lambda pair: pair[1])
    assert all(SHOWN.day_of(one) == SHOWN.day_of(other) for one, other in found.moved)
