"""Every wrong setting is an error with an id and a hint; right ones are none."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from scheduler import conf
from scheduler.checks import check_settings

pytestmark = pytest.mark.pure


def ids() -> list[str]:
    messages = check_settings()
    assert all(message.hint for message in messages)
    return [str(message.id) for message in messages]


def test_settings_of_the_project_are_right() -> None:
    assert ids() == []


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("USE_TZ", False, 1),
        ("SCHEDULER_TIMEZONE", "Mars/Olympus", 2),
        ("SCHEDULER_TIMEZONE", 5, 2),
        ("SCHEDULER_TIMEZONE", "../etc/passwd", 2),
        ("SCHEDULER_API_PREFIX", "scheduler", 3),
        ("SCHEDULER_API_PREFIX", "/scheduler/", 3),
        ("SCHEDULER_API_PREFIX", "", 3),
        ("SCHEDULER_API_PREFIX", None, 3),
        ("SCHEDULER_JOB_DEFAULTS", {"grace": 1}, 4),
        ("SCHEDULER_JOB_DEFAULTS", None, 4),
        ("SCHEDULER_JOB_DEFAULTS", {"misfire_grace_time": 0}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"misfire_grace_time": "60"}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"max_instances": 0}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"overlap": "nosuch"}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"on_lost": None}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"priority": 2**15}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"timeout": 0}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"max_runs": 1.5}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"retries": -1}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"retry_delay": None}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"retry_max_delay": "60"}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"retry_budget": 0}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"retry_on": "OSError"}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"keep_days": 0}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"keep_executions": True}, 5),
        ("SCHEDULER_JOB_DEFAULTS", {"coalesce": "yes"}, 7),
        ("SCHEDULER_EXECUTORS", {}, 8),
        ("SCHEDULER_EXECUTORS", None, 8),
        ("SCHEDULER_EXECUTORS", {"default": {"type": "nosuch"}}, 9),
        ("SCHEDULER_EXECUTORS", {"default": "threads"}, 9),
        ("SCHEDULER_EXECUTORS", {"default": {"type": "threads", "max_workers": 0}}, 10),
        ("SCHEDULER_ALLOWED_HOSTS", "*", 11),
        ("SCHEDULER_ALLOWED_HOSTS", None, 11),
        ("SCHEDULER_ALLOWED_HOSTS", [5], 11),
        ("SCHEDULER_JOBS", None, 12),
        ("SCHEDULER_JOBS", {"id": "job"}, 12),
        ("SCHEDULER_JOBS", ["job"], 12),
        ("SCHEDULER_JOBS", [{"func": "jobs:nothing"}], 12),
        ("SCHEDULER_JOBS", [{"id": ""}], 12),
        ("SCHEDULER_JOBS", [{"id": ["a"]}], 12),
        ("SCHEDULER_JOBS", [{"id": 5}], 12),
        ("SCHEDULER_JOBS", [{"id": "job"}, {"id": "job"}], 13),
        ("SCHEDULER_SHUTDOWN_GRACE_SECONDS", -1, 14),
        ("SCHEDULER_SHUTDOWN_GRACE_SECONDS", "soon", 14),
        ("SCHEDULER_SHUTDOWN_GRACE_SECONDS", float("nan"), 14),
        ("SCHEDULER_SHUTDOWN_GRACE_SECONDS", float("inf"), 14),
        ("SCHEDULER_RESULT_MAX_LENGTH", -1, 15),
        ("SCHEDULER_RESULT_MAX_LENGTH", None, 15),
        ("SCHEDULER_RESULT_MAX_LENGTH", float("inf"), 15),
        ("SCHEDULER_LOG_MAX_LENGTH", -1, 17),
        ("SCHEDULER_LOG_MAX_LENGTH", None, 17),
        ("SCHEDULER_LOG_MAX_LENGTH", float("nan"), 17),
        ("SCHEDULER_CODE_VERSION", 17, 26),
        ("SCHEDULER_CODE_VERSION", "v" * 65, 26),
        ("SCHEDULER_CODE_VERSION", "v1\n", 26),
        ("SCHEDULER_KEEP_DAYS", 0, 18),
        ("SCHEDULER_KEEP_DAYS", "90", 18),
        ("SCHEDULER_KEEP_DAYS", True, 18),
        ("SCHEDULER_KEEP_EXECUTIONS", -1, 19),
        ("SCHEDULER_KEEP_EXECUTIONS", 1.5, 19),
    ],
)
def test_wrong_setting_is_an_error_with_a_hint(settings: Settings, name: str, value: Any, number: int) -> None:
    setattr(settings, name, value)

    assert ids() == [f"scheduler.E{number:03}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCHEDULER_TIMEZONE", "Asia/Shanghai"),
        ("SCHEDULER_API_PREFIX", "/api/v1"),
        ("SCHEDULER_JOB_DEFAULTS", {"misfire_grace_time": None, "coalesce": False, "max_instances": 3}),
        ("SCHEDULER_JOB_DEFAULTS", {}),
        ("SCHEDULER_EXECUTORS", {"default": {"type": "threadpool"}, "slow": {"type": "threads", "max_workers": 1}}),
        ("SCHEDULER_ALLOWED_HOSTS", ("one", "two")),
        ("SCHEDULER_JOBS", ({"id": "a"}, {"id": "A"})),
        ("SCHEDULER_SHUTDOWN_GRACE_SECONDS", 0),
        ("SCHEDULER_RESULT_MAX_LENGTH", 0),
        ("SCHEDULER_LOG_MAX_LENGTH", 0),
        ("SCHEDULER_KEEP_DAYS", None),
        ("SCHEDULER_KEEP_DAYS", 1),
        ("SCHEDULER_CODE_VERSION", None),
        ("SCHEDULER_CODE_VERSION", "2026.11.2"),
        ("SCHEDULER_KEEP_EXECUTIONS", None),
        ("SCHEDULER_JOB_DEFAULTS", dict(conf.JOB_DEFAULTS)),
        ("SCHEDULER_EXECUTORS", {"default": {"type": "processes", "max_workers": 2}}),
    ],
)
def test_right_setting_is_no_error(settings: Settings, name: str, value: Any) -> None:
    setattr(settings, name, value)

    assert ids() == []


def test_all_that_is_wrong_is_said_at_once(settings: Settings) -> None:
    settings.USE_TZ = False
    settings.SCHEDULER_JOB_DEFAULTS = {"misfire_grace_time": 0, "max_instances": 0, "coalesce": 0}

    assert ids() == [f"scheduler.E{number:03}" for number in (1, 5, 5, 7)]
