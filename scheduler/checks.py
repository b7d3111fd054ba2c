"""System checks: every SCHEDULER_* value, with an id and a hint. Wrong ones stop every command."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from scheduler import conf, queries
from scheduler.services.problems import find_problems
from scheduler.services.values import POLICIES
from scheduler.triggers import InvalidField


def _error(number: int, message: str, hint: str) -> CheckMessage:
    return Error(message, hint=hint, id=f"scheduler.E{number:03}")


@register
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """Check each setting on its own, so that all that is wrong is said at once."""
    return [message for check in _CHECKS for message in check()]


def _check_time_zones() -> Iterable[CheckMessage]:
    if not settings.USE_TZ:
        yield _error(1, "USE_TZ is off.", "Set USE_TZ = True: without it every instant is off by the zone's offset.")
    name = getattr(settings, "SCHEDULER_TIMEZONE", None) or settings.TIME_ZONE
    try:
        ZoneInfo(name)
    except Exception:  # noqa: BLE001 - ZoneInfo raises half a dozen types for what is not a zone
        yield _error(2, f"SCHEDULER_TIMEZONE is no time zone: {name!r}.", 'Use an IANA name such as "Asia/Shanghai".')


def _check_api_prefix() -> Iterable[CheckMessage]:
    prefix = getattr(settings, "SCHEDULER_API_PREFIX", "/scheduler")
    if not isinstance(prefix, str) or not prefix.startswith("/") or prefix.endswith("/"):
        hint = 'Use a path that begins with a slash and does not end with one, such as "/scheduler".'
        yield _error(3, f"SCHEDULER_API_PREFIX is no path: {prefix!r}.", hint)


def _check_job_defaults() -> Iterable[CheckMessage]:
    defaults = getattr(settings, "SCHEDULER_JOB_DEFAULTS", {})
    if not isinstance(defaults, Mapping) or set(defaults) - set(conf.JOB_DEFAULTS):
        hint = f"Use a dict with the keys {', '.join(conf.JOB_DEFAULTS)}."
        yield _error(4, f"SCHEDULER_JOB_DEFAULTS has unknown keys: {defaults!r}.", hint)
        return
    for name, value in defaults.items():
        try:
            POLICIES[name](value)
        except InvalidField as error:
            yield _error(5, f"{name} in SCHEDULER_JOB_DEFAULTS is {value!r}.", str(error))
    if not isinstance(coalesce := defaults.get("coalesce", True), bool):
        yield _error(7, f"coalesce in SCHEDULER_JOB_DEFAULTS is {coalesce!r}.", "Use True or False.")


def _check_executors() -> Iterable[CheckMessage]:
    executors = conf.executors()
    if not isinstance(executors, Mapping) or "default" not in executors:
        hint = 'Use {"default": {"type": "threads", "max_workers": 20}}.'
        yield _error(8, 'SCHEDULER_EXECUTORS has no "default" executor.', hint)
        return
    for alias, options in executors.items():
        if not isinstance(options, Mapping) or options.get("type") not in conf.EXECUTOR_TYPES:
            hint = 'Use "type": "threads" or "type": "processes".'
            yield _error(9, f"Executor {alias!r} in SCHEDULER_EXECUTORS has no known type.", hint)
        elif not _is_positive(options.get("max_workers", 20)):
            yield _error(10, f"Executor {alias!r} has a wrong max_workers.", "Use a positive integer.")


def _check_hosts() -> Iterable[CheckMessage]:
    hosts = getattr(settings, "SCHEDULER_ALLOWED_HOSTS", ["*"])
    if not _is_list(hosts) or not all(isinstance(host, str) for host in hosts):
        yield _error(11, f"SCHEDULER_ALLOWED_HOSTS is no list of names: {hosts!r}.", 'Use ["*"] to allow every host.')


def _check_jobs() -> Iterable[CheckMessage]:
    jobs = conf.declared_jobs()
    if not _is_list(jobs) or not all(isinstance(job, Mapping) and _is_text(job.get("id")) for job in jobs):
        hint = 'Use [{"id": "job1", "func": ...}]; an id is a text.'
        yield _error(12, "SCHEDULER_JOBS is no list of dicts that have an id.", hint)
        return
    ids = [job["id"] for job in jobs]
    if repeated := {job_id for job_id in ids if ids.count(job_id) > 1}:
        yield _error(
            13, f"SCHEDULER_JOBS has ids more than once: {sorted(repeated)}.", "Give each job an id of its own."
        )


def _check_limits() -> Iterable[CheckMessage]:
    for number, name, read in (
        (14, "SHUTDOWN_GRACE_SECONDS", conf.shutdown_grace_seconds),
        (15, "RESULT_MAX_LENGTH", conf.result_max_length),
        (17, "LOG_MAX_LENGTH", conf.log_max_length),
    ):
        try:
            wrong = not 0 <= read() < math.inf
        except (OverflowError, TypeError, ValueError):
            wrong = True
        if wrong:
            yield _error(number, f"SCHEDULER_{name} is no number of at least 0.", "Use a number, or leave it out.")


def _check_retention() -> Iterable[CheckMessage]:
    for number, name in ((18, "SCHEDULER_KEEP_DAYS"), (19, "SCHEDULER_KEEP_EXECUTIONS")):
        value = getattr(settings, name, None)
        if value is not None and not _is_positive(value):
            yield _error(number, f"{name} is {value!r}.", "Use a positive integer, or None to keep all.")


def _check_code_version() -> Iterable[CheckMessage]:
    version = getattr(settings, "SCHEDULER_CODE_VERSION", None)
    if version is not None and not (isinstance(version, str) and len(version) <= 64 and version.isprintable()):
        hint = "Use a text of at most 64 characters, such as a tag or a commit; None asks git."
        yield _error(26, f"SCHEDULER_CODE_VERSION is no version: {version!r}.", hint)


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


_CHECKS: tuple[Callable[[], Iterable[CheckMessage]], ...] = (
    _check_time_zones,
    _check_api_prefix,
    _check_job_defaults,
    _check_executors,
    _check_hosts,
    _check_jobs,
    _check_limits,
    _check_retention,
    _check_code_version,
)


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Check that the server is new enough for the claim: SKIP LOCKED, and JSON_TABLE on MySQL and MariaDB."""
    if not databases or "default" not in databases:
        return []
    connection = connections["default"]
    if connection.vendor == "sqlite" or connection.features.has_select_for_update_skip_locked:
        return []
    return [_error(16, "The database server is too old.", "Use MariaDB 10.6, MySQL 8.0, PostgreSQL 14, or newer.")]


@register(Tags.database)
def check_calendars(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of calendars that jobs or windows use, and whose data ends soon or has ended."""
    if not databases or "default" not in databases:
        return []
    try:
        with transaction.atomic():
            ending = queries.ending_calendars(today=timezone.localdate())
    except DatabaseError:
        # Before the first `migrate`, which asks for these checks too, there are no tables.
        return []
    hint = "Install a newer chinesecalendar or holidays, or import the coming year's days: manage.py importcalendar."
    return [CheckWarning(each.sentence, hint=hint, id="scheduler.W001") for each in ending]


# So many are named; a change of the code may break them all.
MOST_NAMED = 20


@register(Tags.database)
def check_jobs(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of the jobs that the code does not fit any more, before a node finds out."""
    if not databases or "default" not in databases:
        return []
    try:
        with transaction.atomic():
            return list(_broken_jobs())
    except DatabaseError:
        # As above: there are no tables yet, or not all of their columns.
        return []


def _broken_jobs() -> Iterator[CheckMessage]:
    problems = find_problems()
    hint = "Change the job, or the code; a node does not run it until then."
    for job_id, problem in islice(problems, MOST_NAMED):
        yield CheckWarning(f"Job {job_id} cannot run. {problem}", hint=hint, id="scheduler.W002")
    if more := sum(1 for _problem in problems):
        yield CheckWarning(f"There are {more} more jobs that cannot run.", hint=hint, id="scheduler.W002")
