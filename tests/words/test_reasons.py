"""What rows say in English is said in every language."""

import pytest
from django.utils.translation import gettext, override

from scheduler.exceptions import UnknownTask
from scheduler.triggers.windows import POSTPONED
from scheduler.words import reasons, said

pytestmark = pytest.mark.pure

NAMES = {"name", "names", "seconds", "most", "late", "grace", "signal", "status", "error", "allowed", "given"}
SAMPLE = {name: f"the {name}" for name in (*NAMES, "reference", "candidates", "windows", "end")}


def fill(template: str) -> str:
    return template.format(**SAMPLE) if "{" in template else str(template) % SAMPLE


@pytest.mark.parametrize("template", reasons.TEMPLATES, ids=str)
def test_every_reason_is_known_again(template: str) -> None:
    stored = fill(template)

    with override("zh-hans"):
        assert said(stored) == fill(gettext(template)) != stored
    with override("en"):
        assert said(stored) == stored


def test_values_are_said_as_they_are() -> None:
    stored = str(reasons.CANCELLED_BY % {"name": "Cancelled by 王五."})

    with override("zh-hans"):
        assert said(stored) == "已由 Cancelled by 王五. 取消。"


def test_longer_sentence_is_not_taken_for_the_shorter_that_it_begins_with() -> None:
    with override("zh-hans"):
        assert "执行一次" in said("In the maintenance window night, until 05:00; the job runs once after it.")


def test_problem_keeps_the_name_of_its_field() -> None:
    with override("zh-hans"):
        assert said("timezone: No time zone found with key Mars/Base.") == "timezone: 找不到时区 Mars/Base。"


@pytest.mark.parametrize("text", ["", "RuntimeError: no paper", "没有纸", "Cancelled by nobody", "Cancelled.\nNot."])
def test_what_nobody_knows_stays(text: str) -> None:
    with override("zh-hans"):
        assert said(text) == text


def test_exception_has_a_message_in_each_language() -> None:
    error = UnknownTask(reference="jobs:gone")

    with override("zh-hans"):
        assert "没有名为 jobs:gone 的已注册任务函数" in str(error)
        assert error.in_english.startswith("No registered task is called jobs:gone.")
    with override("en"):
        assert str(error) == error.in_english


def test_sentence_that_is_not_stored_yet_is_said_too() -> None:
    with override("zh-hans"):
        assert said(POSTPONED % {"windows": "night", "end": "05:00"}) == "因维护窗口 night 推迟到 05:00。"
