"""Ids that are made here, not by the database."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import chain, pairwise

import pytest
import time_machine

from scheduler.models import LARGEST_ID, id_in, new_id, new_ids

pytestmark = pytest.mark.pure


def test_ids_strictly_increase() -> None:
    ids = [new_id() for _each in range(10_000)]

    assert all(earlier < later for earlier, later in pairwise(ids))


def test_ids_increase_even_when_the_clock_goes_back() -> None:
    before = new_id()
    with time_machine.travel(time.time() - 3600):
        assert new_id() > before


@pytest.mark.parametrize("year", [2026, 2100])
def test_ids_fit_into_63_bits_of_a_column(year: int) -> None:
    milliseconds = int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000)

    assert 0 < new_id() < 2**63
    assert (milliseconds + 1) << 21 < 2**63


def test_batch_is_consecutive_and_after_what_was_made_before() -> None:
    before = new_id()
    batch = new_ids(500)

    assert len(batch) == 500
    assert before < batch[0]
    assert new_id() > batch[-1]


def test_empty_batch_is_empty() -> None:
    before = new_id()

    assert list(new_ids(0)) == []
    assert new_id() > before


def test_threads_share_no_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda number: new_ids(number % 7 + 1), range(2000)))

    ids = list(chain.from_iterable(batches))
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("number", [0, 7, LARGEST_ID])
def test_id_of_an_address_is_read(number: int) -> None:
    assert id_in(str(number)) == number


@pytest.mark.parametrize(
    "text", [None, "", "-1", "1.5", "x", "²", "٣", " 1", str(LARGEST_ID + 1), "1".zfill(20), "9" * 5000]
)
def test_what_is_no_id_is_none(text: str | None) -> None:
    assert id_in(text) is None


def test_number_above_the_greatest_that_is_asked_for_is_none() -> None:
    assert [id_in(text, most=7) for text in ("7", "8")] == [7, None]
