"""The laws that every timetable obeys, whatever its trigger."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scheduler.triggers import InvalidSpec, Timetable
from scheduler.triggers.timetable import COUNT_LIMIT
from tests.triggers.occurrences import NOW, ZONES, any_fields, moments, timetable_of, walk

pytestmark = pytest.mark.pure

zones = st.sampled_from(ZONES)
HALF_HOURLY = {"trigger": "cron", "minute": "*/30"}
NEW_YORK = ZoneInfo("America/New_York")
# The nights on which New York's clocks go back and forward.
AUTUMN = datetime(2026, 11, 1, 4, tzinfo=UTC)
SPRING = datetime(2026, 3, 8, 5, tzinfo=UTC)


def drawn(fields: dict[str, Any], zone: ZoneInfo) -> Timetable:
    """Return the timetable of drawn fields; what is refused is not the matter here."""
    try:
        return timetable_of(zone.key, **fields)
    except InvalidSpec:
        assume(condition=False)
        raise


@given(any_fields, zones, moments)
@example(HALF_HOURLY, NEW_YORK, AUTUMN)
@example({"trigger": "cron", "hour": 1, "minute": 30}, NEW_YORK, AUTUMN)
@example({"trigger": "cron", "hour": "1-3", "minute": "*/20"}, NEW_YORK, SPRING)
@example(HALF_HOURLY | {"jitter": 1700}, NEW_YORK, AUTUMN)
@example({"trigger": "calendarinterval", "days": 1, "hour": 1, "minute": 30}, NEW_YORK, AUTUMN)
def test_next_after_strictly_increases(fields: dict[str, Any], zone: ZoneInfo, after: datetime) -> None:
    found = walk(drawn(fields, zone), after, 20)

    assert all(earlier < later for earlier, later in zip([after, *found], found, strict=False))


@given(any_fields, zones, moments, st.floats(0, 1))
@example(HALF_HOURLY, NEW_YORK, AUTUMN + timedelta(minutes=100), 0.5)
def test_asking_between_two_occurrences_finds_the_second(
    fields: dict[str, Any], zone: ZoneInfo, after: datetime, share: float
) -> None:
    occurrences = drawn(fields, zone)
    found = walk(occurrences, after, 2)
    assume(len(found) == 2)

    between = found[0] + (found[1] - found[0]) * share
    assume(between < found[1])

    assert occurrences.next_after(between) == found[1]


@given(any_fields, zones, moments)
def test_answers_do_not_depend_on_what_was_asked_before(
    fields: dict[str, Any], zone: ZoneInfo, after: datetime
) -> None:
    used, fresh = drawn(fields, zone), drawn(fields, zone)

    used.next_after(after + timedelta(days=400))
    walk(used, after + timedelta(days=7), 3)

    assert used.next_after(after) == fresh.next_after(after)


@given(any_fields, zones, moments, st.integers(0, 30), st.floats(0, 1))
@example(HALF_HOURLY, NEW_YORK, AUTUMN, 12, 0.5)
@example(HALF_HOURLY | {"jitter": 1700}, NEW_YORK, AUTUMN, 12, 0.5)
@example({"trigger": "cron", "hour": "1-3", "minute": "*/20"}, NEW_YORK, SPRING, 12, 0.0)
def test_folding_equals_walking(
    fields: dict[str, Any], zone: ZoneInfo, after: datetime, steps: int, share: float
) -> None:
    occurrences = drawn(fields, zone)
    found = walk(occurrences, after, steps + 2)
    assume(len(found) == steps + 2)
    until = found[-2] + (found[-1] - found[-2]) * share
    assume(until < found[-1])

    # The engine asks in UTC, a preview may ask in a zone.
    for asked in (UTC, zone):
        fold = occurrences.fold(found[0].astimezone(asked), until.astimezone(asked))

        assert (fold.latest, fold.count) == (found[-2], steps + 1)


def test_the_hour_that_comes_twice_is_asked_for_twice() -> None:
    occurrences = timetable_of("America/New_York", **HALF_HOURLY)
    first = datetime(2026, 11, 1, 1, 10, tzinfo=NEW_YORK)

    answers = [occurrences.next_after(first), occurrences.next_after(first.replace(fold=1))]

    assert answers == [AUTUMN + timedelta(minutes=90), AUTUMN + timedelta(minutes=150)]


@given(any_fields, zones, moments)
def test_answers_are_in_utc(fields: dict[str, Any], zone: ZoneInfo, after: datetime) -> None:
    assert all(found.tzinfo is UTC for found in walk(drawn(fields, zone), after, 2))


@given(any_fields, zones)
@example({"trigger": "cron", "second": 0, "jitter": 1}, ZoneInfo("Europe/London"))
def test_far_future_raises_nothing(fields: dict[str, Any], zone: ZoneInfo) -> None:
    occurrences = drawn(fields, zone)

    for end in (datetime.max.replace(tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)):
        assert walk(occurrences, end, 3) == []


def test_fold_counts_no_further_than_the_limit() -> None:
    occurrences = timetable_of(trigger="cron", second="*")

    fold = occurrences.fold(NOW, NOW + timedelta(days=1))

    assert fold.latest == NOW + timedelta(days=1)
    assert fold.count is None


def test_fold_counts_up_to_the_limit_exactly() -> None:
    occurrences = timetable_of(trigger="cron", second="*")

    assert occurrences.fold(NOW, NOW + timedelta(seconds=COUNT_LIMIT - 1)).count == COUNT_LIMIT
    assert occurrences.fold(NOW, NOW + timedelta(seconds=COUNT_LIMIT)).count is None


@pytest.mark.parametrize(
    "fields", [{"trigger": "cron", "minute": "*"}, {"trigger": "interval", "minutes": 1, "start_date": "2026-01-01"}]
)
def test_fold_of_a_single_occurrence_is_itself(fields: dict[str, Any]) -> None:
    moved_by_hand = NOW + timedelta(seconds=7)

    fold = timetable_of(**fields).fold(moved_by_hand, moved_by_hand + timedelta(seconds=9))

    assert (fold.latest, fold.count) == (moved_by_hand, 1)
