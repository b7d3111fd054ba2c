"""The SCHEDULER_* settings: name, type, default. Read lazily, so that tests and projects can change them.

Names that Flask-APScheduler knows keep their meaning. `scheduler.checks` refuses wrong values at start.
"""

import socket
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

JOB_DEFAULTS: Mapping[str, Any] = {"misfire_grace_time": 3600, "coalesce": True, "max_instances": 1}
EXECUTORS: Mapping[str, Mapping[str, Any]] = {"default": {"type": "threads", "max_workers": 20}}


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
    """SCHEDULER_JOB_DEFAULTS over ours: misfire_grace_time (seconds or None), coalesce, max_instances."""
    return {**JOB_DEFAULTS, **getattr(settings, "SCHEDULER_JOB_DEFAULTS", {})}


def executors() -> Mapping[str, Mapping[str, Any]]:
    """SCHEDULER_EXECUTORS: alias -> {"type": "threads", "max_workers": 20}."""
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
