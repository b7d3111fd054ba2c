"""Crontab expressions agree with cronsim through clock changes; it is an implementation of Debian's cron, not ours."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim, CronSimError

from scheduler.triggers.clockpolicies import Policies
from scheduler.triggers.crontab import read_crontab
from scheduler.triggers.walltimetable import WallTimetable
from tests.triggers.crontabs import crontabs
from tests.triggers.occurrences import walk

pytestmark = pytest.mark.pure

EXPRESSIONS = 5000
OCCURRENCES = 50
# Walls some hours before a gap, an overlap and the leap day. In Shanghai the clocks stay as they are.
STARTS = {
    "America/New_York": ["2026-03-07T20:00", "2026-10-31T20:00", "2027-03-13T12:00", "2028-02-28T12:00"],
    "Europe/London": ["2026-03-28T18:00", "2026-10-24T18:00", "2027-03-27T12:00", "2028-02-28T12:00"],
    "Asia/Shanghai": ["2026-03-07T20:00", "2026-10-31T20:00", "2027-03-13T12:00", "2028-02-28T12:00"],
}
CLOCK_LIKE = Policies(gap="skip", overlap="both")
MORNING_OF_GAP = datetime(2026, 3, 8, tzinfo=ZoneInfo("America/New_York"))


def ours(text: str, start: datetime, policies: Policies | None = None, count: int = OCCURRENCES) -> list[datetime]:
    rule = read_crontab(text, seed="")
    assert start.tzinfo
    return walk(WallTimetable(rule, start.tzinfo, policies or Policies.of(rule)), start, count)


def theirs(text: str, start: datetime, count: int = OCCURRENCES) -> list[datetime]:
    try:
        return [moment.astimezone(UTC) for moment in islice(CronSim(text, start), count)]
    except CronSimError:
        # It refuses some of what can never fire.
        return []


def policies_of_cronsim(text: str) -> Policies | None:
    """To cronsim every expression with seconds follows the clock; to us only those whose minute or hour has a star."""
    return CLOCK_LIKE if len(text.split()) == 6 else None


@pytest.mark.parametrize("zone", STARTS)
def test_random_expressions_run_when_they_run_in_cronsim(zone: str) -> None:
    random = Random(zone)
    differing = []
    for each in crontabs(EXPRESSIONS):
        start = datetime.fromisoformat(random.choice(STARTS[zone])).replace(tzinfo=ZoneInfo(zone))
        start += timedelta(minutes=random.randrange(0, 300))
        if ours(each.ours, start, policies_of_cronsim(each.ours)) != theirs(each.theirs, start):
            differing.append((each, start))

    assert differing == []


def test_certain_times_with_seconds_are_skipped_by_cronsim_and_run_after_the_gap_here() -> None:
    text = "15 30 2 * * *"
    after_gap = datetime(2026, 3, 8, 7, tzinfo=UTC)

    assert theirs(text, MORNING_OF_GAP, 1) == [datetime(2026, 3, 9, 6, 30, 15, tzinfo=UTC)]
    assert ours(text, MORNING_OF_GAP, count=1) == [after_gap]
    assert ours(text.removeprefix("15 "), MORNING_OF_GAP, count=1) == [after_gap]


def test_cronsim_is_late_where_a_change_is_no_whole_hour() -> None:
    """It steps from hour to hour of elapsed time, and so past 04:00 to 04:30."""
    start = datetime(2026, 4, 5, 0, tzinfo=ZoneInfo("Australia/Lord_Howe"))
    text = "*/30 4 * * *"

    assert theirs(text, start, 1) == [datetime(2026, 4, 4, 18, 0, tzinfo=UTC)]
    assert ours(text, start, count=1) == [datetime(2026, 4, 4, 17, 30, tzinfo=UTC)]


def test_cronsim_runs_a_rule_of_six_hours_at_one_where_midnight_is_skipped() -> None:
    start = datetime(2026, 4, 23, 20, tzinfo=ZoneInfo("Africa/Cairo"))

    assert theirs("0 */6 * * 5", start, 1) == [datetime(2026, 4, 23, 22, tzinfo=UTC)]
    assert ours("0 */6 * * 5", start, count=1) == [datetime(2026, 4, 24, 3, tzinfo=UTC)]
