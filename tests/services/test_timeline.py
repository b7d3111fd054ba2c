"""The timeline has the jobs that are due next, and of each what a line can show."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from scheduler.models import Job, Schedule, Status
from scheduler.services import timeline
from scheduler.services.jobs import pause_job
from scheduler.services.timeline import Row, read_timeline
from scheduler.services.windows import create_window
from tests.overview.rows import made
from tests.services.rows import NEXT_HOURLY, NOW, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
AN_HOUR = timedelta(hours=1)


def rows() -> dict[str, Row]:
    return {row.job_id: row for row in read_timeline(now=NOW).rows}


def test_jobs_stand_in_the_order_in_which_they_are_due() -> None:
    make_job("b", trigger="cron", hour="12-16", minute=45)
    make_job("c")
    make_job("tomorrow", trigger="cron", hour=9)

    assert list(rows()) == ["c", "b"]


def test_jobs_that_are_due_soon_keep_their_places() -> None:
    make_job("c", trigger="interval", minutes=5, start_date="2026-06-01T00:01:00+00:00")
    make_job("b", trigger="interval", minutes=5, start_date="2026-06-01T00:03:00+00:00")
    make_job("a")

    found = read_timeline(now=NOW)

    assert [row.job_id for row in found.rows] == ["b", "c", "a"]
    assert found.next is not None
    assert found.next.job_id == "c"


def test_coming_runs_are_those_of_the_trigger_until_the_end() -> None:
    make_job()

    row = rows()["job"]

    assert row.next_run_time == NEXT_HOURLY
    assert list(row.coming) == [NEXT_HOURLY + number * AN_HOUR for number in range(5)]
    assert not row.is_coming_cut


def test_next_run_that_somebody_has_set_comes_first() -> None:
    make_job()
    Schedule.objects.update(next_run_time=NOW + timedelta(minutes=7))

    assert list(rows()["job"].coming[:2]) == [NOW + timedelta(minutes=7), NEXT_HOURLY]


def test_run_that_is_overdue_is_shown_where_it_should_have_been() -> None:
    make_job()
    Schedule.objects.update(next_run_time=NEXT_HOURLY - AN_HOUR)

    assert rows()["job"].coming[0] == NEXT_HOURLY - AN_HOUR


def test_paused_jobs_have_no_line() -> None:
    make_job()
    pause_job("job")

    assert rows() == {}


def test_runs_that_are_left_to_a_job_are_all_that_come() -> None:
    make_job(max_runs=2)

    assert len(rows()["job"].coming) == 2


def test_unreadable_job_has_a_line_without_runs() -> None:
    make_job()
    Job.objects.update(trigger=5, timezone="Mars")

    assert rows()["job"].coming == ()


def test_past_runs_are_those_of_the_last_hour() -> None:
    make_job()
    made(NOW - timedelta(minutes=61))
    wanted = made(NOW - timedelta(minutes=30), status=Status.FAILED)
    made(NOW - timedelta(minutes=30), job_id="other")

    assert [run.pk for run in rows()["job"].past] == [wanted.pk]


def test_of_many_runs_the_nearest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MOST_RUNS", 3)
    make_job()
    for number in range(5):
        made(NOW - timedelta(minutes=10 * (5 - number)))

    row = rows()["job"]

    assert [run.scheduled_for for run in row.past] == [NOW - timedelta(minutes=minutes) for minutes in (30, 20, 10)]
    assert list(row.coming) == [NEXT_HOURLY + number * AN_HOUR for number in range(3)]
    assert (row.is_past_cut, row.is_coming_cut) == (True, True)


def test_window_shows_on_the_lines_that_it_concerns_and_moves_their_runs() -> None:
    make_job("concerned", tags=["billing"], maintenance="once")
    make_job("free")
    window = {"trigger": "date", "run_date": NOW.isoformat(), "duration_seconds": 7200, "tags": ["billing"]}
    create_window({"name": "move", **window})

    found = rows()

    assert [(span.start, span.end) for span in found["concerned"].spans] == [(NOW, NOW + 2 * AN_HOUR)]
    assert found["concerned"].coming[0] == NOW + 2 * AN_HOUR
    assert (found["free"].spans, found["free"].coming[0]) == ((), NEXT_HOURLY)


def test_statements_are_as_many_however_many_jobs(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(20):
        make_job(f"job-{number}")
    timeline._latest_runs.cache_clear()

    with django_assert_num_queries(3):
        found = read_timeline(now=NOW).rows

    assert len(found) == timeline.MOST_JOBS


def test_nothing_due_is_no_line(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        assert read_timeline(now=NOW).rows == ()
