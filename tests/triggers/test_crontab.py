"""Crontab expressions: the times of the wall clock that they name."""

from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.triggers.crontab import LONGEST, canonical, read_crontab
from tests.triggers.crontabs import SHORTHANDS, crontabs
from tests.triggers.walls import days, sentence_of, wall, walls

pytestmark = pytest.mark.pure

MONDAY = wall("2026-06-01")
SOME = [each.ours for each in crontabs(200, seed=1)] + ["H H * * *", "0 0 L-3 * *", "0 0 15W * *", "0 0 31 2 *"]


def clocks(text: str, count: int) -> list[str]:
    return [each.strftime("%H:%M:%S") for each in walls(text, MONDAY - timedelta(seconds=1), count)]


def test_monday_is_1() -> None:
    assert days("0 9 * * 1", MONDAY, 2) == ["Mon 2026-06-01", "Mon 2026-06-08"]


def test_1_to_5_is_monday_to_friday() -> None:
    named = days("30 9 * * 1-5", MONDAY, 6)

    assert [day[:3] for day in named] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Mon"]


@pytest.mark.parametrize("sunday", ["0", "7", "sun", "SUN", "Sun", "00", "7-7"])
def test_sunday_is_0_and_7_and_its_name_in_any_case(sunday: str) -> None:
    assert days(f"0 0 * * {sunday}", MONDAY, 2) == ["Sun 2026-06-07", "Sun 2026-06-14"]
    assert read_crontab(f"0 0 * * {sunday}", seed="") == read_crontab("0 0 * * 0", seed="")


def test_months_have_names() -> None:
    assert [each.month for each in walls("0 0 1 jan,MAR,Oct-Dec *", MONDAY, 5)] == [10, 11, 12, 1, 3]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("*/20 * * * *", ["00:00:00", "00:20:00", "00:40:00", "01:00:00"]),
        ("1-30/14 * * * *", ["00:01:00", "00:15:00", "00:29:00", "01:01:00"]),
        ("5/25 0 * * *", ["00:05:00", "00:30:00", "00:55:00", "00:05:00"]),
        ("7,3,3-5 0 * * *", ["00:03:00", "00:04:00", "00:05:00", "00:07:00"]),
        ("*/100 */20 * * *", ["00:00:00", "20:00:00", "00:00:00", "20:00:00"]),
        ("0 22-3/2 * * *", ["00:00:00", "02:00:00", "22:00:00", "00:00:00"]),
        ("58-1 0 * * *", ["00:00:00", "00:01:00", "00:58:00", "00:59:00"]),
    ],
)
def test_steps_lists_and_wrapping_ranges(text: str, times: list[str]) -> None:
    assert clocks(text, 4) == times


@pytest.mark.parametrize(
    ("weekdays", "named"),
    [
        ("fri-mon", "Mon Fri Sat Sun"),
        ("6-2/2", "Mon Sat Mon Sat"),
        ("7-2", "Mon Tue Sun Mon"),
        ("sat-sun", "Sat Sun Sat Sun"),
        ("5-7", "Fri Sat Sun Fri"),
        ("3/2", "Wed Fri Sun Wed"),
        ("*/2", "Tue Thu Sat Sun"),
    ],
)
def test_weekdays_wrap_around_sunday(weekdays: str, named: str) -> None:
    assert [day[:3] for day in days(f"0 0 * * {weekdays}", MONDAY - timedelta(seconds=1), 4)] == named.split()


def test_months_wrap_around_new_year() -> None:
    assert [each.month for each in walls("0 0 1 nov-feb *", MONDAY, 5)] == [11, 12, 1, 2, 11]


def test_sixth_field_in_front_is_the_second() -> None:
    assert clocks("*/25 59 * * * *", 4) == ["00:59:00", "00:59:25", "00:59:50", "01:59:00"]


@pytest.mark.parametrize(("shorthand", "text"), SHORTHANDS.items())
def test_shorthand_is_short_for_five_fields(shorthand: str, text: str) -> None:
    assert read_crontab(f" {shorthand.upper()} ", seed="") == read_crontab(text, seed="")


@pytest.mark.parametrize(
    ("text", "follows"),
    [
        ("* 3 * * *", True),
        ("*/15 3 * * *", True),
        ("30 * * * *", True),
        ("0 */2 * * *", True),
        ("@hourly", True),
        ("0-59 3 * * *", False),
        ("0 0-23 * * *", False),
        ("30 3 * * *", False),
        ("* 30 3 * * *", False),
        ("0 *,3 3 * * *", True),
        ("H/15 H * * *", False),
        ("@daily", False),
    ],
)
def test_follows_the_clock_where_minute_or_hour_begins_with_a_star(text: str, follows: bool) -> None:
    assert read_crontab(text, seed="").follows_the_clock is follows


@pytest.mark.parametrize(
    "text", ["0 0 31 2 *", "0 0 30 2 */2", "0 0 31 apr,jun,9,11 *", "0 0 */30 * 3#2", "0 0 31W 2 *"]
)
def test_what_no_month_has_can_never_fire(text: str) -> None:
    rule = read_crontab(text, seed="")

    assert not rule.can_ever_fire()
    assert rule.next_wall(MONDAY) is None


@pytest.mark.parametrize("text", ["0 0 29 2 *", "0 0 30 2 mon", "0 0 * 2 wed#5", "0 0 L-28 2 *", "0 0 31 2,3 *"])
def test_what_some_month_has_can_fire(text: str) -> None:
    rule = read_crontab(text, seed="")

    assert rule.can_ever_fire()
    assert rule.next_wall(MONDAY) is not None


@pytest.mark.parametrize("weekday", range(7))
def test_leap_days_on_one_weekday_are_found_over_all_400_years(weekday: int) -> None:
    leap_years = [year for year in range(1996, 2800, 4) if year % 100 or not year % 400]
    leap_days = [wall(f"{year}-02-29") for year in leap_years]
    found = walls(f"0 0 * 2 {weekday}#5", wall("1995-01-01"), 1000)

    assert [day for day in found if day.year < 2800] == [day for day in leap_days if day.isoweekday() % 7 == weekday]


def test_last_second_of_the_calendar_is_found_and_nothing_after_it() -> None:
    last = wall("9999-12-31 23:59:59")
    rule = read_crontab("* * * * * *", seed="")

    assert rule.next_wall(last - timedelta(microseconds=1)) == last
    assert rule.next_wall(last) is None


def test_part_of_a_second_and_fold_are_no_part_of_a_time() -> None:
    found = read_crontab("* * * * * *", seed="").next_wall(wall("2026-06-01 01:02:03.000004").replace(fold=1))

    assert found == wall("2026-06-01 01:02:04")
    assert found is not None
    assert found.fold == 0


@given(st.sampled_from(SOME), st.datetimes(), st.timedeltas(timedelta(microseconds=1), timedelta(days=500)))
def test_next_is_later_and_stays_the_next_until_it_comes(text: str, after: datetime, before: timedelta) -> None:
    rule = read_crontab(text, seed="job1")
    found = rule.next_wall(after)
    if found is not None:
        assert found > after
        assert rule.next_wall(found - min(before, found - after)) == found


@given(st.text() | st.text(alphabet="0123456789*/,-?LWH#()@ \tmonjafril"))
@example("\ud800 * * * *")
@example("9" * LONGEST)
@example("9" * 900 + " * * * *")
@example("*/" + "9" * 900 + " * * * *")
def test_any_text_is_an_expression_or_an_error_with_a_sentence(text: str) -> None:
    if not sentence_of(text):
        rule = read_crontab(text, seed="")
        assert rule.can_ever_fire() == (rule.next_wall(MONDAY) is not None)


@given(st.sampled_from(SOME), st.sampled_from([" ", "\t", "   ", "\n "]))
def test_canonical_text_is_as_sent_with_its_blanks_folded(text: str, blank: str) -> None:
    sent = blank + text.replace(" ", blank) + blank

    assert canonical(sent) == text
    assert read_crontab(sent, seed="job1") == read_crontab(text, seed="job1")


def test_names_keep_their_case_in_the_canonical_text() -> None:
    assert canonical(" 0  9 * *\tMon-FRI ") == "0 9 * * Mon-FRI"


def test_expression_of_everything_spelled_out_is_not_too_long() -> None:
    sixty = ",".join(f"{number:02}" for number in range(60))
    text = f"{sixty} {sixty} {sixty[:71]} {sixty[3:95]} {sixty[3:38]} sun,mon,tue,wed,thu,fri,sat"

    assert sentence_of(text) == ""
    assert sentence_of(text + " " * LONGEST) == "A crontab expression has at most 1000 characters."
