"""Events that last whole days, as calendars export them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendars import InvalidFile, read_file

pytestmark = pytest.mark.pure

HEAD = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN"]
NATIONAL_DAY = ["DTSTART;VALUE=DATE:20261001", "DTEND;VALUE=DATE:20261003", "SUMMARY:National Day"]
SATURDAY = ["DTSTART;VALUE=DATE:20261010", "SUMMARY:Make-up day"]


def file_of(*events: list[str]) -> bytes:
    """Return an iCalendar file of events, each given as its lines."""
    lines = [line for event in events for line in ("BEGIN:VEVENT", "UID:x", *event, "END:VEVENT")]
    return "\r\n".join([*HEAD, *lines, "END:VCALENDAR", ""]).encode()


def read(*events: list[str], working: bool = False) -> dict[date, tuple[bool, str]]:
    days = read_file("days.ics", file_of(*events), working=working)
    return {day: (special.is_working, special.name) for day, special in days.items()}


def mistakes(*events: list[str]) -> list[str]:
    with pytest.raises(InvalidFile) as caught:
        read(*events)
    return caught.value.sentences


def test_event_is_of_days_off_and_its_end_is_not_one_of_them() -> None:
    assert read(NATIONAL_DAY) == {
        date(2026, 10, 1): (False, "National Day"),
        date(2026, 10, 2): (False, "National Day"),
    }


def test_event_without_an_end_lasts_a_day_and_one_with_a_duration_as_long_as_that() -> None:
    assert list(read(SATURDAY)) == [date(2026, 10, 10)]
    assert list(read([*SATURDAY, "DURATION:P2D"])) == [date(2026, 10, 10), date(2026, 10, 11)]
    assert list(read([*SATURDAY, "DTEND;VALUE=DATE:20261010"])) == [date(2026, 10, 10)]


@pytest.mark.parametrize("category", ["working", "WORKING", "Workday", "Working day", "Company,Working"])
def test_category_makes_it_a_working_day(category: str) -> None:
    assert read([*SATURDAY, f"CATEGORIES:{category}"])[date(2026, 10, 10)][0]


def test_all_events_of_a_file_may_be_said_to_be_working_days() -> None:
    assert read(SATURDAY, working=True)[date(2026, 10, 10)][0]


def test_marks_of_apples_calendars_are_understood_and_mere_notes_passed_over() -> None:
    found = read(
        [*NATIONAL_DAY, "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY"],
        [*SATURDAY, "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"],
        ["DTSTART;VALUE=DATE:20261018", "SUMMARY:Double Ninth"],
        working=True,
    )

    assert [(day.day, is_working) for day, (is_working, _name) in found.items()] == [(1, False), (2, False), (10, True)]


def test_cancelled_event_does_not_count() -> None:
    assert read([*SATURDAY, "STATUS:CANCELLED"]) == {}


def test_several_events_of_one_day_become_one_of_all_their_names() -> None:
    assert read(SATURDAY, [*SATURDAY[:1], "SUMMARY:Outing"], SATURDAY) == {
        date(2026, 10, 10): (False, "Make-up day, Outing")
    }


def test_name_is_cut_to_what_a_column_holds() -> None:
    assert len(read([*SATURDAY[:1], f"SUMMARY:{'x' * 300}"])[date(2026, 10, 10)][1]) == 255


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (["DTSTART:20261010T090000Z", "SUMMARY:Meeting"], 'The event "Meeting" does not last whole days.'),
        ([*SATURDAY, "RRULE:FREQ=YEARLY"], 'The event "Make-up day" repeats; write each of its days.'),
        (["SUMMARY:Never"], 'The event "Never": No DTSTART given.'),
        ([*SATURDAY, "DTEND;VALUE=DATE:20301010"], 'The event "Make-up day" lasts longer than a year.'),
    ],
)
def test_event_that_cannot_be_read_is_named(event: list[str], said: str) -> None:
    assert mistakes(event, NATIONAL_DAY) == [said]


def test_day_cannot_be_off_and_worked() -> None:
    said = mistakes(SATURDAY, [*SATURDAY, "CATEGORIES:working"])

    assert said == ["2026-10-10 is a working day by one event, and a day off by another."]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\n\n"])
def test_lines_may_end_as_anybody_ends_them(ending: str) -> None:
    content = file_of([*SATURDAY, "DESCRIPTION:On", " e day"]).replace(b"\r\n", ending.encode())

    assert list(read_file("days.ics", content)) == [date(2026, 10, 10)]


def test_mistake_does_not_quote_the_whole_file() -> None:
    with pytest.raises(InvalidFile) as caught:
        read_file("days.ics", file_of(SATURDAY, *[NATIONAL_DAY] * 100) * 2)

    assert len(caught.value.sentences[0]) < 200


@pytest.mark.parametrize("content", [b"", b"hello", b"BEGIN:VCALENDAR\r\n", b"\xff\xfe", b"BEGIN:VEVENT\r\nEND:VEVENT"])
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidFile):
        read_file("days.ics", content)


LINES = st.sampled_from(
    [
        "DTSTART;VALUE=DATE:20261001", "DTSTART:x", "DTSTART;TZID=Nowhere:20261001T000000", "DTEND;VALUE=DATE:20260901",
        "DURATION:-P1D", "DURATION:P99999999999D", "RDATE:x", "EXDATE:x", "CATEGORIES:", "SUMMARY",
        "X-APPLE-SPECIAL-DAY:", "DTSTART;VALUE=DATE:99991231", "BEGIN:VALARM", "END:VALARM", "STATUS:CANCELLED",
        "DTSTART;VALUE=PERIOD:x/y",
    ]
)  # fmt: skip


@given(st.lists(st.lists(LINES | st.text(max_size=20), max_size=5), max_size=3).map(lambda each: file_of(*each)))
def test_no_file_raises_anything_else(content: bytes) -> None:
    with suppress(InvalidFile):
        read_file("days.ics", content)
