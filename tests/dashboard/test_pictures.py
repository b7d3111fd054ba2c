"""Charts, heat map and timeline as pictures: where things stand, and what is said of them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from scheduler.dashboard.charts import Charts, draw_charts
from scheduler.dashboard.heat import Day, draw_heat
from scheduler.dashboard.timeline import draw_timeline
from scheduler.models import Execution, Forecast
from scheduler.overview.hours import Hours, Tally
from scheduler.services.timeline import AFTER, BEFORE, Row, Timeline

pytestmark = pytest.mark.pure

NOW = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


def hours(*tallies: Tally, starts: dict[datetime, int] | None = None) -> Hours:
    return Hours(tallies=tallies, starts=starts or {}, is_cut=False)


def tally(start: datetime, *, succeeded: int = 0, failed: int = 0, lateness: dict[int, int] | None = None) -> Tally:
    return Tally(start=start, counts=Counter(succeeded=succeeded, failed=failed), lateness=Counter(lateness or {}))


def charts(*tallies: Tally, chosen: str = "day") -> Charts:
    return draw_charts(hours(*tallies), chosen, now=NOW)


def test_last_column_is_the_present_hour_and_there_are_24() -> None:
    drawn = charts(tally(NOW.replace(minute=0), succeeded=1), tally(NOW.replace(minute=0) - 23 * AN_HOUR, failed=2))

    assert [(column.label, column.succeeded, column.failed) for column in (drawn.columns[0], drawn.columns[-1])] == [
        ("13:00", 0, 2),
        ("12:00", 1, 0),
    ]


def test_days_are_those_of_the_readers_clock() -> None:
    late = tally(datetime(2026, 5, 31, 23, tzinfo=UTC), succeeded=1)

    with timezone.override(ZoneInfo("Asia/Shanghai")):
        in_shanghai = charts(late, chosen="fortnight").columns[-1]

    assert (in_shanghai.label, in_shanghai.succeeded) == ("06-01", 1)
    assert charts(late, chosen="fortnight").columns[-2].succeeded == 1


def test_clock_change_makes_no_day_more_or_less() -> None:
    with timezone.override(ZoneInfo("Europe/London")):
        now = datetime(2026, 4, 2, 12, tzinfo=UTC)
        labels = [column.label for column in draw_charts(hours(), "fortnight", now=now).columns]

    assert labels == [*(f"03-{day}" for day in range(20, 32)), "04-01", "04-02"]


def test_rate_is_cut_off_and_not_rounded_up() -> None:
    assert charts(tally(NOW - AN_HOUR, succeeded=9_999, failed=1)).rate == "99.9 %"
    assert charts(tally(NOW - AN_HOUR, succeeded=9_999)).rate == "100 %"
    assert charts().rate == "–"


def test_few_failures_beside_many_successes_can_be_seen() -> None:
    column = charts(tally(NOW - AN_HOUR, succeeded=100_000, failed=1)).columns[-2]

    assert column.failed_height > 2
    assert column.succeeded_height == 100


def test_lateness_stands_on_a_scale_of_powers_of_ten() -> None:
    drawn = charts(tally(NOW - AN_HOUR, lateness={9: 98, 29: 2}))

    assert (drawn.median, drawn.high) == ("10 ms", "1 s")
    assert (drawn.columns[-2].median_at, drawn.columns[-2].high_at) == (33.3, 100.0)
    assert drawn.columns[0].high_at is None


def days(
    starts: dict[datetime, int], forecast: dict[datetime, int] | None = None, *, zone: str = "UTC"
) -> dict[str, Day]:
    first = NOW.replace(minute=30)
    foretold = [(forecast or {}).get(first + number * timedelta(minutes=5), 0) for number in range(1000)]
    made = Forecast(made_at=NOW, start=first, starts=foretold) if forecast else None
    with timezone.override(ZoneInfo(zone)):
        drawn = draw_heat(hours(starts=starts), made, now=NOW)
    return {day.label: day for day in drawn.days}


def test_map_goes_from_yesterday_to_the_third_day_from_now() -> None:
    assert list(days({})) == ["Sun 31", "Mon 1", "Tue 2", "Wed 3", "Thu 4"]


def test_two_bins_are_one_cell_and_what_comes_is_marked() -> None:
    found = days({NOW - 2 * AN_HOUR: 3, NOW - 2 * AN_HOUR + timedelta(minutes=5): 4}, {NOW + AN_HOUR: 5})["Mon 1"]

    assert [(cell.title, cell.is_coming) for cell in found.cells] == [("10:30: 7", False), ("13:30: 5", True)]
    assert (found.total, found.busiest, found.now) == (12, "10:30: 7", 75.0)


def test_cells_stand_on_the_readers_clock() -> None:
    found = days({NOW: 1}, zone="Asia/Kolkata")["Mon 1"]

    assert [cell.number for cell in found.cells] == [18 * 6]


def test_least_has_the_first_level_and_most_the_last() -> None:
    found = days({NOW - AN_HOUR: 1, NOW - 2 * AN_HOUR: 10_000})["Mon 1"]

    assert [cell.level for cell in found.cells] == [5, 1]


def test_one_herd_does_not_take_all_colour_from_the_others() -> None:
    quiet = {NOW - number * timedelta(minutes=10): number for number in range(1, 72)}
    found = days({**quiet, NOW - 12 * AN_HOUR: 100_000})["Mon 1"]

    assert Counter(cell.level for cell in found.cells).keys() == {1, 2, 3, 4, 5}


def test_marks_stand_in_the_picture_where_their_moments_are() -> None:
    run = Execution(id=1, status="succeeded", scheduled_for=NOW - AN_HOUR / 2, started_at=NOW - AN_HOUR / 2)
    run.finished_at = NOW
    row = Row(
        job_id="job",
        name="Job",
        next_run_time=NOW + AN_HOUR,
        past=(run,),
        coming=(NOW + AN_HOUR,),
        spans=(),
        is_past_cut=False,
        is_coming_cut=True,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scheduler.dashboard.timeline.job_url", lambda job_id: f"/{job_id}")
        drawn = draw_timeline(
            Timeline(start=NOW - BEFORE, now=NOW, end=NOW + AFTER, next=row, rows=(row,)), with_past=True
        )

    (line,) = drawn.lines
    assert drawn.now == 16.67
    assert [(mark.left, mark.width, mark.status) for mark in line.marks] == [
        (8.33, 8.34, "succeeded"),
        (33.33, 0, "coming"),
    ]
    assert [(band.left, band.width) for band in line.dense] == [(33.33, 66.67)]
    assert [moment.strftime("%H:%M") for _place, moment in drawn.hours] == [f"{hour}:00" for hour in range(12, 18)]
