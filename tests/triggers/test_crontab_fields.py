"""Crontab expressions: what `H` becomes, and what errors say."""

from collections import Counter
from datetime import datetime

import pytest

from tests.triggers.walls import sentence_of, wall, walls

pytestmark = pytest.mark.pure

START = wall("2025-12-31 23:59:59")
SEEDS = [f"job{number}" for number in range(2000)]


def first(text: str, seed: str) -> datetime:
    return walls(text, START, 1, seed=seed)[0]


def minutes(text: str, seed: str) -> list[int]:
    """Return the minutes that an expression names in one hour."""
    return [each.minute for each in walls(text, START, 60, seed=seed) if each.hour == 0 and each.day == 1]


def test_spread_is_the_same_for_ever() -> None:
    assert first("H H H H H *", "job1") == wall("2026-03-22 01:43:03")
    assert first("0 0 * * H", "job1") == wall("2026-01-03")


@pytest.mark.parametrize(
    ("text", "unit", "numbers"),
    [
        ("H * * * * *", "second", range(60)),
        ("H * * * *", "minute", range(60)),
        ("0 H * * *", "hour", range(24)),
        ("0 0 H * *", "day", range(1, 29)),
        ("0 0 1 H *", "month", range(1, 13)),
        ("0 0 * * H", "day", range(1, 8)),
        ("H(10-19) * * * *", "minute", range(10, 20)),
        ("0 h(22-1) * * *", "hour", [22, 23, 0, 1]),
        ("0 0 1 H(nov-Jan) *", "month", [11, 12, 1]),
        ("0 0 H(29-31) 1 *", "day", range(29, 32)),
    ],
)
def test_spread_uses_all_of_its_room_and_nothing_else(text: str, unit: str, numbers: range | list[int]) -> None:
    assert {getattr(first(text, seed), unit) for seed in SEEDS} == set(numbers)


def test_spread_is_even() -> None:
    jobs = Counter(first("H * * * *", seed).minute for seed in SEEDS)

    assert max(jobs.values()) < 2 * len(SEEDS) / 60


def test_spread_of_one_field_tells_nothing_of_another() -> None:
    assert len({(each.hour, each.minute) for each in (first("H H * * *", seed) for seed in SEEDS)}) > 1000


@pytest.mark.parametrize("seed", SEEDS[:50])
def test_stepped_spread_keeps_the_steps_and_begins_within_the_first(seed: str) -> None:
    begin, *others = minutes("H/15 0 * * *", seed)
    assert begin < 15
    assert others == [begin + 15, begin + 30, begin + 45]

    begin, *others = minutes("H(0-29)/10 0 * * *", seed)
    assert begin < 10
    assert others == [begin + 10, begin + 20]


def test_stepped_spread_begins_at_every_minute_of_the_step() -> None:
    assert {minutes("H/15 0 * * *", seed)[0] for seed in SEEDS} == set(range(15))


def test_spread_with_a_step_of_one_is_everything() -> None:
    assert minutes("H/1 0 * * *", "job1") == list(range(60))


def test_spread_day_is_a_restricted_day() -> None:
    assert len({each.isoweekday() for each in walls("0 0 H * 5", START, 50, seed="job1")}) > 1


FEW = "Enter five fields: minute, hour, day of the month, month, weekday; or six, with the second first. There are %d."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0 25 * * *", "The hour, at character 3: 25 is more than 23."),
        ("  0\t 1,9-25 * * *", "The hour, at character 10: 25 is more than 23."),
        ("60 * * * *", "The minute, at character 1: 60 is more than 59."),
        ("0 0 0 * *", "The day of the month, at character 5: 0 is less than 1."),
        ("0 0 1 */2,13 *", "The month, at character 11: 13 is more than 12."),
        ("0 0 * * 1,8", "The weekday, at character 11: 8 is more than 7."),
        ("99 0 0 * * *", "The second, at character 1: 99 is more than 59."),
        ("0 99 0 * * *", "The minute, at character 3: 99 is more than 59."),
        ("*/0 * * * *", "The minute, at character 3: 0 is less than 1."),
        ("*/x * * * *", 'The minute, at character 3: "x" is not a number.'),
        ("*/ * * * *", "The minute, at character 3: A value is missing here."),
        ("1,,2 * * * *", "The minute, at character 3: A value is missing here."),
        ("5- * * * *", "The minute, at character 3: A value is missing here."),
        ("-5 * * * *", "The minute, at character 1: A value is missing here."),
        ("1-2-3 * * * *", 'The minute, at character 3: "2-3" is not a number.'),
        ("*5 * * * *", 'The minute, at character 1: "*5" is not a number.'),
        ("? * * * *", 'The minute, at character 1: "?" is not a number.'),
        ("٣ * * * *", 'The minute, at character 1: "٣" is not a number.'),
        ("0 0 * janu *", 'The month, at character 7: "janu" is neither a number nor a month such as jan.'),
        (
            "0 0 * * mon-funday",
            'The weekday, at character 13: "funday" is neither a number nor a weekday such as mon, friL or fri#2.',
        ),
        ("0 0 * * L", 'The weekday, at character 9: "L" is neither a number nor a weekday such as mon, friL or fri#2.'),
        ("0 0 * * 8L", "The weekday, at character 9: 8 is more than 7."),
        ("0 0 * * fri#6", "The weekday, at character 13: 6 is more than 5."),
        ("0 0 * * fri#", "The weekday, at character 13: A value is missing here."),
        (
            "0 0 W * *",
            'The day of the month, at character 5: "W" is neither a number nor a day such as L, L-3, LW or 15W.',
        ),
        ("0 0 1,32W * *", "The day of the month, at character 7: 32 is more than 31."),
        ("0 0 L-31 * *", "The day of the month, at character 7: 31 is more than 30."),
        (
            "0 0 L/2 * *",
            "The day of the month, at character 7: A step goes with a range of numbers, not with a single day.",
        ),
        ("0 H(0-24) * * *", "The hour, at character 7: 24 is more than 23."),
        ("0 H(5 * * *", "The hour, at character 3: H is written as H, H(0-29), H/15 or H(0-29)/10."),
        ("0 H(5) * * *", "The hour, at character 3: H is written as H, H(0-29), H/15 or H(0-29)/10."),
        ("H(0-29)/31 * * * *", "The minute, at character 9: 31 is more than 30."),
        ("", FEW % 0),
        ("0 9 * *", FEW % 4),
        ("0 0 9 * * 1 2026", FEW % 7),
        ("@reboot", "@reboot names no time: a job runs by the clock, not when a machine starts."),
        (
            " @dayly",
            '"@dayly" is unknown; there are @hourly, @daily, @midnight, @weekly, @monthly, @annually, @yearly.',
        ),
        (
            "@daily 5",
            '"@daily 5" is unknown; there are @hourly, @daily, @midnight, @weekly, @monthly, @annually, @yearly.',
        ),
    ],
)
def test_error_names_the_field_and_the_character(text: str, sentence: str) -> None:
    assert sentence_of(text) == sentence
