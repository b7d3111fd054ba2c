"""Comparisons go up to the first difference, and say on which side it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

import pytest

from scheduler.exchange import Comparison, compare

pytestmark = pytest.mark.pure

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 20, tzinfo=UTC)


def daily(*, late_on: int = -1) -> Iterator[datetime]:
    for number in count():
        yield START + timedelta(days=number, minutes=5 if number == late_on else 0)


def run(theirs: Iterator[datetime], ours: Iterator[datetime], *, is_over: bool = False) -> Comparison:
    return compare(theirs, ours, zone=BERLIN, is_over=lambda: is_over)


def test_thousand_equal_occurrences_are_enough() -> None:
    assert run(daily(), daily()) == Comparison(equal=1000)


def test_first_difference_is_told_with_both_sides() -> None:
    comparison = run(daily(late_on=3), daily())

    assert comparison.equal == 3
    assert comparison.difference is not None
    assert comparison.difference.number == 4
    assert comparison.difference.theirs == START + timedelta(days=3, minutes=5)
    assert comparison.difference.ours == START + timedelta(days=3)
    assert "other times" in comparison.difference.reason


def test_change_of_the_clocks_is_named() -> None:
    comparison = run(daily(late_on=9), daily())

    assert comparison.difference is not None
    assert comparison.difference.reason.startswith("The clocks of Europe/Berlin change")


def test_end_of_one_side_is_a_difference() -> None:
    here, there = run(daily(), islice(daily(), 2)), run(islice(daily(), 2), daily())

    assert here.difference is not None
    assert (here.difference.ours, "The source goes on" in here.difference.reason) == (None, True)
    assert there.difference is not None
    assert (there.difference.theirs, "Carnation goes on" in there.difference.reason) == (None, True)


def test_end_of_both_sides_is_none() -> None:
    assert run(islice(daily(), 2), islice(daily(), 2)) == Comparison(equal=2)


def test_comparison_stops_when_the_time_is_over() -> None:
    assert run(daily(), daily(), is_over=True) == Comparison(equal=1, ran_out_of_time=True)
