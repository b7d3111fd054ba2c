"""What a body may ask and tell while it runs."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.current import (
    Progress,
    RunningExecution,
    current_execution,
    enter_execution,
    find_current,
    leave_execution,
)

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def execution(execution_id: int = 7) -> RunningExecution:
    return RunningExecution(execution_id=execution_id, job_id="job", scheduled_for=NOW, attempt=2)


def test_elsewhere_than_in_a_body_an_inert_execution_answers() -> None:
    inert = current_execution()

    inert.progress(1, 2, "any")

    assert find_current() is None
    assert (inert.id, inert.job_id, inert.should_stop) == (0, "", False)


def test_body_finds_its_execution_until_it_is_left() -> None:
    mine = execution()
    token = enter_execution(mine)

    assert (current_execution(), find_current()) == (mine, mine)
    leave_execution(token)
    assert find_current() is None


def test_thread_that_a_body_starts_is_in_no_execution_unless_it_is_handed_it() -> None:
    token = enter_execution(execution())
    found: list[RunningExecution | None] = []
    thread = threading.Thread(target=lambda: found.append(find_current()))

    thread.start()
    thread.join()
    leave_execution(token)

    assert found == [None]


def test_coroutine_of_a_body_is_in_its_execution() -> None:
    mine = execution()
    token = enter_execution(mine)

    async def ask() -> RunningExecution:
        await asyncio.sleep(0)
        return current_execution()

    # In a thread, since this one may have a loop already: that of the browser's tests.
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(copy_context().run, asyncio.run, ask()).result()
    leave_execution(token)

    assert found is mine


def test_wait_ends_at_once_when_the_body_is_to_stop() -> None:
    mine = execution()

    assert not mine.wait(0)
    mine.request_stop()
    assert mine.wait(3600)
    assert mine.should_stop


class Rude:
    """A value that can be neither counted nor printed."""

    def __float__(self) -> float:
        raise RuntimeError

    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ((1, 2, "half"), Progress(1, 2, "half")),
        (("3", True), Progress(3, 1)),
        ((10**400, float("nan")), Progress()),
        ((float("inf"), None, "x" * 300), Progress(text="x" * 255)),
        ((Rude(), object(), 5), Progress(text="5")),
        ((1, None, Rude()), Progress(1)),
        (([1], {}, None), Progress(text="None")),
    ],
)
def test_any_value_may_be_reported_and_harms_nobody(told: Any, kept: Progress) -> None:
    mine = execution()

    mine.progress(*told)

    assert mine.latest_progress == kept
