"""Crontab expressions: the day of the month, the weekday, and the days counted from the month's ends."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from itertools import takewhile

import pytest

from scheduler.triggers.crontab import read_crontab
from tests.triggers.walls import days, wall, walls

pytestmark = pytest.mark.pure

JUNE = wall("2026-05-31 23:59:59")
FOUR_YEARS = [date(2026, 1, 1) + timedelta(days=count) for count in range(365 * 4 + 1)]
FRIDAY = 5


def dates(text: str) -> list[date]:
    """Return the days of four years that an expression names."""
    found = [each.date() for each in walls(text, wall("2025-12-31"), len(FOUR_YEARS) + 1)]
    return list(takewhile(lambda day: day <= FOUR_YEARS[-1], found))


def those(claim: Callable[[date], bool]) -> list[date]:
    return [day for day in FOUR_YEARS if claim(day)]


def length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def nearest_workday(day: date) -> date:
    """Look around the day, nearer days first, and stay in its month."""
    around = sorted(range(-2, 3), key=abs)
    found = (day + timedelta(days=count) for count in around)
    return next(each for each in found if each.isoweekday() < 6 and each.month == day.month)


def test_restricted_day_and_weekday_are_either() -> None:
    assert days("0 0 13 * 5", JUNE, 4) == ["Fri 2026-06-05", "Fri 2026-06-12", "Sat 2026-06-13", "Fri 2026-06-19"]


@pytest.mark.parametrize("text", ["0 0 */12 * 5", "0 0 ?/12 * 5", "0 0 1,13,25 * */5"])
def test_day_or_weekday_that_begins_with_a_star_makes_it_both(text: str) -> None:
    weekdays = [FRIDAY, 7] if text.endswith("/5") else [FRIDAY]

    assert dates(text) == those(lambda day: day.day in (1, 13, 25) and day.isoweekday() in weekdays)


def test_list_that_begins_with_a_star_is_everything_and_makes_it_both() -> None:
    assert dates("0 0 *,13 * 5") == those(lambda day: day.isoweekday() == FRIDAY)
    assert dates("0 0 13 * *,5") == those(lambda day: day.day == 13)


def test_star_further_back_in_a_field_leaves_it_either() -> None:
    assert dates("0 0 13,* * 5") == FOUR_YEARS


@pytest.mark.parametrize("text", ["0 0 ? * *", "0 0 * * ?", "0 0 ? * ?"])
def test_question_mark_is_a_star(text: str) -> None:
    assert dates(text) == FOUR_YEARS


@pytest.mark.parametrize("last", ["L", "l", "L,L"])
def test_l_is_the_last_day_of_the_month(last: str) -> None:
    assert dates(f"0 0 {last} * *") == those(lambda day: day.day == length(day))


def test_l_3_is_the_third_day_before_the_last() -> None:
    assert dates("0 0 L-3 * *") == those(lambda day: day.day == length(day) - 3)


def test_l_30_is_the_first_of_the_longest_months() -> None:
    assert dates("0 0 L-30 * *") == those(lambda day: day.day == 1 and length(day) == 31)


@pytest.mark.parametrize("day", [1, 2, 14, 15, 28, 29, 30, 31])
def test_w_is_the_nearest_workday_of_a_month_that_has_the_day(day: int) -> None:
    months = [each for each in FOUR_YEARS if each.day == day]

    assert dates(f"0 0 {day}W * *") == [nearest_workday(each) for each in months]


@pytest.mark.parametrize("last", ["LW", "lw"])
def test_lw_is_the_last_workday_of_the_month(last: str) -> None:
    lasts = [day for day in FOUR_YEARS if day.day == length(day)]

    assert dates(f"0 0 {last} * *") == [nearest_workday(each) for each in lasts]


@pytest.mark.parametrize("last", ["5L", "friL", "FRIl"])
def test_fri_l_is_the_last_friday_of_the_month(last: str) -> None:
    assert dates(f"0 0 * * {last}") == those(lambda day: day.isoweekday() == FRIDAY and day.day > length(day) - 7)


@pytest.mark.parametrize("second", ["5#2", "fri#2", "Fri#02"])
def test_fri_2_is_the_second_friday_of_the_month(second: str) -> None:
    assert dates(f"0 0 * * {second}") == those(lambda day: day.isoweekday() == FRIDAY and 8 <= day.day <= 14)


@pytest.mark.parametrize("fifth", ["0#5", "7#5", "sun#5"])
def test_fifth_sunday_is_passed_over_where_there_are_four(fifth: str) -> None:
    assert dates(f"0 0 * * {fifth}") == those(lambda day: day.isoweekday() == 7 and day.day > 28)


@pytest.mark.parametrize("rule", ["L", "#5"])
def test_sunday_of_a_rule_is_0_and_7(rule: str) -> None:
    assert read_crontab(f"0 0 * * 7{rule}", seed="") == read_crontab(f"0 0 * * sun{rule}", seed="")


def test_days_of_a_rule_stand_in_lists_with_others() -> None:
    assert dates("0 0 1,L * *") == those(lambda day: day.day in (1, length(day)))
    assert dates("0 0 * * mon#1,friL,wed") == those(
        lambda day: (
            (day.isoweekday() == 1 and day.day <= 7)
            or (day.isoweekday() == FRIDAY and day.day > length(day) - 7)
            or day.isoweekday() == 3
        )
    )


def test_days_of_rules_in_both_fields_are_either() -> None:
    assert dates("0 0 L * fri#1") == those(
        lambda day: day.day == length(day) or (day.isoweekday() == FRIDAY and day.day <= 7)
    )
