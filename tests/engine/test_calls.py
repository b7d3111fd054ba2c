"""What a body is called with: JSON, and what its annotations make of it."""

from datetime import UTC, date, datetime, timedelta, timezone
from json import dumps
from typing import Any

import pytest

from scheduler.engine.definitions import Run
from scheduler.registry import find_task
from tests.sample.jobs import Colour

pytestmark = pytest.mark.pure


def run(func: str, *args: Any, **kwargs: Any) -> Run:
    return Run(
        execution_id=1, node_id=1, job_id="job", func=func, args=dumps(args), kwargs=dumps(kwargs),
        scheduled_for=datetime(2026, 1, 1, tzinfo=UTC), executor="default", revision=1,
    )  # fmt: skip


def test_body_is_given_dates_moments_and_members() -> None:
    since = "2031-05-06T07:08:00+08:00"

    answer = run("jobs:report", "Sales", "2031-05-06", since=since, colour="BLUE", extra={"a": 1}, other="2031").call()

    moment = datetime(2031, 5, 6, 7, 8, tzinfo=timezone(timedelta(hours=8)))
    assert answer == repr(
        ("Sales", date(2031, 5, 6), moment, 1, 0.5, False, "A4", Colour.BLUE, None, (), {"a": 1}, {"other": "2031"})
    )


def test_row_that_nobody_has_checked_fails_by_saying_why() -> None:
    with pytest.raises(ValueError, match=r"args\.1: Enter a date"):
        run("jobs:report", "Sales", "soon").call()


def test_task_without_such_annotations_is_called_with_its_json() -> None:
    assert find_task("jobs:add").convert is None
    assert run("jobs:add", 1, second=2).call() == 3
