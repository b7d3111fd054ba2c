"""How an instant is read that somebody asks about."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.exceptions import InvalidInput
from scheduler.explanations.asked import read_asked

pytestmark = pytest.mark.pure

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NINE_IN_SHANGHAI = datetime(2026, 11, 25, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2026-11-25T09:00", timedelta(minutes=1)),
        ("2026-11-25 09:00", timedelta(minutes=1)),
        ("2026-11-25T09:00+08:00", timedelta(minutes=1)),
        ("20261125T0900", timedelta(minutes=1)),
        ("2026-11-25T09:00:00", timedelta(seconds=1)),
        ("2026-11-25T01:00:00Z", timedelta(seconds=1)),
        ("2026-11-25T09:00:00.000000", timedelta(microseconds=1)),
    ],
)
def test_instant_means_as_much_time_as_it_leaves_open(text: str, length: timedelta) -> None:
    asked = read_asked(text, SHANGHAI, now=NOW)

    assert asked.start == NINE_IN_SHANGHAI
    assert asked.end == NINE_IN_SHANGHAI + length - timedelta(microseconds=1)
    assert asked.wall == datetime.fromisoformat("2026-11-25T09:00")


def test_time_without_a_day_is_today() -> None:
    assert read_asked("09:00", SHANGHAI, now=NOW).start == datetime(2026, 6, 1, 1, tzinfo=UTC)


def test_time_that_the_clock_skips_stays_what_was_asked() -> None:
    asked = read_asked("2026-03-08T02:30", NEW_YORK, now=NOW)

    assert asked.wall == datetime.fromisoformat("2026-03-08T02:30")
    assert asked.start == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_time_that_the_clock_shows_twice_is_the_first() -> None:
    assert read_asked("2026-11-01T01:30", NEW_YORK, now=NOW).start == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert read_asked("2026-11-01T01:30-05:00", NEW_YORK, now=NOW).start == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-11-25", "2026-02-30T09:00", "2026-11-25T09:00 CST", "9" * 400, "\0", "0001-01-01T00:00"]
)
def test_what_is_no_instant_is_an_error_of_at(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_asked(text, SHANGHAI, now=NOW)

    assert list(caught.value.errors) == ["at"]
