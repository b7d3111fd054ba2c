"""When maintenance windows are in force, and what becomes of the occurrences in them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.triggers import Occurrence
from scheduler.triggers.instants import MICROSECOND
from scheduler.triggers.windows import FOREVER, MOST_JOINED, Span, Window, Windows, covering, with_windows
from tests.triggers.occurrences import NOW, timetable_of

pytestmark = pytest.mark.pure

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def at(text: str) -> datetime:
    """Return a time of the day of the tests, in UTC."""
    return datetime.fromisoformat(f"2026-06-02T{text}Z")


def window(name: str = "night", *, duration: timedelta = HOUR, tags: Sequence[str] = (), **fields: Any) -> Window:
    fields = fields or {"trigger": "cron", "hour": 2}
    return Window(name=name, timetable=timetable_of(**fields), duration=duration, tags=frozenset(tags))


def once(name: str, start: str, duration: timedelta = HOUR) -> Window:
    return window(name, duration=duration, run_date=at(start).isoformat())


def test_start_belongs_to_the_window_and_the_end_does_not() -> None:
    inside = [covering([window()], at(text)) is not None for text in ("01:59:59", "02:00", "02:59:59.999999", "03:00")]

    assert inside == [False, True, True, False]


def test_span_names_the_window_and_when_it_begins_and_ends() -> None:
    span = covering([window()], at("02:30"))

    assert span is not None
    assert (span.windows, span.start, span.end) == (("night",), at("02:00"), at("03:00"))


def test_single_window_is_in_force_once() -> None:
    single = once("deploy", "10:00")

    assert covering([single], at("10:30"))
    assert not covering([single], at("10:30") + timedelta(days=1))


@pytest.mark.parametrize("second", ["02:30", "03:00"])
def test_windows_that_overlap_or_touch_are_one_span(second: str) -> None:
    windows = [window("first"), once("second", second)]

    spans = [covering(windows, at(text)) for text in ("02:10", "02:59", "03:20")]

    assert {(span.windows, span.start, span.end) for span in spans if span} == {
        (("first", "second"), at("02:00"), at(second) + HOUR)
    }
    assert None not in spans


def test_window_that_overlaps_itself_is_one_span() -> None:
    often = window(duration=90 * MINUTE, trigger="cron", hour="2-4")

    span = covering([often], at("02:00"))

    assert span is not None
    assert (span.start, span.end) == (at("02:00"), at("05:30"))


def test_windows_that_never_end_are_answered_all_the_same() -> None:
    always = window(duration=HOUR, trigger="cron", minute="*/30")

    span = covering([always], at("12:00"))

    assert span is not None
    assert span.start <= at("12:00") < span.end


def test_wall_clock_of_a_window_is_that_of_its_zone() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    tokyo = Window(name="night", timetable=timetable_of(zone.key, trigger="cron", hour=2), duration=HOUR, zone=zone)

    span = covering([tokyo], datetime(2026, 6, 2, 2, 30, tzinfo=zone))

    assert span is not None
    assert span.skipped == "In the maintenance window night, until 2026-06-02 03:00:00+08:00."


@pytest.mark.parametrize(
    ("tags", "concerned"), [([], True), (["billing"], True), (["billing", "x"], True), (["x"], False)]
)
def test_window_concerns_jobs_with_any_of_its_tags_or_all(tags: list[str], concerned: bool) -> None:
    windows = Windows([window(tags=tags)])

    assert bool(windows.covering(at("02:30"), frozenset({"billing", "nightly"}))) == concerned
    assert bool(windows.covering(at("02:30"))) == (not tags)


def test_stretches_follow_each_other_without_a_gap() -> None:
    windows = Windows([window(), once("deploy", "10:00")])
    stretch, bounds = windows.stretch(at("00:00")), []
    for _number in range(4):
        bounds.append((stretch.end, stretch.span is None))
        stretch = windows.stretch(stretch.end)

    assert bounds == [(at("02:00"), True), (at("03:00"), False), (at("10:00"), True), (at("11:00"), False)]


def test_without_a_window_to_come_the_stretch_never_ends() -> None:
    assert Windows([once("deploy", "10:00")]).stretch(at("12:00")).end == FOREVER


def moments(*texts: str) -> list[Occurrence]:
    return [Occurrence(planned=at(text).replace(tzinfo=None), at=at(text)) for text in texts]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("skip", ["01:50", None, None, "03:00"]),
        ("once", ["01:50", "03:00", None, "03:00"]),
        ("all", ["01:50", "03:00", "03:00", "03:00"]),
    ],
)
def test_policy_says_what_becomes_of_occurrences_in_a_window(policy: str, expected: list[str | None]) -> None:
    occurrences = moments("01:50", "02:00", "02:30", "03:00")

    found = list(with_windows(occurrences, Windows([window()]), policy=policy))

    assert [each.at for each in found] == [text and at(text) for text in expected]
    assert [[mark.code for mark in each.marks] for each in found] == [[], ["window"], ["window"], []]


def test_once_means_once_for_each_span() -> None:
    occurrences = moments("02:10", "02:20", "10:10", "10:20")

    found = with_windows(occurrences, Windows([window(), once("deploy", "10:00")]), policy="once")

    assert [each.at for each in found] == [at("03:00"), None, at("11:00"), None]


def test_reason_of_each_fate_names_the_window_and_its_end() -> None:
    occurrences = moments("02:10", "02:20")

    reasons = [
        mark.reason
        for policy in ("once", "skip")
        for each in with_windows(occurrences, Windows([window()]), policy=policy)
        for mark in each.marks
    ]

    assert reasons == [
        "Postponed to 2026-06-02 03:00:00+00:00 by the maintenance window night.",
        "In the maintenance window night, until 2026-06-02 03:00:00+00:00; the job runs once after it.",
        *["In the maintenance window night, until 2026-06-02 03:00:00+00:00."] * 2,
    ]


def test_what_was_dropped_before_stays_as_it_is() -> None:
    dropped = Occurrence(planned=datetime(2026, 6, 2, 2, 30), at=None)  # noqa: DTZ001 - a time on the wall

    assert list(with_windows([dropped], Windows([window()]), policy="all")) == [dropped]


@st.composite
def some_windows(draw: st.DrawFn) -> list[Window]:
    """Windows of which no single one overlaps itself; together they may."""
    every = st.integers(2, 600)
    windows = []
    for number in range(draw(st.integers(1, 4))):
        minutes = draw(every)
        start = NOW + MINUTE * draw(st.integers(-1000, 1000))
        fields: dict[str, Any] = {"trigger": "interval", "minutes": minutes, "start_date": start.isoformat()}
        windows.append(window(f"w{number}", duration=MINUTE * draw(st.integers(1, minutes - 1)), **fields))
    return windows


offsets = st.integers(-1000, 1000).map(lambda minutes: NOW + minutes * MINUTE)


def is_in_any(windows: Sequence[Window], moment: datetime) -> bool:
    """Look minute by minute whether a window began less than its duration ago: all of them begin at full minutes."""
    return any(
        each.timetable.next_after(start - MICROSECOND) == start
        for each in windows
        for start in (moment - minutes * MINUTE for minutes in range(each.duration // MINUTE))
    )


def never_ends(windows: Sequence[Window], span: Span) -> bool:
    """Tell whether there were too many spans to join, as where windows take turns for ever."""
    goes_on = is_in_any(windows, span.end) or is_in_any(windows, span.start - MINUTE)
    return goes_on and span.end - span.start > MOST_JOINED * MINUTE


@given(windows=some_windows(), moment=offsets)
def test_a_moment_is_covered_exactly_where_a_window_began_and_has_not_ended(
    windows: list[Window], moment: datetime
) -> None:
    assert (covering(windows, moment) is not None) == is_in_any(windows, moment)


@given(windows=some_windows(), moment=offsets)
def test_all_moments_of_a_span_name_the_same_span(windows: list[Window], moment: datetime) -> None:
    span = covering(windows, moment)
    if span is None or never_ends(windows, span):
        return

    assert span.start <= moment < span.end
    assert not is_in_any(windows, span.end)
    assert not is_in_any(windows, span.start - MINUTE)
    assert all(covering(windows, each) == span for each in (span.start, span.end - MINUTE))


@given(windows=some_windows(), asked=st.lists(offsets, min_size=1, max_size=20))
def test_memory_changes_no_answer(windows: list[Window], asked: list[datetime]) -> None:
    remembering = Windows(windows)

    for moment in asked:
        span, answer = Windows(windows).covering(moment), remembering.covering(moment)
        assert answer == span or (span and answer and never_ends(windows, span))


def test_instants_at_the_ends_of_the_calendar_are_answered() -> None:
    windows = Windows([window(duration=timedelta(days=31), trigger="interval", weeks=6, start_date="9999-12-20")])

    assert windows.covering(datetime(1, 1, 2, tzinfo=UTC)) is None
    assert windows.covering(datetime(9999, 12, 25, tzinfo=UTC))
