"""The SCHEDULER_* settings: name, type, default. Read lazily, so that tests and projects can change them.

Names that Flask-APScheduler knows keep their meaning. `scheduler.checks` refuses wrong values at start.
"""

import socket
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

JOB_DEFAULTS: Mapping[str, Any] = {
    "misfire_grace_time": 3600,
    "coalesce": True,
    "max_instances": 1,
    "overlap": "skip",
    "maintenance": "skip",
    "priority": 0,
    "timeout": None,
    "max_runs": None,
    "retries": 0,
    "retry_delay": 10,
    "retry_max_delay": 3600,
    "retry_budget": None,
    "retry_on": [],
    "on_lost": "fail",
    "keep_days": None,
    "keep_executions": None,
    "tags": [],
}
# What the engine knows by these names: scheduler.engine.executors.
EXECUTOR_TYPES = ("threads", "threadpool", "processes", "processpool")
EXECUTORS: Mapping[str, Mapping[str, Any]] = {
    "default": {"type": "threads", "max_workers": 20},
    "processes": {"type": "processes", "max_workers": 4},
}


def api_enabled() -> bool:
    """SCHEDULER_API_ENABLED: whether the REST endpoints exist."""
    return bool(getattr(settings, "SCHEDULER_API_ENABLED", False))


def api_prefix() -> str:
    """SCHEDULER_API_PREFIX: where the REST endpoints stand; begins with a slash, ends without one."""
    return str(getattr(settings, "SCHEDULER_API_PREFIX", "/scheduler"))


def declared_jobs() -> Sequence[Mapping[str, Any]]:
    """SCHEDULER_JOBS: the jobs that the settings declare, in the format of a POST."""
    return getattr(settings, "SCHEDULER_JOBS", ())


def job_defaults() -> Mapping[str, Any]:
    """SCHEDULER_JOB_DEFAULTS over ours: the policies of a job that names none, as a POST would send them."""
    return {**JOB_DEFAULTS, **getattr(settings, "SCHEDULER_JOB_DEFAULTS", {})}


def executors() -> Mapping[str, Mapping[str, Any]]:
    """SCHEDULER_EXECUTORS: alias -> {"type": "threads" or "processes", "max_workers": 20}."""
    return getattr(settings, "SCHEDULER_EXECUTORS", EXECUTORS)


def timezone() -> ZoneInfo:
    """SCHEDULER_TIMEZONE, else TIME_ZONE: the zone of jobs that name none."""
    return ZoneInfo(getattr(settings, "SCHEDULER_TIMEZONE", None) or settings.TIME_ZONE)


def allowed_hosts() -> list[str]:
    """SCHEDULER_ALLOWED_HOSTS: names of the hosts on which nodes may run; "*" allows all."""
    return list(getattr(settings, "SCHEDULER_ALLOWED_HOSTS", ["*"]))


def current_host() -> str:
    """Return the name of this machine, as ALLOWED_HOSTS compares it."""
    return socket.gethostname().lower()


def shutdown_grace_seconds() -> float:
    """SCHEDULER_SHUTDOWN_GRACE_SECONDS: how long a stopping node waits for the bodies that run."""
    return float(getattr(settings, "SCHEDULER_SHUTDOWN_GRACE_SECONDS", 30))


def result_max_length() -> int:
    """SCHEDULER_RESULT_MAX_LENGTH: characters of a return value that are kept."""
    return int(getattr(settings, "SCHEDULER_RESULT_MAX_LENGTH", 10_000))


def log_max_length() -> int:
    """SCHEDULER_LOG_MAX_LENGTH: characters of an execution's output that are kept, half of them from its end."""
    return int(getattr(settings, "SCHEDULER_LOG_MAX_LENGTH", 64_000))


def keep_days() -> int | None:
    """SCHEDULER_KEEP_DAYS: for how many days executions are kept; None for ever. A job may say otherwise."""
    days = getattr(settings, "SCHEDULER_KEEP_DAYS", 90)
    return None if days is None else int(days)


def keep_executions() -> int | None:
    """SCHEDULER_KEEP_EXECUTIONS: how many executions of each job are kept; None for all. A job may say otherwise."""
    count = getattr(settings, "SCHEDULER_KEEP_EXECUTIONS", 10_000)
    return None if count is None else int(count)


def trusts_proxy() -> bool:
    """SECURE_PROXY_SSL_HEADER: whether there is a proxy before us, whose headers are believed."""
    return bool(settings.SECURE_PROXY_SSL_HEADER)
