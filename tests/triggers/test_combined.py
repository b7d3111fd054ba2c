"""The triggers `and` and `or`, and the one that is never due."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.triggers.occurrences import NOW, errors_of, moments, parsed, timetable_of, walk

pytestmark = pytest.mark.pure

NINE: dict[str, Any] = {"trigger": "cron", "hour": 9}
THREE_DAYS: dict[str, Any] = {"trigger": "interval", "days": 3, "start_date": "2026-06-01T09:00"}
NOTHING_IN_COMMON = {"triggers": "These triggers have nothing in common, or too little to be found."}


def every(seconds: int) -> dict[str, Any]:
    return {"trigger": "interval", "seconds": seconds, "start_date": "2001-01-01"}


def runs(kind: str, triggers: list[dict[str, Any]], count: int, **fields: Any) -> list[str]:
    found = walk(timetable_of(trigger=kind, triggers=triggers, **fields), NOW, count)
    return [f"{moment:%m-%d %H:%M}" for moment in found]


def test_and_runs_when_all_do() -> None:
    assert runs("and", [NINE, THREE_DAYS], 3) == ["06-04 09:00", "06-07 09:00", "06-10 09:00"]


def test_or_runs_when_any_does_and_once_when_several_do() -> None:
    noon = {"trigger": "cron", "crontab": "0 12 * * 3"}

    assert runs("or", [NINE, noon, THREE_DAYS], 3) == ["06-02 09:00", "06-03 09:00", "06-03 12:00"]


def test_and_of_one_trigger_is_that_trigger() -> None:
    assert runs("and", [NINE], 2) == runs("or", [NINE], 2) == ["06-02 09:00", "06-03 09:00"]


@given(moments, st.lists(st.integers(1, 30), min_size=1, max_size=3))
def test_intervals_have_their_common_multiples_in_common(after: datetime, lengths: list[int]) -> None:
    both = timetable_of(trigger="and", triggers=[every(length) for length in lengths])
    start = max(after, datetime(2001, 1, 1, tzinfo=UTC))

    for moment in walk(both, start, 3):
        elapsed = (moment - datetime(2001, 1, 1, tzinfo=UTC)).total_seconds()
        assert all(elapsed % length == 0 for length in lengths)


@given(moments, st.lists(st.integers(1, 60), min_size=1, max_size=4))
def test_union_is_all_in_order(after: datetime, lengths: list[int]) -> None:
    start = max(after, datetime(2001, 1, 1, tzinfo=UTC))
    single = {moment for length in lengths for moment in walk(timetable_of(**every(length)), start, 20)}

    found = walk(timetable_of(trigger="or", triggers=[every(length) for length in lengths]), start, 20)

    assert found == sorted(single)[:20]


def test_triggers_have_layers_of_their_own_and_so_has_the_whole() -> None:
    early = {"trigger": "cron", "hour": "*", "allowed_hours": "00:00-02:00"}

    assert runs("or", [early, NINE], 3, calendar="work", days="non_working", allowed_hours="01:00-12:00") == [
        "06-06 01:00",
        "06-06 09:00",
        "06-07 01:00",
    ]


def test_triggers_may_be_combined_three_deep() -> None:
    two = {"trigger": "or", "triggers": [NINE]}
    three = {"trigger": "or", "triggers": [two]}

    assert not errors_of(trigger="or", triggers=[three])
    assert errors_of(trigger="or", triggers=[{"trigger": "or", "triggers": [three]}]) == {
        "triggers": "Triggers may be combined 3 deep."
    }


def test_explanation_keeps_what_the_parts_say() -> None:
    zone = "America/New_York"
    both = timetable_of(
        zone, trigger="and", triggers=[NINE | {"hour": 2}, {"trigger": "cron", "crontab": "0 2,3 * * *"}]
    )
    start = datetime(2026, 3, 8, 5, tzinfo=UTC)

    (occurrence,) = both.explain(start, start + timedelta(hours=9), zone=UTC)

    assert (occurrence.planned.hour, [mark.code for mark in occurrence.marks]) == (2, ["moved"])


@pytest.mark.parametrize(
    "triggers",
    [
        [every(2), every(2) | {"start_date": "2001-01-01T00:00:01"}],
        [NINE, {"trigger": "cron", "hour": 10}],
        [{"trigger": "cron", "second": "*", "hour": 1}, {"trigger": "cron", "second": "*", "hour": 2}],
        [NINE, {"trigger": "interval", "days": 1, "start_date": "2026-06-01T09:00:01"}],
        [every(999_983), every(1_000_003) | {"start_date": "2001-01-01T00:00:01"}, every(999_979)],
    ],
)
def test_triggers_without_anything_in_common_are_refused(triggers: list[dict[str, Any]]) -> None:
    assert errors_of(trigger="and", triggers=triggers) == NOTHING_IN_COMMON


def test_triggers_that_are_over_are_accepted() -> None:
    over = timetable_of(trigger="and", triggers=[NINE | {"end_date": "2001-01-01"}, NINE])

    assert over.first(NOW) is None


@pytest.mark.parametrize(
    ("triggers", "message"),
    [
        ([NINE, {"trigger": "cron", "hour": 25}], "Trigger 2, hour: Error validating expression"),
        ([{"trigger": "manual"}], "Trigger 1, trigger: A manual trigger has nothing to combine."),
        ([NINE | {"jitter": 5}], "Trigger 1, jitter: This belongs to the whole trigger, beside triggers."),
        ([NINE | {"timezone": "UTC"}], "Trigger 1, timezone: This belongs to the whole trigger, beside triggers."),
        ([{"trigger": "nosuch"}], 'Trigger 1, trigger: No trigger by the name "nosuch" was found.'),
        ([NINE, NINE | {"allowed_hours": "10:00-11:00"}], "Trigger 2, allowed_hours: Nothing is left"),
        (
            [{"trigger": "and", "triggers": [NINE, NINE | {"hour": 8}]}],
            "Trigger 1, triggers: These triggers have nothing",
        ),
        ([], "Enter from 1 to 10 triggers."),
        ([NINE] * 11, "Enter from 1 to 10 triggers."),
        ([{"trigger": "or", "triggers": [NINE] * 10}] * 6, "Combine at most 50 triggers in all."),
        (None, "Enter a list of triggers"),
        (NINE, "Enter a list of triggers"),
        (["cron"], "Enter a list of triggers"),
    ],
)
def test_wrong_triggers_are_named(triggers: Any, message: str) -> None:
    errors = errors_of(trigger="or", triggers=triggers)

    assert set(errors) == {"triggers"}
    assert errors["triggers"].startswith(message)


def test_canonical_triggers_are_canonical() -> None:
    spec = parsed("Asia/Shanghai", trigger="or", triggers=[{"trigger": "cron", "hour": 9}, {"trigger": "interval"}])

    assert spec["triggers"] == [
        {"trigger": "cron", "hour": "9"},
        {"trigger": "interval", "seconds": 1, "start_date": "2026-06-01T20:00:01+08:00"},
    ]


def test_manual_is_never_due_and_never_refused() -> None:
    manual = timetable_of(trigger="manual")

    assert parsed(trigger="manual") == {"trigger": "manual"}
    assert manual.first(NOW) is None
    assert manual.next_after(NOW) is None
    assert list(manual.explain(NOW, NOW + timedelta(days=999), zone=UTC)) == []


def test_manual_has_no_fields() -> None:
    assert set(errors_of(trigger="manual", start_date="2026-06-01", jitter=5)) == {"start_date", "jitter"}
