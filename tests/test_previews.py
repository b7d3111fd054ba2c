"""Previews: what comes about is what the engine starts, and what is dropped between is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler import previews
from scheduler.previews import Line, Preview, count_runs, preview
from scheduler.triggers import InvalidSpec
from scheduler.triggers.terms import Terms, occurrences_of
from scheduler.triggers.windows import ALL, ONCE, SKIP, Window, Windows
from tests.triggers.occurrences import NOW, ZONES, any_fields, moments, timetable_of, walk

pytestmark = pytest.mark.pure
# A busy machine is no failure.
patient = settings(deadline=None)


def terms(zone: str = "UTC", **fields: Any) -> Terms:
    try:
        return Terms(timetable=timetable_of(zone, **fields), zone=ZoneInfo(zone))
    except InvalidSpec:
        assume(condition=False)
        raise


def night(policy: str, of: Terms) -> Terms:
    """Lay a window over it, every day from 00:00 to 06:00."""
    window = Window(name="night", timetable=timetable_of(trigger="cron", hour=0), duration=timedelta(hours=6))
    return replace(of, windows=Windows([window]), maintenance=policy)


def ats(found: Preview) -> list[datetime]:
    return [line.occurrence.at for line in found.lines if line.occurrence.at is not None]


def codes(line: Line) -> list[str]:
    return [mark.code for mark in line.occurrence.marks]


@patient
@given(any_fields, st.sampled_from(ZONES), moments, st.integers(1, 12))
def test_runs_are_the_next_ones(fields: dict[str, Any], zone: ZoneInfo, start: datetime, count: int) -> None:
    of = terms(zone.key, **fields)
    found = preview(of, start=start, count=count)
    expected = walk(of.timetable, start - timedelta(microseconds=1), count)

    assert ats(found) == expected[: len(ats(found))]
    assert len(ats(found)) == len(expected) or found.next_start is not None


def test_preview_ends_where_the_engine_gives_up() -> None:
    # The third working day of the month is met twice in a century.
    of = terms(
        trigger="calendarinterval", years=1, days=1, hour=0, start_date="1999-01-01", calendar="work", working_day=3
    )
    start = datetime(1971, 1, 1, tzinfo=UTC)

    assert len(walk(of.timetable, start, 3)) == 1
    assert len(ats(preview(of, start=start, count=3))) == 1


@settings(patient, max_examples=25)
@given(any_fields, st.sampled_from(ZONES), moments, st.sampled_from([SKIP, ONCE, ALL]))
def test_pages_follow_each_other_without_a_gap(
    fields: dict[str, Any], zone: ZoneInfo, start: datetime, policy: str
) -> None:
    of = night(policy, terms(zone.key, **fields))
    whole, next_start, paged = preview(of, start=start, count=6), start, []
    for _page in range(3):
        page = preview(of, start=next_start, count=2)
        paged += ats(page)
        assume(page.next_start is not None and len(ats(page)) == 2)
        assert page.next_start is not None
        next_start = page.next_start

    assert paged == ats(whole)


def test_what_is_dropped_has_its_place_between_the_runs() -> None:
    found = preview(
        terms("America/New_York", trigger="cron", hour=1, minute=30),
        start=datetime(2026, 11, 1, 0, tzinfo=UTC),
        count=2,
    )

    assert [(line.occurrence.planned.day, codes(line)) for line in found.lines] == [(1, []), (1, ["dropped"]), (2, [])]


def test_many_that_are_dropped_in_a_row_are_one_line() -> None:
    found = preview(terms(trigger="cron", minute="*/30", allowed_hours="09:00-10:00"), start=NOW, count=1)
    (line, run) = found.lines

    assert (line.count, line.last and line.last.planned) == (42, datetime.fromisoformat("2026-06-02T08:30"))
    assert run.occurrence.at == datetime(2026, 6, 2, 9, tzinfo=UTC)


def test_too_many_to_look_at_are_leapt_over() -> None:
    found = preview(terms(trigger="interval", seconds=1, allowed_hours="09:00-09:01"), start=NOW, count=61)
    dropped = [line for line in found.lines if line.occurrence.at is None]

    assert [(line.count, line.last) for line in dropped] == [(None, None), (None, None)]
    assert ats(found)[0] == datetime(2026, 6, 2, 9, tzinfo=UTC)
    assert ats(found)[-1] == datetime(2026, 6, 3, 9, tzinfo=UTC)


def test_what_never_comes_about_ends_the_preview() -> None:
    every_minute = night(SKIP, terms(trigger="cron", minute="*", allowed_hours="00:00-05:00"))
    found = preview(every_minute, start=NOW, count=1)

    assert ats(found) == []
    assert len(found.lines) < 100
    assert found.next_start is not None


def test_preview_ends_with_the_runs_that_are_left() -> None:
    found = preview(terms(trigger="cron", hour=9), start=NOW, count=10, left=2)

    assert (len(found.lines), found.next_start) == (2, None)
    assert preview(terms(trigger="cron", hour=9), start=NOW, count=10, left=0).lines == ()
    assert count_runs(terms(trigger="cron", hour=9), NOW, NOW + timedelta(days=5), most=3) == 3


@pytest.mark.parametrize(
    ("policy", "runs"),
    [
        (SKIP, ["06:00", "08:00", "10:00"]),
        (ONCE, ["06:00", "06:00", "08:00"]),
        (ALL, ["06:00", "06:00", "06:00"]),
    ],
)
def test_windows_count(policy: str, runs: list[str]) -> None:
    of = night(policy, terms(trigger="cron", hour="*/2"))

    found = preview(of, start=datetime(2026, 6, 2, tzinfo=UTC), count=3)

    assert [f"{at:%H:%M}" for at in ats(found)] == runs


def test_preview_that_begins_within_a_window_knows_that_a_run_waits_already() -> None:
    of = night(ONCE, terms(trigger="cron", hour="*/2"))

    found = preview(of, start=datetime(2026, 6, 2, 1, tzinfo=UTC), count=1)

    assert [codes(line) for line in found.lines] == [["window"], ["window"], []]


def test_run_that_somebody_has_set_comes_first() -> None:
    due = NOW + timedelta(hours=30, minutes=7)
    found = preview(replace(terms(trigger="cron", hour=13), due=due), start=NOW, count=2)

    assert [codes(line) for line in found.lines] == [["begins_later"], ["begins_later"], ["set"], []]
    assert ats(found) == [due, datetime(2026, 6, 3, 13, tzinfo=UTC)]


def test_next_run_of_the_trigger_itself_changes_nothing() -> None:
    of = terms(trigger="cron", hour=13)

    assert preview(replace(of, due=NOW + timedelta(hours=1)), start=NOW, count=5) == preview(of, start=NOW, count=5)


def test_preview_looks_at_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "MOST_LOOKED_AT", 5)
    found = preview(terms(trigger="cron", hour=9), start=NOW, count=10)

    assert len(found.lines) == 5
    assert found.next_start == datetime(2026, 6, 6, 9, 0, 0, 1, tzinfo=UTC)


@patient
@given(any_fields, st.sampled_from(ZONES), moments)
def test_range_is_told_by_the_same_function(fields: dict[str, Any], zone: ZoneInfo, start: datetime) -> None:
    of = terms(zone.key, **fields)
    found = preview(of, start=start, count=3)
    assume(ats(found) and all(line.count == 1 for line in found.lines))

    told = list(occurrences_of(of, start, ats(found)[-1]))

    assert told == [line.occurrence for line in found.lines]
