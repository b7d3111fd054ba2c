"""Crontab expressions agree with cronsim, a well-kept implementation of Debian's cron that shares no line with ours."""

from datetime import datetime
from itertools import islice

import pytest
from cronsim import CronSim, CronSimError

from scheduler.triggers.base import InvalidField
from scheduler.triggers.crontab import read_crontab
from tests.triggers.crontabs import crontabs
from tests.triggers.walls import wall, walls

pytestmark = pytest.mark.pure

START = wall("2026-06-01 12:34:56")
EXPRESSIONS = 5000
OCCURRENCES = 50


def ours(text: str) -> list[datetime]:
    return walls(text, START, OCCURRENCES)


def theirs(text: str, count: int = OCCURRENCES) -> list[datetime]:
    try:
        return list(islice(CronSim(text, START), count))
    except CronSimError:
        # It refuses some of what can never fire, and finds nothing of the rest.
        return []


def test_random_expressions_name_the_same_times_as_in_cronsim() -> None:
    differing = [each for each in crontabs(EXPRESSIONS) if ours(each.ours) != theirs(each.theirs)]

    assert differing == []


def test_random_expressions_can_ever_fire_where_cronsim_finds_a_time() -> None:
    expressions = list(crontabs(EXPRESSIONS))
    fires = [read_crontab(each.ours, seed="").can_ever_fire() for each in expressions]

    assert fires == [bool(theirs(each.theirs, 1)) for each in expressions]
    assert False in fires


@pytest.mark.parametrize(
    "text",
    [
        "0 22-3 * * *",
        "0 0 * nov-feb *",
        "0 0 ? * 1",
        "0 0 * * friL",
        "0 0 L-3 * *",
        "0 0 15W * *",
        "H * * * *",
        "@daily",
    ],
)
def test_cronsim_refuses_what_is_ours_alone(text: str) -> None:
    assert ours(text)
    with pytest.raises(CronSimError):
        CronSim(text, START)


@pytest.mark.parametrize("text", ["0 0 L/2 * *", "0 0 LW/2 * *"])
def test_cronsim_ignores_a_step_after_the_last_day_and_we_refuse_it(text: str) -> None:
    assert theirs(text) == theirs(text.replace("/2", ""))
    with pytest.raises(InvalidField):
        ours(text)


def test_cronsim_takes_a_stepped_range_of_one_value_as_open_and_we_as_a_range() -> None:
    assert theirs("10-10/20 * * * *") == theirs("10,30,50 * * * *")
    assert ours("10-10/20 * * * *") == ours("10 * * * *")
