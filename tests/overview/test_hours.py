"""Past hours as they were counted, and the latest from the ledger."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from scheduler.models import AN_HOUR, HourlyStatistics, Origin, Status
from scheduler.overview import hours as overview
from scheduler.overview.hours import Hours, Tally, read_hours
from scheduler.services.counting import count_hours
from tests.overview.rows import made
from tests.services.rows import NOW

pytestmark = pytest.mark.django_db
A_MINUTE = timedelta(minutes=1)


def read() -> Hours:
    return read_hours(since=NOW - timedelta(days=1), now=NOW + timedelta(minutes=20))


def tally() -> Tally:
    (found,) = read().tallies
    return found


def test_hour_that_nobody_has_counted_is_read_as_it_will_be_counted() -> None:
    hour = NOW - AN_HOUR
    made(hour, started_at=hour + timedelta(milliseconds=15))
    made(hour + 7 * A_MINUTE, started_at=hour + 7 * A_MINUTE + timedelta(seconds=1.5), status=Status.FAILED)
    made(hour + 8 * A_MINUTE, origin=Origin.MANUAL)
    made(hour + 9 * A_MINUTE, status=Status.SKIPPED)
    before = read()

    count_hours(now=NOW + A_MINUTE)

    assert HourlyStatistics.objects.count() == 1
    assert read() == before


def test_present_hour_is_read_from_the_ledger() -> None:
    made(NOW + A_MINUTE)

    assert (tally().start, tally().succeeded) == (NOW, 1)


def test_hour_is_not_told_twice_once_it_is_counted() -> None:
    made(NOW - 10 * A_MINUTE)
    made(NOW + A_MINUTE)
    count_hours(now=NOW + 2 * A_MINUTE)

    assert [tally.succeeded for tally in read().tallies] == [1, 1]


def test_only_so_much_of_the_ledger_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "MOST_READ", 2)
    for _number in range(3):
        made(NOW)

    assert (read().is_cut, tally().succeeded) == (True, 2)


def test_what_nobody_has_counted_for_long_is_not_read() -> None:
    made(NOW - timedelta(hours=5))

    assert read().tallies == ()


def test_rate_is_of_what_succeeded_or_went_wrong() -> None:
    for status in (Status.SUCCEEDED, Status.SUCCEEDED, Status.SUCCEEDED, Status.MISSED, Status.SKIPPED, Status.RUNNING):
        made(NOW, status=status)

    assert tally().rate == 0.75


def test_without_runs_there_is_no_rate() -> None:
    made(NOW, status=Status.SKIPPED)

    assert (tally().rate, tally().late(0.5)) == (None, None)


def test_percentiles_are_within_a_quarter_of_what_they_say() -> None:
    for milliseconds in range(1, 101):
        made(NOW, started_at=NOW + timedelta(milliseconds=milliseconds))
    median, high = tally().late(0.5), tally().late(0.99)
    assert median is not None
    assert high is not None

    assert 0.050 <= median <= 0.063
    assert 0.099 <= high <= 0.126


def test_two_statements_read_all(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    made(NOW)

    with django_assert_num_queries(2):
        read()
