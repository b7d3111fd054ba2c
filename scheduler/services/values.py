"""Readers of a definition's single values, with the types that Flask-APScheduler's clients send."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from apscheduler.util import convert_to_datetime
from django.utils.translation import gettext as _

from scheduler import conf
from scheduler.models import MaintenancePolicy, OnLost, Overlap
from scheduler.triggers import EARLIEST, LATEST, InvalidField

JOBSTORE = "default"
LARGEST_INTEGER = 2**31 - 1
LARGEST_PRIORITY = 2**15 - 1
_PRIORITIES = {"least": -LARGEST_PRIORITY, "most": LARGEST_PRIORITY}
LONGEST_TAG, MOST_TAGS = 64, 100
# MariaDB refuses JSON that is nested deeper than 32 levels.
DEEPEST_JSON = 30
_NULL_CHARACTER = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class NestedTooDeep(InvalidField):
    """A value that not every database can hold, or of which Python cannot even read the JSON."""

    def __init__(self) -> None:
        super().__init__(_("The value is nested more than %d levels deep.") % DEEPEST_JSON)


def read_id(value: Any) -> str:
    """Read a job's id: a text that fits into one segment of a path, so that the job can be addressed."""
    text = read_text(value)
    if "/" in text or text in (".", "..") or not text.isprintable():
        raise InvalidField(_("An id must not contain slashes or control characters, nor be only dots."))
    return text


def read_text(value: Any) -> str:
    """Read a non-empty text of at most 255 characters that every database can hold."""
    if not isinstance(value, str) or not value:
        raise InvalidField(_("Enter a non-empty text."))
    if len(value) > 255:
        raise InvalidField(_("Enter at most 255 characters."))
    if "\0" in value or not _is_encodable(value):
        raise InvalidField(_("The text holds characters that cannot be stored."))
    return value


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_args(value: Any) -> list[Any]:
    """Read positional arguments; a text is taken apart and an object gives its keys, as in the original."""
    if value is None:
        return []
    if not isinstance(value, Iterable):
        raise InvalidField(_("Enter a list."))
    args: list[Any] = as_stored(list(value))
    return args


def read_strict_args(value: Any) -> list[Any]:
    """Read positional arguments as a change sends them: no text, no null."""
    if value is None or isinstance(value, str):
        raise InvalidField(_("args must be a non-string iterable."))
    return read_args(value)


def read_kwargs(value: Any) -> dict[str, Any]:
    """Read keyword arguments: an object, or a list of pairs."""
    try:
        kwargs = {} if value is None else dict(value)
    except (TypeError, ValueError):
        raise InvalidField(_("Enter an object.")) from None
    if not all(isinstance(key, str) for key in kwargs):
        raise InvalidField(_("The names of keyword arguments must be texts."))
    stored: dict[str, Any] = as_stored(kwargs)
    return stored


def read_strict_kwargs(value: Any) -> dict[str, Any]:
    """Read keyword arguments as a change sends them: an object."""
    if not isinstance(value, Mapping):
        raise InvalidField(_("kwargs must be a dict-like object."))
    return read_kwargs(value)


def as_stored(value: Any) -> Any:
    """Return a value as the database will give it back. Raises InvalidField, which says why it cannot be kept."""
    if not _is_nested_at_most(DEEPEST_JSON, value):
        raise NestedTooDeep
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError) as error:
        raise InvalidField(_("This cannot be stored as JSON: %s.") % error) from error
    if _NULL_CHARACTER.search(text):
        raise InvalidField(_("Null characters cannot be stored."))
    return json.loads(text)


def _is_nested_at_most(levels: int, value: Any) -> bool:
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return True
    return levels > 0 and all(_is_nested_at_most(levels - 1, each) for each in value)


def read_grace(value: Any) -> int | None:
    """Read misfire_grace_time: positive whole seconds, or None for however late."""
    if value is None:
        return None
    if not _is_positive(value):
        raise InvalidField(_("misfire_grace_time must be either None or a positive integer."))
    return int(value)


def read_max_instances(value: Any) -> int:
    """Read max_instances: a positive integer."""
    if not _is_positive(value):
        raise InvalidField(_("max_instances must be a positive integer."))
    return int(value)


def _is_positive(value: Any) -> bool:
    return isinstance(value, int) and 0 < value <= LARGEST_INTEGER


def read_truth(value: Any) -> bool:
    """Read true or false, and nothing that only counts as such."""
    if not isinstance(value, bool):
        raise InvalidField(_("Enter true or false."))
    return value


def read_limit(value: Any) -> int | None:
    """Read a limit: a positive integer, or None for no limit."""
    if value is None:
        return None
    if isinstance(value, bool) or not _is_positive(value):
        raise InvalidField(_("Enter a positive whole number, or null."))
    return int(value)


def read_count(value: Any) -> int:
    """Read a number of times, or of seconds: an integer of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_INTEGER:
        raise InvalidField(_("Enter a whole number of at least 0."))
    return value


def number_reader(most: int) -> Callable[[Any], int]:
    """Return a reader of whole numbers from 1 to `most`."""

    def read_number(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise InvalidField(_("Enter a whole number from 1 to %d.") % most)
        return value

    return read_number


def read_priority(value: Any) -> int:
    """Read a priority, which fits into 16 bits."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_PRIORITY:
        raise InvalidField(_("Enter a whole number from %(least)d to %(most)d.") % _PRIORITIES)
    return value


def read_overlap(value: Any) -> str:
    """Read what becomes of an occurrence while others run."""
    return _read_choice(value, Overlap.values)


def read_maintenance(value: Any) -> str:
    """Read what becomes of the occurrences in a maintenance window."""
    return _read_choice(value, MaintenancePolicy.values)


def read_on_lost(value: Any) -> str:
    """Read what becomes of a run whose node died."""
    return _read_choice(value, OnLost.values)


def _read_choice(value: Any, choices: list[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise InvalidField(_("Choose one of: %s.") % ", ".join(choices))
    return value


def read_names_of_errors(value: Any) -> list[str]:
    """Read names of exceptions, such as ConnectionError or requests.exceptions.Timeout."""
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise InvalidField(_("Enter a list of names."))
    for name in value:
        if not all(part.isidentifier() for part in name.split(".")):
            raise InvalidField(_("%s is not the name of an exception.") % name)
    return list(dict.fromkeys(value))


def read_tags(value: Any) -> list[str]:
    """Read tags: a list of short texts without commas, each once, in alphabetical order."""
    if not isinstance(value, list | tuple) or not all(isinstance(tag, str) for tag in value):
        raise InvalidField(_("Enter a list of texts."))
    tags = sorted({tag.strip() for tag in value})
    if len(tags) > MOST_TAGS:
        raise InvalidField(_("Enter at most %d tags.") % MOST_TAGS)
    if not all(0 < len(tag) <= LONGEST_TAG and tag.isprintable() and "," not in tag for tag in tags):
        raise InvalidField(_("A tag has 1 to %d printable characters, and no comma.") % LONGEST_TAG)
    return tags


def read_executor(value: Any) -> str:
    """Read the alias of an executor that SCHEDULER_EXECUTORS knows."""
    if not isinstance(value, str):
        raise InvalidField(_("executor must be a string."))
    if value not in conf.executors():
        raise InvalidField(_("No such executor: %s.") % value)
    return value


def read_jobstore(value: Any) -> None:
    """Accept the only job store there is."""
    if value != JOBSTORE:
        raise InvalidField(_("No such job store: %s.") % (value,))


def read_next_run_time(value: Any) -> datetime | None:
    """Read next_run_time, stricter than other dates, and without offset in the scheduler's zone; None pauses."""
    try:
        moment: datetime | None = convert_to_datetime(value, conf.timezone(), "next_run_time")
    except (TypeError, ValueError, OverflowError, AttributeError) as error:
        raise InvalidField(f"{error}.") from error
    if moment and not EARLIEST <= moment <= LATEST:
        raise InvalidField(_("This date is too far away."))
    return moment and moment.astimezone(UTC)


# How each policy of a job is read, whether it comes with a POST, a PATCH, or as a default of the settings.
POLICIES: Mapping[str, Callable[[Any], Any]] = {
    "coalesce": bool,
    "misfire_grace_time": read_grace,
    "max_instances": read_max_instances,
    "overlap": read_overlap,
    "maintenance": read_maintenance,
    "executor": read_executor,
    "priority": read_priority,
    "timeout": read_limit,
    "max_runs": read_limit,
    "retries": read_count,
    "retry_delay": read_count,
    "retry_max_delay": read_count,
    "retry_budget": read_limit,
    "retry_on": read_names_of_errors,
    "on_lost": read_on_lost,
    "keep_days": read_limit,
    "keep_executions": read_limit,
    "tags": read_tags,
}
