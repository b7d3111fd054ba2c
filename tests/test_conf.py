"""The settings: read at each question, with defaults of their own."""

from zoneinfo import ZoneInfo

import pytest
from pytest_django.fixtures import Settings

from scheduler import conf

pytestmark = pytest.mark.pure

NAMES = (
    "API_ENABLED", "API_PREFIX", "JOBS", "JOB_DEFAULTS", "EXECUTORS", "TIMEZONE", "ALLOWED_HOSTS",
    "SHUTDOWN_GRACE_SECONDS", "RESULT_MAX_LENGTH", "CODE_VERSION",
)  # fmt: skip


@pytest.fixture
def bare(settings: Settings) -> Settings:
    """Settings of a project that sets nothing of ours."""
    for name in NAMES:
        if hasattr(settings, f"SCHEDULER_{name}"):
            delattr(settings, f"SCHEDULER_{name}")
    return settings


@pytest.mark.usefixtures("bare")
def test_defaults() -> None:
    assert not conf.api_enabled()
    assert conf.api_prefix() == "/scheduler"
    assert list(conf.declared_jobs()) == []
    assert conf.job_defaults() == conf.JOB_DEFAULTS
    assert conf.executors() == conf.EXECUTORS
    assert conf.allowed_hosts() == ["*"]
    assert conf.shutdown_grace_seconds() == 30
    assert conf.result_max_length() == 10_000
    assert conf.code_version() is None


def test_zone_is_the_projects_where_none_is_set(bare: Settings) -> None:
    bare.TIME_ZONE = "Asia/Shanghai"

    assert conf.timezone() == ZoneInfo("Asia/Shanghai")


def test_zone_of_the_scheduler_wins(bare: Settings) -> None:
    bare.SCHEDULER_TIMEZONE = "Europe/London"

    assert conf.timezone() == ZoneInfo("Europe/London")


def test_job_defaults_are_laid_over_ours(bare: Settings) -> None:
    bare.SCHEDULER_JOB_DEFAULTS = {"coalesce": False}

    assert conf.job_defaults() == {**conf.JOB_DEFAULTS, "coalesce": False}


def test_settings_are_read_at_each_question(bare: Settings) -> None:
    conf.api_prefix()
    bare.SCHEDULER_API_PREFIX = "/elsewhere"

    assert conf.api_prefix() == "/elsewhere"


def test_host_is_in_lower_case() -> None:
    assert conf.current_host() == conf.current_host().lower() != ""
