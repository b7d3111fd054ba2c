"""Each imported rule is held against its source, in bounded time."""

from itertools import count
from typing import Any

import pytest

from scheduler.exchange import Comparison
from scheduler.services.comparisons import compare_plan
from scheduler.services.import_planning import plan_import
from scheduler.services.import_plans import Plan
from scheduler.services.import_sources import read_crontab_file, read_flask_settings, read_named_zone
from tests.services.rows import NOW

pytestmark = pytest.mark.django_db

LONDON = read_named_zone("Europe/London")


def plan_of_crontab(*lines: str) -> Plan:
    return plan_import(read_crontab_file("\n".join(lines), task="jobs:call_program", zone=LONDON), now=NOW)


def plan_of_flask(**trigger: Any) -> Plan:
    entry = {"id": "a", "func": "jobs:nothing", "trigger": "cron", **trigger}
    return plan_import(read_flask_settings([entry], zone=LONDON), now=NOW)


def comparison_of(plan: Plan) -> Comparison | None:
    assert plan.mistakes == ()
    # Its clock stands still: a busy machine must not run out of time.
    (compared,) = compare_plan(plan, clock=lambda: 0.0).values()
    return compared.comparison


@pytest.mark.parametrize(
    "line", ["*/7 * * * *", "30 1 * * *", "0 0 13 * 5", "5 4 1,15 */2 *", "@weekly", "0 9 * * mon-fri"]
)
def test_lines_of_a_crontab_are_equal_to_what_cron_does(line: str) -> None:
    assert comparison_of(plan_of_crontab(f"{line} true")) == Comparison(equal=1000)


def test_cron_fields_of_flask_are_equal_where_the_clocks_do_not_touch_them() -> None:
    assert comparison_of(plan_of_flask(day_of_week="mon-fri", hour="9-17", minute="*/15")) == Comparison(equal=1000)


def test_difference_at_a_clock_change_is_shown() -> None:
    comparison = comparison_of(plan_of_flask(hour=1, minute=30))

    assert comparison is not None
    assert comparison.difference is not None
    assert "clocks" in comparison.difference.reason


def test_date_is_compared_once() -> None:
    assert comparison_of(plan_of_flask(trigger="date", run_date="2026-07-01 09:00")) == Comparison(equal=1)


def test_no_more_is_compared_when_the_time_is_over() -> None:
    ticks = count(step=1.5)

    compared = compare_plan(
        plan_of_crontab("0 1 * * * a", "0 2 * * * b", "0 3 * * * c"), longest=5, clock=lambda: next(ticks)
    )

    found = {key: each.comparison for key, each in compared.items()}
    assert found["a"] is not None
    assert found["a"].ran_out_of_time
    assert found["c"] is None
