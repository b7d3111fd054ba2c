"""Courses are what `occurrences_of` tells, in bulk: with windows, a next run set by hand, and a number of runs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.simulation import Question, Subject
from scheduler.simulation.courses import Courses
from scheduler.triggers import InvalidSpec
from scheduler.triggers.instants import moment_of
from scheduler.triggers.terms import trace_of
from scheduler.triggers.timetable import Crowded
from scheduler.triggers.windows import ALL, ONCE, SKIP, Window, Windows
from tests.simulation.subjects import WEEK, subject
from tests.triggers.occurrences import NOW, ZONES, any_fields, timetable_of

pytestmark = pytest.mark.pure
MOST = 500
WINDOWS = Windows(
    [
        Window(name="night", timetable=timetable_of(trigger="cron", hour="2,14"), duration=timedelta(hours=3)),
        Window(name="odd", timetable=timetable_of(trigger="interval", minutes=47), duration=timedelta(minutes=11)),
    ]
)
questions = st.builds(
    Question,
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    length=st.integers(1, 10 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    zone=st.just(UTC),
    cap=st.just(20),
)


def drawn(fields: dict[str, Any], zone: ZoneInfo) -> Subject:
    try:
        return subject(zone=zone.key, **fields)
    except InvalidSpec:
        assume(condition=False)
        raise


@given(
    any_fields,
    st.sampled_from(ZONES),
    questions,
    st.sampled_from([None, SKIP, ONCE, ALL]),
    st.none() | st.integers(0, 12 * 24 * 60),
)
def test_course_is_what_is_told_one_by_one(
    fields: dict[str, Any], zone: ZoneInfo, question: Question, policy: str | None, due: int | None
) -> None:
    of = drawn(fields, zone)
    windows = WINDOWS if policy else Windows()
    due_at = None if due is None else question.start + timedelta(minutes=due)
    terms = replace(of.terms, windows=windows, maintenance=policy or SKIP, due=due_at)
    try:
        course = Courses(question, most=MOST).of(replace(of, terms=terms))
    except Crowded:
        assume(condition=False)
        raise

    told = [(when, each.at) for when, each in trace_of(terms, question.start, question.end) if each.at is not None]

    pairs = zip(course.scheduled, course.starts, strict=True)
    assert [(moment_of(when), moment_of(start)) for when, start in pairs] == told


def test_job_ends_with_its_last_run() -> None:
    assert len(Courses(WEEK, most=MOST).of(subject(trigger="cron", hour=9, left=3)).starts) == 3


def test_paused_job_has_no_course() -> None:
    assert Courses(WEEK, most=MOST).of(subject(trigger="cron", hour=9, is_paused=True)).starts == ()


def test_all_courses_together_have_a_limit() -> None:
    courses = Courses(WEEK, most=200)
    courses.of(subject("one", trigger="interval", hours=1))

    with pytest.raises(Crowded):
        courses.of(subject("two", trigger="interval", hours=1))


def test_equal_keys_share_a_course() -> None:
    courses = Courses(WEEK, most=200)
    one = subject("one", trigger="interval", hours=1)

    assert courses.of(one) is courses.of(replace(one, id="two"))


def test_run_that_somebody_has_set_is_the_first() -> None:
    of = subject(trigger="cron", hour=9)
    due = NOW + timedelta(hours=50, minutes=3)

    course = Courses(WEEK, most=MOST).of(replace(of, terms=replace(of.terms, due=due)))

    assert [moment_of(stamp) for stamp in course.starts[:2]] == [due, datetime(2026, 6, 4, 9, tzinfo=UTC)]
