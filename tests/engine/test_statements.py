"""The hot statements, which take many rows at once, on every database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from scheduler.engine.statements import BulkInsert, BulkUpdate
from scheduler.models import Execution, Status

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SHORTLY = timedelta(microseconds=1)
COLUMNS = {
    "id": int, "job_id": str, "scheduled_for": datetime, "status": str, "reason": str, "revision": int,
    "node_id": int, "first_scheduled_for": datetime,
}  # fmt: skip
INSERT = BulkInsert(
    model=Execution,
    columns=COLUMNS,
    expressions={
        "attempt": "1", "origin": "'schedule'", "available_at": "v.scheduled_for", "created_at": "%s", "priority": "0",
    },
)  # fmt: skip
FINISH = BulkUpdate(
    model=Execution,
    keys={"id": int, "node_id": int},
    columns={"status": str, "reason": str, "finished_at": datetime},
    guard="t.status = 'running'",
)


def row(number: int, **other: Any) -> tuple[Any, ...]:
    """Return an execution's values, in the order of COLUMNS."""
    values = {
        "id": number, "job_id": f"job {number}", "scheduled_for": NOON, "status": "running", "reason": "",
        "revision": 1, "node_id": 7, "first_scheduled_for": None,
    }  # fmt: skip
    return tuple((values | other).values())


def insert(*rows: tuple[Any, ...]) -> None:
    """Insert rows, and see that each is there as it was given."""
    INSERT.run(rows, [NOON])
    assert sorted(Execution.objects.values_list(*COLUMNS)) == sorted(rows)
    assert set(Execution.objects.values_list("created_at", flat=True)) == {NOON}
    assert all(each.available_at == each.scheduled_for for each in Execution.objects.all())


def test_rows_that_share_all_but_their_ids_are_inserted() -> None:
    insert(row(1), row(2), row(3))


def test_single_row_is_inserted() -> None:
    insert(row(1, reason="only one"))


def test_rows_that_share_nothing_are_inserted() -> None:
    insert(
        row(1, reason='a "quoted" \\ text', first_scheduled_for=NOON),
        row(
            2,
            scheduled_for=NOON + timedelta(microseconds=1),
            status="skipped",
            reason="世界 🌍",
            revision=2,
            node_id=None,
        ),
    )


def test_none_is_shared_too() -> None:
    insert(row(1, node_id=None, first_scheduled_for=None), row(2, node_id=None, first_scheduled_for=None))


def test_second_row_of_an_occurrence_is_refused() -> None:
    with pytest.raises(IntegrityError):
        INSERT.run([row(1, job_id="same"), row(2, job_id="same")], [NOON])


# Alike but for their ids; in two groups; all different, which is another statement.
@pytest.mark.parametrize("kinds", [1, 2, 12])
def test_rows_are_updated_each_to_its_own_values(kinds: int) -> None:
    insert(*(row(number) for number in range(1, 13)))
    ends = [
        (
            number,
            7,
            "failed" if number % kinds else "succeeded",
            f"'{number % kinds}' 世界",
            NOON + timedelta(number % kinds),
        )
        for number in range(1, 13)
    ]

    updated = FINISH.run(ends)

    assert updated == 12
    assert sorted(Execution.objects.values_list("id", "node_id", "status", "reason", "finished_at")) == ends


@pytest.mark.parametrize("kinds", [1, 12])
def test_rows_whose_keys_or_guard_do_not_hold_stay_as_they_are(kinds: int) -> None:
    insert(*(row(number) for number in range(1, 11)), row(11, node_id=8), row(12, status="lost"))

    updated = FINISH.run([(number, 7, "succeeded", "", NOON + number % kinds * SHORTLY) for number in range(1, 14)])

    assert updated == 10
    assert Execution.objects.get(pk=11).status == Status.RUNNING
    assert Execution.objects.get(pk=12).status == Status.LOST


def test_none_is_written() -> None:
    insert(row(1), row(2))
    Execution.objects.update(finished_at=NOON)

    FINISH.run([(1, 7, "succeeded", "", None), (2, 7, "succeeded", "", None)])

    assert set(Execution.objects.values_list("finished_at", flat=True)) == {None}
