"""Triggers in English and in simplified Chinese, sentence by sentence."""

import re
from typing import Any

import pytest
from django.utils import translation
from hypothesis import assume, given, settings

from scheduler.words import describe
from tests.triggers.occurrences import errors_of, parsed
from tests.words.specs import describable
from tests.words.tables.crontabs import CRONTABS
from tests.words.tables.fields import FIELDS
from tests.words.tables.layers import LAYERS
from tests.words.tables.rules import RULES
from tests.words.tables.said import Said

pytestmark = pytest.mark.pure

ZONE = "Asia/Shanghai"
TABLES = [*CRONTABS, *FIELDS, *LAYERS, *RULES]
# What stays as it is in every language: the zone, the names of calendars, and the standard by which weeks are counted.
NAMES = re.compile("Asia/Shanghai|“[^”]*”|ISO 8601")


def say(fields: dict[str, Any], language: str, zone: str = ZONE) -> str:
    with translation.override(language):
        return describe(parsed(zone, **fields), zone, seed="backup")


@pytest.mark.parametrize("said", TABLES, ids=str)
def test_sentences_are_as_agreed_in_english(said: Said) -> None:
    assert say(said.fields, "en") == said.english


@pytest.mark.parametrize("said", TABLES, ids=str)
def test_sentences_are_as_agreed_in_chinese(said: Said) -> None:
    assert say(said.fields, "zh-hans") == said.chinese


@settings(max_examples=200)
@given(describable)
def test_no_english_is_left_in_chinese(fields: dict[str, Any]) -> None:
    assume(not errors_of(ZONE, **fields))
    said = NAMES.sub("0", say(fields, "zh-hans"))

    assert not re.search("[A-Za-z]", said)
    assert not re.search(" $|  |[，。、；：（）“”] | [，。、；：（）“”]", said)
    assert said.endswith("。")


@settings(max_examples=200)
@given(describable)
def test_english_is_whole_sentences(fields: dict[str, Any]) -> None:
    assume(not errors_of(ZONE, **fields))
    said = say(fields, "en")

    assert said.startswith("Runs ")
    assert said.endswith(".")
    assert not re.search(r"  |None|%\(|\.\.", said)


def test_name_of_a_calendar_stays_as_it_is() -> None:
    spec = {"trigger": "cron", "crontab": "0 9 * * *", "calendar": "中国2026 tom's %(x)s"}
    with translation.override("zh-hans"):
        assert describe(spec, ZONE) == "日历“中国2026 tom's %(x)s”的工作日 09:00 执行（Asia/Shanghai）。"


def test_moment_that_comes_twice_has_its_offset() -> None:
    said = say({"trigger": "date", "run_date": "2026-11-01T01:30:00-05:00"}, "en", "America/New_York")

    assert said == "Runs once, at 2026-11-01 01:30-05:00 (America/New_York)."


@pytest.mark.parametrize(
    "garbage",
    [
        {},
        {"trigger": "nosuch"},
        {"trigger": "date"},
        {"trigger": "cron", "crontab": "x"},
        {"trigger": "cron", "hour": "99"},
        {"trigger": "rrule", "rrule": "x", "start_date": "2026-06-01T09:00:00+00:00"},
        {"trigger": "or", "triggers": [{}]},
        [],
        None,
        "text",
    ],
)
def test_garbage_is_called_so(garbage: Any) -> None:
    assert describe(garbage, "UTC") == "The trigger cannot be read."


@pytest.mark.parametrize("zone", ["Nowhere/Land", "Asia", ""])
def test_trigger_in_a_zone_that_is_none_cannot_be_read(zone: str) -> None:
    assert describe({"trigger": "cron", "crontab": "0 9 * * *"}, zone) == "The trigger cannot be read."


def test_window_begins_and_does_not_run() -> None:
    weekly, often = parsed(trigger="cron", day_of_week="sat", hour=2), parsed(trigger="interval", hours=3)

    assert describe(weekly, "UTC", begins=True).startswith("Begins at 02:00")
    assert describe(often, "UTC", begins=True).startswith("Begins every 3 hours")
