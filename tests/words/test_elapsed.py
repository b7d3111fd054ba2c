"""How long something takes is said alike everywhere."""

from datetime import timedelta

import pytest
from django.utils import translation

from scheduler.words.elapsed import say_briefly, say_elapsed

pytestmark = pytest.mark.pure

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 604800


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 ms", "0 毫秒"),
        (-5, "0 ms", "0 毫秒"),
        (0.0004, "under 1 ms", "不到 1 毫秒"),
        (0.0123, "12 ms", "12 毫秒"),
        (0.999, "999 ms", "999 毫秒"),
        (0.9996, "1.0 s", "1.0 秒"),
        (12.34, "12.3 s", "12.3 秒"),
        (59.94, "59.9 s", "59.9 秒"),
        (59.96, "1 min", "1 分钟"),
        (2 * MINUTE + 5, "2 min 5 s", "2 分钟 5 秒"),
        (HOUR - 0.4, "1 h", "1 小时"),
        (HOUR + 2 * MINUTE + 5, "1 h 2 min", "1 小时 2 分钟"),
        (DAY - 1, "23 h 59 min", "23 小时 59 分钟"),
        (DAY + 59 * MINUTE, "1 d", "1 天"),
        (2 * DAY + 7 * HOUR, "2 d 7 h", "2 天 7 小时"),
        (3 * WEEK + 4 * HOUR, "21 d 4 h", "21 天 4 小时"),
    ],
)
def test_two_greatest_units_are_named(seconds: float, english: str, chinese: str) -> None:
    for language, said in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert say_elapsed(timedelta(seconds=seconds)) == said


def test_what_is_not_known_is_not_said() -> None:
    assert say_elapsed(None) == ""


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (-1, "0 ms", "0 毫秒"),
        (0, "0 ms", "0 毫秒"),
        (0.0034, "3 ms", "3 毫秒"),
        (0.9996, "1 s", "1 秒"),
        (1, "1 s", "1 秒"),
        (2.5, "2.5 s", "2.5 秒"),
        (12.5, "12 s", "12 秒"),
        (59.9, "1 min", "1 分钟"),
        (MINUTE, "1 min", "1 分钟"),
        (2 * HOUR - 1, "1 h", "1 小时"),
        (47 * HOUR, "47 h", "47 小时"),
        (48 * HOUR, "2 d", "2 天"),
        (3 * WEEK, "21 d", "21 天"),
    ],
)
def test_one_unit_is_named_where_there_is_little_room(seconds: float, english: str, chinese: str) -> None:
    for language, said in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert say_briefly(seconds) == say_briefly(timedelta(seconds=seconds)) == said
