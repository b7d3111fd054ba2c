"""Whether and when a failed run is tried again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.engine.outcomes import TIMEOUT_NAMES
from scheduler.engine.retrying import RetryPolicy, names_of_error

pytestmark = pytest.mark.pure

FAILED_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
COUNTS = st.integers(0, 2**31 - 1)


class Refused(ConnectionRefusedError):
    """A class of somebody's library."""


def policy(**more: Any) -> RetryPolicy:
    return RetryPolicy(**{"retries": 10, "delay": 10, "max_delay": 3600, **more})


def wait(wishes: RetryPolicy, *, retried: int = 0, seed: str = "job", **more: Any) -> float | None:
    """Return the seconds until the next try; None for never."""
    about = {"error_types": ("ValueError",), "first_tried_at": FAILED_AT, "failed_at": FAILED_AT, **more}
    moment = wishes.next_try(retried=retried, seed=seed, **about)
    return None if moment is None else (moment - FAILED_AT).total_seconds()


def test_each_retry_waits_twice_as_long_up_to_the_ceiling() -> None:
    longest = [10, 20, 40, 80, 100, 100]

    for retried, ceiling in enumerate(longest):
        seconds = wait(policy(max_delay=100), retried=retried)
        assert seconds is not None
        assert ceiling / 2 <= seconds <= ceiling


@given(delay=COUNTS, max_delay=COUNTS, retried=COUNTS, seed=st.text())
def test_wait_is_never_shorter_than_half_nor_longer_than_the_whole_delay(
    delay: int, max_delay: int, retried: int, seed: str
) -> None:
    wishes = policy(retries=retried + 1, delay=delay, max_delay=max_delay)
    whole = min(delay * 2 ** min(retried, 31), max_delay)

    seconds = wait(wishes, retried=retried, seed=seed)

    assert seconds is not None
    assert whole / 2 - 1e-3 <= seconds <= whole + 1e-3


def test_what_failed_together_does_not_come_back_together() -> None:
    waits = {wait(policy(), seed=f"job{number}") for number in range(100)}

    assert len(waits) == 100


def test_same_failure_asked_about_twice_is_tried_again_at_the_same_moment() -> None:
    assert wait(policy(), retried=3, seed="job x") == wait(policy(), retried=3, seed="job x")


@pytest.mark.parametrize(("retried", "is_tried"), [(0, True), (1, True), (2, False), (3, False)])
def test_no_run_is_retried_more_often_than_its_job_says(retried: int, is_tried: bool) -> None:
    assert (wait(policy(retries=2), retried=retried) is not None) == is_tried


def test_retry_beyond_the_budget_is_not_made() -> None:
    early = FAILED_AT - timedelta(seconds=100)

    assert wait(policy(budget=110), first_tried_at=early) is not None
    assert wait(policy(budget=104), first_tried_at=early) is None


@pytest.mark.parametrize(
    ("on", "is_tried"),
    [
        ((), True),
        (("Refused",), True),
        (("tests.engine.test_retrying.Refused",), True),
        (("ConnectionError",), True),
        (("builtins.OSError",), True),
        (("KeyError", "Exception"), True),
        (("KeyError",), False),
        (("other.Refused",), False),
        (("object",), False),
    ],
)
def test_named_exceptions_mean_their_subclasses_too(on: tuple[str, ...], is_tried: bool) -> None:
    error_types = names_of_error(Refused())

    assert (wait(policy(on=on), error_types=error_types) is not None) == is_tried


@pytest.mark.parametrize("name", ["TimeoutError", "builtins.TimeoutError", "OSError", "Exception"])
def test_run_that_took_too_long_ends_as_a_timeout_error(name: str) -> None:
    assert wait(policy(on=(name,)), error_types=TIMEOUT_NAMES) is not None
    assert wait(policy(on=("ValueError",)), error_types=TIMEOUT_NAMES) is None
