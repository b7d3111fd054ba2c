"""The readers of a job's policies."""

from typing import Any

import pytest

from scheduler.services.values import POLICIES
from scheduler.triggers import InvalidField

pytestmark = pytest.mark.pure

SMALL, LARGE = 0, 2**31 - 1


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("overlap", "skip", "skip"),
        ("overlap", "queue", "queue"),
        ("overlap", "replace", "replace"),
        ("maintenance", "skip", "skip"),
        ("maintenance", "once", "once"),
        ("maintenance", "all", "all"),
        ("tags", [], []),
        ("tags", ("b", " a ", "b", "B"), ["B", "a", "b"]),
        ("tags", ["x" * 64, "两 个"], ["x" * 64, "两 个"]),
        ("on_lost", "rerun", "rerun"),
        ("priority", -(2**15) + 1, -(2**15) + 1),
        ("priority", 2**15 - 1, 2**15 - 1),
        ("timeout", None, None),
        ("timeout", 1, 1),
        ("timeout", LARGE, LARGE),
        ("max_runs", None, None),
        ("retries", SMALL, SMALL),
        ("retry_delay", 0, 0),
        ("retry_max_delay", LARGE, LARGE),
        ("retry_budget", None, None),
        ("retry_on", [], []),
        (
            "retry_on",
            ("ValueError", "requests.exceptions.Timeout", "ValueError"),
            ["ValueError", "requests.exceptions.Timeout"],
        ),
        ("retry_on", ["Größe"], ["Größe"]),
        ("keep_days", 1, 1),
        ("keep_executions", None, None),
        ("executor", "processes", "processes"),
    ],
)
def test_right_policy_is_read(name: str, value: Any, read: Any) -> None:
    assert POLICIES[name](value) == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("overlap", value) for value in ("", "SKIP", None, 1, ["skip"])],
        *[("maintenance", value) for value in ("", "SKIP", None, 1, ["skip"])],
        *[("tags", value) for value in (None, "a", 5, {"a": 1}, [5], [""], ["  "], ["a,b"], ["a\nb"], ["x" * 65])],
        *[("on_lost", value) for value in ("retry", None, True)],
        *[("priority", value) for value in (2**15, -(2**15), 1.5, "1", None, True)],
        *[
            (name, value)
            for name in ("timeout", "max_runs", "retry_budget", "keep_days", "keep_executions")
            for value in (0, -1, 1.5, "1", True, LARGE + 1)
        ],
        *[
            (name, value)
            for name in ("retries", "retry_delay", "retry_max_delay")
            for value in (-1, 1.5, "1", None, True, LARGE + 1)
        ],
        *[("retry_on", value) for value in ("ValueError", [1], [""], ["a b"], ["a..b"], ["a."], None, {"a": 1})],
        *[("executor", value) for value in ("nosuch", None, 1)],
    ],
)
def test_wrong_policy_is_refused(name: str, value: Any) -> None:
    with pytest.raises(InvalidField):
        POLICIES[name](value)
