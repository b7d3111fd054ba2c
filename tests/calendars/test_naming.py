"""The calendars that a spec names."""

from typing import Any

import pytest

from scheduler.calendars import names_in

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        ({"trigger": "cron", "hour": "9"}, set()),
        ({"trigger": "cron", "calendar": "china"}, {"china"}),
        ({"trigger": "and", "triggers": [{"calendar": "a"}, {"calendar": "b"}], "calendar": "c"}, {"a", "b", "c"}),
        ({"trigger": "or", "triggers": [{"trigger": "and", "triggers": [{"calendar": "deep"}]}]}, {"deep"}),
        ({"trigger": "calendarinterval", "days": 1}, set()),
        ({"calendar": 5, "triggers": "no list"}, set()),
        ({"triggers": [None, 1, "x", {"calendar": None}]}, set()),
        (None, set()),
        ([{"calendar": "china"}], set()),
    ],
)
def test_every_calendar_of_a_spec_is_found(spec: Any, names: set[str]) -> None:
    assert names_in(spec) == names


def test_spec_that_is_nested_deeper_than_the_stack_is_read() -> None:
    spec: dict[str, Any] = {"calendar": "deepest"}
    for _level in range(100_000):
        spec = {"triggers": [spec]}

    assert names_in(spec) == {"deepest"}
    # Taken apart by hand: its own end would overflow the stack.
    while "triggers" in spec:
        spec = spec["triggers"][0]
