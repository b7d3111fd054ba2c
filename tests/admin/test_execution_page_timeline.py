"""The times of a run in order, to scale, and in words that say the same."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from scheduler.admin.execution_page.timeline import Timeline, timeline_of
from scheduler.models import Execution, Origin, Status

pytestmark = pytest.mark.pure

DUE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return DUE + timedelta(seconds=seconds)


def line(now: float = 100, **columns: Any) -> Timeline:
    """Return the line of a run that was due at 0 and claimed at once, unless the columns say otherwise."""
    run = {"scheduled_for": DUE, "created_at": DUE, "available_at": DUE, "status": Status.RUNNING, **columns}
    return timeline_of(Execution(job_id="job", revision=1, **run), now=at(now))


def places(timeline: Timeline) -> list[tuple[str, str, str]]:
    return [(moment.code, moment.since, moment.percent) for moment in timeline.moments]


def bars(timeline: Timeline) -> list[tuple[str, str, str]]:
    return [(bar.code, bar.left, bar.width) for bar in timeline.bars]


def test_moments_are_in_order_and_to_scale() -> None:
    timeline = line(created_at=at(10), started_at=at(20), finished_at=at(40), status=Status.SUCCEEDED)

    assert places(timeline) == [
        ("due", "", "0.00"), ("created", "10.0 s", "25.00"), ("started", "10.0 s", "50.00"),
        ("finished", "20.0 s", "100.00"),
    ]  # fmt: skip
    assert bars(timeline) == [("waiting", "0.00", "50.00"), ("running", "50.00", "50.00")]
    assert timeline.sentences == ["It started 20.0 s late.", "It ran for 20.0 s."]


def test_line_of_what_runs_ends_now() -> None:
    timeline = line(now=30, started_at=at(0.5))

    assert bars(timeline)[-1] == ("running", "1.67", "98.33")
    assert timeline.sentences == ["It started in time.", "It has been running for 29.5 s."]


def test_request_to_stop_is_on_the_line() -> None:
    assert "told" in [moment.code for moment in line(started_at=at(1), cancel_requested_at=at(50)).moments]


def test_retry_is_late_from_when_it_may_start() -> None:
    timeline = line(
        origin=Origin.RETRY,
        created_at=at(100),
        available_at=at(110),
        started_at=at(125),
        finished_at=at(126),
        status=Status.FAILED,
    )

    assert [moment.code for moment in timeline.moments] == ["created", "available", "started", "finished"]
    assert timeline.sentences[0] == "It started 15.0 s late."


@pytest.mark.parametrize("origin", [Origin.MANUAL, Origin.BACKFILL])
def test_what_somebody_asked_for_is_not_late_but_waits(origin: Origin) -> None:
    timeline = line(origin=origin, scheduled_for=at(-1e6), created_at=at(0), started_at=at(3), finished_at=at(4))

    assert timeline.moments[0].code == "created"
    assert timeline.sentences[0] == "It waited 3.0 s."


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"status": Status.QUEUED, "available_at": at(160)}, "It may start in 1 min."),
        ({"status": Status.QUEUED}, "It has been waiting for 1 min 40 s."),
        ({"status": Status.RUNNING}, "It is about to start."),
        ({"status": Status.MISSED, "finished_at": at(5)}, "It never started."),
    ],
)
def test_what_has_not_started_says_so(columns: dict[str, Any], sentence: str) -> None:
    assert line(**columns).sentences == [sentence]


def test_clock_that_is_behind_breaks_nothing() -> None:
    timeline = line(now=-5, started_at=at(10))

    assert timeline.sentences == ["It started 10.0 s late.", "It has been running for 0 ms."]
    assert all(0 <= float(bar.left) <= 100 for bar in timeline.bars)


def test_all_at_one_instant_breaks_nothing() -> None:
    timeline = line(now=0, started_at=DUE, finished_at=DUE, status=Status.SUCCEEDED)

    assert bars(timeline) == [("waiting", "0.00", "0.00"), ("running", "0.00", "0.00")]


def test_chinese_sets_spaces_between_its_characters_and_numbers_only() -> None:
    with override("zh-hans"):
        late = line(started_at=at(20), finished_at=at(20.0004), status=Status.SUCCEEDED)

        assert late.sentences == ["延迟 20.0 秒开始。", "运行了不到 1 毫秒。"]
