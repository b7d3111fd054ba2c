"""Why executions did not run or ended, why nodes ended, and why jobs cannot run: what rows say of it.

Rows say it in English, since a row outlives whoever caused it, and its readers speak several languages. `said` knows
these sentences again, and says them in the language of whoever is reading. All values are texts.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from scheduler.exceptions import AmbiguousTask, UnknownTask
from scheduler.triggers import Sentence, daylayer, windows
from scheduler.triggers.sentences import gettext_noop

CANCELLED = gettext_noop("Cancelled.")
CANCELLED_BY = gettext_noop("Cancelled by %(name)s.")
CANCELLED_WAITING = gettext_noop("It was cancelled before it started.")
REPLACED = gettext_noop("Replaced by a later occurrence.")
JOB_CHANGED = gettext_noop("The job was changed or paused before this occurrence started.")
CALENDAR_CHANGED = gettext_noop("A calendar of the job was changed before it started.")
JOB_DELETED = gettext_noop("The job was deleted before this run started.")
WINDOW_GONE = gettext_noop("The maintenance window that it waited for was changed or deleted.")
TOO_MANY = gettext_noop("max_instances (%(most)s) runs of this job were queued or running.")
FOLDED = gettext_noop("Folded into a later run: of all that was due meanwhile, only the latest runs.")
LATE = gettext_noop("%(late)s s late; misfire_grace_time is %(grace)s s.")

TIMED_OUT = gettext_noop("It ran longer than its timeout of %(seconds)s s.")
NOT_READY = gettext_noop("Its process was not ready to begin it in time.")
NOT_STARTED = gettext_noop("Its process could not be started; the node's log has the reason.")
KILLED = gettext_noop("Its process was ended by %(signal)s.")
EXITED = gettext_noop("Its process ended with exit status %(status)s.")
NOT_TOLD = gettext_noop("How it ended could not be told; the node's log has the reason.")
NOT_STORED = gettext_noop("The texts of this run could not be stored.")
NODE_ENDED = gettext_noop("Its node stopped, or was declared dead.")
NODE_DIED = gettext_noop("Its node died before it could record the end of this run.")
STILL_RUNNING = gettext_noop("Still running when its node stopped, after the grace period.")

SILENT = gettext_noop("No heartbeat for %(seconds)s s.")
STOPPED = gettext_noop("Stopped in order.")

NO_EXECUTOR = gettext_noop("There is no executor called %(name)s.")
NO_ZONE = gettext_noop("No time zone found with key %(name)s.")
NO_ARGUMENTS = gettext_noop("args must be a list, and kwargs an object.")
CANNOT_CLAIM = gettext_noop("It cannot be claimed: %(error)s.")

# What APScheduler says of arguments that a function does not take.
_OF_ARGUMENTS = (
    gettext_noop("The following arguments are supplied in both args and kwargs: %(names)s"),
    gettext_noop("The following arguments cannot be given as keyword arguments: %(names)s"),
    gettext_noop("The following arguments have not been supplied: %(names)s"),
    gettext_noop("The following keyword-only arguments have not been supplied in kwargs: %(names)s"),
    gettext_noop(
        "The list of positional arguments is longer than the target callable can handle "
        "(allowed: %(allowed)s, given in args: %(given)s)"
    ),
    gettext_noop("The target callable does not accept the following keyword arguments: %(names)s"),
)
_OF_EXCEPTIONS = (str(UnknownTask.__doc__), str(AmbiguousTask.__doc__))
TEMPLATES: tuple[str, ...] = (
    *(value for value in list(globals().values()) if isinstance(value, Sentence)),
    *_OF_ARGUMENTS,
    *_OF_EXCEPTIONS,
    daylayer.NO_CALENDAR,
    windows.SKIPPED,
    windows.LEFT_OUT,
    windows.POSTPONED,
)
_PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
# The field that an error is about, as in a job's problem.
_FIELD = re.compile(r"\w+: ")


def say_reason(text: str, gettext: Callable[[str], str]) -> str:
    """Return the translation of a sentence that a row keeps; what nobody knows, such as an exception's text, stays."""
    if found := _recognise(text):
        template, values = found
        return _fill(gettext(template), values)
    field = _FIELD.match(text)
    return text[: field.end()] + say_reason(text[field.end() :], gettext) if field else text


@lru_cache(maxsize=1_000)
def _recognise(text: str) -> tuple[str, dict[str, str]] | None:
    for template, pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            return template, match.groupdict()
    return None


def _pattern_of(template: str) -> re.Pattern[str]:
    literals = _PLACE.sub("\0", template).split("\0")
    names = [percent or brace for percent, brace in _PLACE.findall(template)]
    places = [f"(?P<{name}>.+)" for name in names]
    return re.compile("".join(map("".join, zip(map(re.escape, literals), [*places, ""], strict=True))), re.DOTALL)


def _fill(template: str, values: dict[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place[1] or place[2]], template)


# The one that says most first: another may be its beginning, or its end.
_PATTERNS = [
    (str(template), _pattern_of(template))
    for template in sorted(TEMPLATES, key=lambda each: len(_PLACE.sub("", each)), reverse=True)
]
