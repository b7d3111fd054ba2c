"""Messages are English until a face translates them, values and all."""

from datetime import UTC

import pytest

from scheduler.triggers import Context, InvalidSpec, Sentence, parse
from tests.triggers.occurrences import NOW

pytestmark = pytest.mark.pure

CHINESE = {
    'No trigger by the name "%s" was found.': "没有名为“%s”的触发器。",
    "The interval must not be negative.": "间隔不能为负。",
    "Enter a whole number from 0 to %d.": "请输入 0 到 %d 的整数。",
}


@pytest.mark.parametrize(
    ("spec", "english", "chinese"),
    [
        ({"trigger": "nosuch"}, 'No trigger by the name "nosuch" was found.', "没有名为“nosuch”的触发器。"),
        ({"trigger": "interval", "seconds": -5}, "The interval must not be negative.", "间隔不能为负。"),
        (
            {"trigger": "calendarinterval", "days": 1, "hour": 24},
            "Enter a whole number from 0 to 23.",
            "请输入 0 到 23 的整数。",
        ),
    ],
)
def test_message_with_its_values_can_be_said_in_another_language(
    spec: dict[str, object], english: str, chinese: str
) -> None:
    with pytest.raises(InvalidSpec) as caught:
        parse(spec, Context(zone=UTC, now=NOW))

    (sentence,) = caught.value.errors.values()
    assert isinstance(sentence, Sentence)
    assert sentence == english
    assert sentence.said_by(lambda message: CHINESE[message]) == chinese


def test_sentence_within_a_sentence_is_said_in_the_other_language_too() -> None:
    problem = Sentence("%d is too much.") % 25
    sentence = Sentence("The hour: %(problem)s") % {"problem": problem}

    said = sentence.said_by({"The hour: %(problem)s": "小时：%(problem)s", "%d is too much.": "%d 太大。"}.__getitem__)

    assert sentence == "The hour: 25 is too much."
    assert said == "小时：25 太大。"
