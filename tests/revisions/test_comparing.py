"""How two definitions differ, in words."""

from typing import Any

import pytest
from django.utils.translation import override

from scheduler.models import Job
from scheduler.revisions import Difference, compare

pytestmark = pytest.mark.pure

CRON = {"trigger": "cron", "hour": "9", "minute": "0"}


def job(**fields: Any) -> Job:
    return Job(**{"id": "job", "name": "job", "func": "jobs:nothing", "trigger": CRON, "timezone": "UTC", **fields})


def difference(before: dict[str, Any], after: dict[str, Any]) -> Difference:
    (only,) = compare(job(**before), job(**after))
    return only


def said(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, str, str]:
    found = difference(before, after)
    return found.label, found.said_before, found.said_after


def test_equal_definitions_do_not_differ() -> None:
    assert compare(job(args=[1]), job(args=[1])) == []


def test_pause_and_revision_are_no_difference() -> None:
    assert compare(job(revision=1), job(revision=2, paused=True, problem="Broken.")) == []


def test_fields_come_in_the_order_of_the_form() -> None:
    found = compare(job(), job(name="a", func="jobs:job1", timeout=5))

    assert [each.field for each in found] == ["name", "func", "timeout"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"name": "a"}, {"name": "b"}, ("name", "a", "b")),
        ({"coalesce": True}, {"coalesce": False}, ("coalesce", "yes", "no")),
        ({"timeout": None}, {"timeout": 60}, ("timeout", "empty", "60")),
        ({"retries": 0}, {"retries": 3}, ("retries", "0", "3")),
        ({"overlap": "skip"}, {"overlap": "queue"}, ("overlap", "skip it", "queue it")),
        ({"tags": []}, {"tags": ["a", "夜"]}, ("tags", "empty", "a, 夜")),
        ({"args": [1]}, {"args": [True]}, ("positional arguments", "[1]", "[true]")),
        ({"kwargs": {"to": "夜"}}, {"kwargs": {}}, ("keyword arguments", '{"to": "夜"}', "empty")),
    ],
)
def test_field_is_said_in_words(before: dict[str, Any], after: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert said(before, after) == expected


def test_trigger_is_said_in_words() -> None:
    label, before, after = said({}, {"trigger": {**CRON, "hour": "10"}})

    assert label == "trigger"
    assert "09:00" in before
    assert "10:00" in after


def test_triggers_that_read_alike_are_told_apart() -> None:
    start = "2026-06-01T00:00:00.{}+00:00"
    specs = [{"trigger": "interval", "minutes": 1, "start_date": start.format(part)} for part in ("100000", "200000")]

    _label, before, after = said({"trigger": specs[0]}, {"trigger": specs[1]})

    assert before != after
    assert "200000" in after


def test_trigger_that_cannot_be_read_is_compared_all_the_same() -> None:
    _label, before, _after = said({"trigger": None}, {})

    assert before == "The trigger cannot be read."


def test_secret_is_hidden_and_its_change_is_not() -> None:
    found = difference({"kwargs": {"password": "old"}}, {"kwargs": {"password": "new"}})

    assert "old" not in repr(found)
    assert "new" not in repr(found)
    assert found.said_before != found.said_after


def test_words_are_in_the_language_of_the_page() -> None:
    with override("zh-hans"):
        assert said({"name": "a"}, {"name": "b"})[0] == "名称"
