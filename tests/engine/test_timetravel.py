"""Time travel: what the real claims, queue and records make of days that take no time."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import clock
from scheduler.engine.definitions import Run
from scheduler.engine.retrying import RetryPolicy
from scheduler.engine.scheduler import AT_ONCE
from scheduler.engine.timetravel.acts import Act, call_task, fail, succeed
from scheduler.engine.timetravel.copying import private_copy
from scheduler.engine.timetravel.journey import Traveller, travel
from scheduler.engine.timetravel.ledger import LedgerRow
from scheduler.exceptions import TimeStandsStill
from scheduler.models import Execution, Job, Node, Origin, Schedule, Status
from scheduler.services import control
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job, pause_job, resume_job
from scheduler.services.runs import run_job
from scheduler.services.windows import create_window
from scheduler.testing import Travel
from scheduler.triggers import occurrences

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 9, 28, tzinfo=UTC)


def hourly(job_id: str = "job", **fields: Any) -> Job:
    return create_job({"id": job_id, "func": "jobs:nothing", "trigger": "cron", "crontab": "0 * * * *", **fields})


def told(rows: Iterable[LedgerRow]) -> list[tuple[int, str]]:
    """Return the hours of the day for which rows were scheduled, and what became of them."""
    return [(row.scheduled_for.hour, row.status.value) for row in rows]


def at(hour: float) -> datetime:
    return MONDAY + hour * HOUR


def test_each_occurrence_is_carried_out_at_its_instant(scheduler_travel: Travel) -> None:
    hourly()

    ledger = scheduler_travel(at(9), at(11))

    assert [(row.scheduled_for, row.started_at, row.finished_at) for row in ledger] == [
        (at(n),) * 3 for n in (9, 10, 11)
    ]
    assert ledger.counts == {Status.SUCCEEDED: 3}


def test_both_ends_are_inclusive_and_nothing_else_is_there(scheduler_travel: Travel) -> None:
    hourly()

    assert told(scheduler_travel(at(9) + MINUTE, at(11) - MINUTE)) == [(10, "succeeded")]


def test_future_is_travelled_as_the_past_is(scheduler_travel: Travel) -> None:
    hourly()

    assert told(scheduler_travel("2999-01-01T08:30", "2999-01-01T09:30")) == [(9, "succeeded")]


def test_next_run_that_somebody_has_set_stands(scheduler_travel: Travel) -> None:
    hourly(next_run_time="2999-01-01T02:20:00+00:00")

    ledger = scheduler_travel("2999-01-01T00:30", "2999-01-01T03:30")

    assert [row.scheduled_for.isoformat()[11:16] for row in ledger] == ["02:20", "03:00"]


def test_day_on_which_the_clocks_change_has_its_local_times(scheduler_travel: Travel) -> None:
    create_job(
        {
            "id": "job", "func": "jobs:nothing", "trigger": "cron", "crontab": "30 2 * * *",
            "timezone": "America/New_York",
        }
    )  # fmt: skip

    ledger = scheduler_travel("2026-03-07", "2026-03-10")

    assert [row.local.isoformat() for row in ledger] == [
        "2026-03-07T02:30:00-05:00",
        "2026-03-08T03:00:00-04:00",
        "2026-03-09T02:30:00-04:00",
    ]


def test_run_that_ends_as_the_next_is_due_does_not_overlap_it(scheduler_travel: Travel) -> None:
    hourly()

    ledger = scheduler_travel(at(9), at(11), body=succeed(after=HOUR))

    assert told(ledger) == [(9, "succeeded"), (10, "succeeded"), (11, "running")]


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        ("skip", [(9, "succeeded"), (10, "skipped"), (11, "succeeded"), (12, "skipped")]),
        ("queue", [(9, "succeeded"), (10, "succeeded"), (11, "running"), (12, "queued")]),
        ("replace", [(9, "cancelled"), (10, "cancelled"), (11, "cancelled"), (12, "running")]),
    ],
)
def test_overlap_is_settled_as_the_job_says(
    scheduler_travel: Travel, overlap: str, expected: list[tuple[int, str]]
) -> None:
    hourly(overlap=overlap)

    ledger = scheduler_travel(at(9), at(12.7), body=succeed(after=1.5 * HOUR))

    assert sorted(told(ledger)) == expected


def test_queued_run_starts_when_the_one_before_it_ends(scheduler_travel: Travel) -> None:
    hourly(overlap="queue")

    ledger = scheduler_travel(at(9), at(11), body=succeed(after=1.5 * HOUR))

    assert [(row.scheduled_for, row.started_at) for row in ledger][:2] == [(at(9), at(9)), (at(10), at(10.5))]


def test_replaced_run_ends_at_the_instant_that_replaces_it(scheduler_travel: Travel) -> None:
    hourly(overlap="replace")

    first = scheduler_travel(at(9), at(10), body=succeed(after=1.5 * HOUR)).rows[0]

    assert (first.started_at, first.finished_at) == (at(9), at(10))
    assert first.reason == "Replaced by a later occurrence."


def test_as_many_run_at_once_as_the_job_allows(scheduler_travel: Travel) -> None:
    hourly(max_instances=2)

    ledger = scheduler_travel(at(9), at(11), body=succeed(after=5 * HOUR))

    assert told(ledger) == [(9, "running"), (10, "running"), (11, "skipped")]


def test_retries_come_back_exactly_when_the_policy_says(scheduler_travel: Travel) -> None:
    hourly(retries=2, retry_delay=60)

    ledger = scheduler_travel(at(9), at(9.5), body=fail(ConnectionError("away"), after=MINUTE))

    policy = RetryPolicy(retries=2, delay=60, max_delay=3600)
    expected, retried = [at(9)], 0
    while moment := policy.next_try(
        retried=retried,
        error_types=(),
        first_tried_at=at(9),
        failed_at=expected[-1] + MINUTE,
        seed=f"job {at(9).isoformat()}",
    ):
        expected.append(moment)
        retried += 1
    assert [(row.attempt, row.started_at) for row in ledger] == list(enumerate(expected, start=1))
    assert {row.reason for row in ledger} == {"ConnectionError: away"}


def test_body_may_say_how_each_run_ends(scheduler_travel: Travel) -> None:
    hourly(retries=5, retry_on=["ConnectionError"])

    def body(run: Run) -> Act | None:
        return fail(ConnectionError("away")) if run.attempt < 3 else None

    ledger = scheduler_travel(at(9), at(9.9), body=body)

    assert [(row.attempt, row.status) for row in ledger] == [(1, "failed"), (2, "failed"), (3, "succeeded")]


def test_timeout_ends_a_body_when_its_time_is_up(scheduler_travel: Travel) -> None:
    hourly(timeout=600)

    (row,) = scheduler_travel(at(9), at(9.5), body=succeed(after=HOUR))

    assert (row.status, row.finished_at) == (Status.TIMED_OUT, at(9) + timedelta(seconds=600))
    assert row.reason == "It ran longer than its timeout of 600 s."


def test_what_falls_into_a_down_period_is_folded_and_runs_after_it(scheduler_travel: Travel) -> None:
    hourly(misfire_grace_time=3600)

    ledger = scheduler_travel(at(9), at(13), down=[(at(9.5), at(12.5))])

    assert told(ledger) == [(9, "succeeded"), (12, "succeeded"), (13, "succeeded")]
    assert [(row.folded, row.started_at) for row in ledger][1] == (3, at(12.5))


def test_what_is_too_late_after_a_down_period_is_missed(scheduler_travel: Travel) -> None:
    hourly(misfire_grace_time=600, coalesce=False)

    ledger = scheduler_travel(at(9), at(13), down=[(at(9.5), at(12.5))])

    assert told(ledger) == [(9, "succeeded"), (12, "missed"), (13, "succeeded")]
    assert ledger.rows[1].reason == "1800 s late; misfire_grace_time is 600 s."


def test_without_coalesce_each_runs_after_a_down_period(scheduler_travel: Travel) -> None:
    hourly(misfire_grace_time=None, coalesce=False, overlap="queue")

    ledger = scheduler_travel(at(9), at(13), down=[(at(9.5), at(12.5))])

    assert [(row.scheduled_for, row.started_at) for row in ledger][1:4] == [(at(n), at(12.5)) for n in (10, 11, 12)]


def test_what_runs_when_a_down_period_begins_is_lost_and_run_again_where_the_job_says_so(
    scheduler_travel: Travel,
) -> None:
    hourly("fail")
    hourly("rerun", on_lost="rerun")

    ledger = scheduler_travel(at(9), at(9.9), down=[(at(9.1), at(9.2))], body=succeed(after=0.5 * HOUR))

    assert [row.status for row in ledger.of("fail")] == ["lost"]
    assert [(row.attempt, row.status, row.started_at) for row in ledger.of("rerun")] == [
        (1, "lost", at(9)),
        (2, "succeeded", at(9.2)),
    ]


def test_travel_may_begin_while_no_node_is_there(scheduler_travel: Travel) -> None:
    hourly()

    ledger = scheduler_travel(at(9), at(11), down=[(at(8), at(10.5))])

    assert [(row.scheduled_for, row.folded) for row in ledger] == [(at(10), 2), (at(11), 1)]


def test_job_ends_after_as_many_runs_as_it_may_have(scheduler_travel: Travel) -> None:
    hourly(max_runs=2)

    assert told(scheduler_travel(at(9), at(15))) == [(9, "succeeded"), (10, "succeeded")]
    assert Job.objects.get().finished_at == at(10)


def test_paused_job_does_not_run(scheduler_travel: Travel) -> None:
    hourly("paused")
    hourly("other")
    pause_job("paused")

    assert {row.job_id for row in scheduler_travel(at(9), at(12))} == {"other"}


def test_paused_scheduler_lets_nothing_run_until_it_is_resumed(scheduler_travel: Travel) -> None:
    hourly(misfire_grace_time=None)
    control.pause_scheduler()

    ledger = scheduler_travel(at(9), at(12), events={at(11.5): control.resume_scheduler})

    assert [(row.scheduled_for, row.started_at) for row in ledger] == [(at(11), at(11.5)), (at(12), at(12))]


def test_events_happen_at_their_moments_on_the_travelled_clock(scheduler_travel: Travel) -> None:
    hourly()

    ledger = scheduler_travel(
        at(8),
        at(12),
        events={
            at(8.5): lambda: pause_job("job"),
            at(10.5): lambda: resume_job("job"),
            at(10.7): lambda: run_job("job"),
            at(10.8): lambda: create_job({"id": "new", "func": "jobs:nothing", "trigger": "interval", "hours": 1}),
        },
    )

    assert [(row.scheduled_for, row.origin) for row in ledger.of("job")] == [
        (at(8), Origin.SCHEDULE),
        (at(10.7), Origin.MANUAL),
        (at(11), Origin.SCHEDULE),
        (at(12), Origin.SCHEDULE),
    ]
    assert [row.scheduled_for for row in ledger.of("new")] == [at(11.8)]
    assert abs(clock.now() - timezone.now()) < HOUR


def test_most_important_runs_come_first_where_there_is_no_room_for_all(scheduler_travel: Travel, settings: Any) -> None:
    settings.SCHEDULER_EXECUTORS = {"default": {"type": "threads", "max_workers": 1}}
    for job_id, priority in (("low", -1), ("high", 1), ("middle", 0)):
        hourly(job_id, priority=priority)

    ledger = scheduler_travel(at(9), at(9.9), body=succeed(after=10 * MINUTE))

    assert [(row.job_id, row.started_at) for row in ledger] == [
        ("high", at(9)),
        ("middle", at(9) + 10 * MINUTE),
        ("low", at(9) + 20 * MINUTE),
    ]


def test_task_itself_is_called_where_that_is_wanted(scheduler_travel: Travel) -> None:
    hourly(func="jobs:tell_when")

    ledger = scheduler_travel(at(9), at(10.5), body=call_task(after=MINUTE))

    results = Execution.objects.order_by("id").values_list("output__result", flat=True)
    assert list(results) == [f'"{at(hour).isoformat()}"' for hour in (9, 10)]
    assert [row.finished_at for row in ledger] == [at(9) + MINUTE, at(10) + MINUTE]


def test_task_that_raises_has_failed(scheduler_travel: Travel) -> None:
    hourly(func="jobs:fail", args=["no luck"])

    (row,) = scheduler_travel(at(9), at(9.5), body=call_task())

    assert (row.status, row.reason) == (Status.FAILED, "RuntimeError: no luck")
    assert row.call == "jobs:fail('no luck')"


def test_broken_job_is_skipped_with_the_reason(scheduler_travel: Travel) -> None:
    hourly()
    Job.objects.update(func="jobs:gone")

    (row,) = scheduler_travel(at(9), at(9.5))

    assert row.status == Status.SKIPPED
    assert "jobs:gone" in row.reason


def test_travel_in_which_time_stands_still_is_given_up(
    scheduler_travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Traveller, "_turn", lambda traveller: AT_ONCE)

    with pytest.raises(TimeStandsStill):
        scheduler_travel(at(9), at(10))


def test_working_days_of_a_calendar_hold(scheduler_travel: Travel) -> None:
    create_calendar({"name": "china", "country": "CN", "makeup_days": True})
    create_job(
        {
            "id": "job", "func": "jobs:nothing", "trigger": "cron", "crontab": "0 9 * * *",
            "timezone": "Asia/Shanghai", "calendar": "china",
        }
    )  # fmt: skip

    days = [row.local.day for row in scheduler_travel("2026-09-30", "2026-10-12")]

    assert days == [30, 8, 9, 10]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("skip", [(9, "succeeded"), (10, "skipped"), (11, "skipped"), (12, "succeeded")]),
        ("all", [(9, "succeeded"), (10, "succeeded"), (11, "succeeded"), (12, "succeeded")]),
    ],
)
def test_maintenance_window_is_obeyed(scheduler_travel: Travel, policy: str, expected: list[tuple[int, str]]) -> None:
    hourly(maintenance=policy, overlap="queue")
    create_window({"name": "move", "trigger": "date", "run_date": at(9.5).isoformat(), "duration_seconds": 2 * 3600})

    ledger = scheduler_travel(at(9), at(12))

    assert sorted(told(ledger)) == expected
    postponed = [row for row in ledger if row.started_at and row.started_at != row.scheduled_for]
    assert {row.started_at for row in postponed} == ({at(11.5)} if policy == "all" else set())


def test_next_travel_is_not_hindered_by_what_the_last_one_left_running(scheduler_travel: Travel) -> None:
    hourly()

    scheduler_travel(at(9), at(9.5), body=succeed(after=HOUR))

    assert told(scheduler_travel(at(10), at(10.5))) == [(10, "succeeded")]
    assert not Node.objects.filter(stopped_at=None).exists()


ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Europe/London"]
SPECS = st.one_of(
    st.builds(
        lambda minute, hour, days: {"trigger": "cron", "crontab": f"{minute} {hour} * * {days}"},
        st.sampled_from(["0", "30", "*/20", "7,41"]),
        st.sampled_from(["*", "2", "1-3", "*/6"]),
        st.sampled_from(["*", "1-5", "0"]),
    ),
    st.builds(
        lambda minutes, jitter: {
            "trigger": "interval",
            "minutes": minutes,
            "jitter": jitter,
            "start_date": "2026-01-01T00:00:00+00:00",
        },
        st.integers(17, 1500),
        st.sampled_from([0, 30]),
    ),
    st.builds(
        lambda hour, days: {"trigger": "calendarinterval", "days": days, "hour": hour, "start_date": "2026-03-01"},
        st.integers(0, 23),
        st.integers(1, 3),
    ),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(specs=st.lists(st.tuples(SPECS, st.sampled_from(ZONES)), min_size=1, max_size=4), week=st.integers(0, 40))
def test_instants_are_those_of_occurrences(
    scheduler_travel: Travel, specs: list[tuple[dict[str, Any], str]], week: int
) -> None:
    start = datetime(2026, 3, 6, 5, 7, tzinfo=UTC) + timedelta(weeks=week)
    end = start + timedelta(days=4)
    Schedule.objects.all().delete()
    Job.objects.all().delete()
    Execution.objects.all().delete()
    jobs = [
        create_job({"id": f"job{number}", "func": "jobs:nothing", "timezone": zone, **spec})
        for number, (spec, zone) in enumerate(specs)
    ]

    ledger = scheduler_travel(start, end)

    for job in jobs:
        promised = occurrences(job.trigger, {}, start, end, zone=ZoneInfo(job.timezone), seed=job.pk)
        assert [row.scheduled_for for row in ledger.of(job.pk)] == [each.at for each in promised if each.at]
    assert set(ledger.counts) <= {Status.SUCCEEDED}


CHANCE = random.Random(20260928)
RULES: tuple[Callable[[], dict[str, Any]], ...] = (
    lambda: {
        "trigger": "cron",
        "crontab": f"{pick('0', '*/20', '7,41', 'H')} {pick('*', '2', '1-3')} * * {pick('*', '1-5')}",
    },
    lambda: {
        "trigger": "cron",
        "hour": pick("*/3", "2", "1-2"),
        "minute": pick(0, 30, "15,45"),
        "day_of_week": pick("*", 6),
    },
    lambda: {"trigger": "interval", "minutes": CHANCE.randrange(11, 900), "start_date": "2026-01-01T00:00:00+00:00"},
    lambda: {"trigger": "calendarinterval", "days": pick(1, 2), "hour": pick(1, 2, 3), "start_date": "2026-03-01"},
    lambda: {"trigger": "rrule", "rrule": f"FREQ=HOURLY;INTERVAL={pick(1, 5, 7)}", "start_date": "2026-03-01T00:30:00"},
)
LAYERS: tuple[dict[str, Any], ...] = ({}, {"jitter": 120}, {"allowed_hours": "01:00-05:30"}, {"end_date": "2026-03-29"})


def pick(*choices: Any) -> Any:
    return CHANCE.choice(choices)


def test_thousand_random_definitions_fire_as_promised_while_clocks_change() -> None:
    start, end = datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)
    zones = [*ZONES, "Europe/Berlin", "Africa/Cairo"]
    with private_copy():
        jobs = [
            create_job(
                {
                    "id": f"job{number}",
                    "func": "jobs:nothing",
                    "timezone": pick(*zones),
                    **pick(*RULES)(),
                    **pick(*LAYERS),
                }
            )
            for number in range(1_000)
        ]

        ledger = travel(start=start, end=end)

    fired: dict[str, list[datetime]] = {job.pk: [] for job in jobs}
    for row in ledger:
        fired[row.job_id].append(row.scheduled_for)
    for job in jobs:
        promised = occurrences(job.trigger, {}, start, end, zone=ZoneInfo(job.timezone), seed=job.pk)
        assert fired[job.pk] == [each.at for each in promised if each.at], job.trigger
    assert ledger.counts == {Status.SUCCEEDED: len(ledger)}
    assert len(ledger) > 1_000
