"""Says in words when a trigger fires; the words claim nothing that the trigger does not do."""

import re
from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduler.triggers import Sentence, Spec

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CRON_CLOCK = ("hour", "minute", "second")
_CRON_FIELDS = ("year", "month", "day", "week", "day_of_week", *_CRON_CLOCK)


def describe(spec: Spec, timezone: str) -> str:
    """Return a short sentence for a canonical spec; for what is none, say that."""
    try:
        return _describe(spec, timezone)
    except (AttributeError, KeyError, TypeError, ValueError):
        return _("a trigger that cannot be read")


def said(sentence: str) -> str:
    """Return a sentence of the triggers in the language of whoever is asking."""
    return sentence.said_by(_) if isinstance(sentence, Sentence) else sentence


def _describe(spec: Spec, timezone: str) -> str:
    parts = [_DESCRIBERS[spec["trigger"]](spec, timezone)]
    if spec["trigger"] != "interval" and "start_date" in spec:
        parts.append(_("from %s") % _moment(spec["start_date"]))
    if "end_date" in spec:
        parts.append(_("until %s") % _moment(spec["end_date"]))
    if "jitter" in spec:
        parts.append(_("delayed by up to %s s") % spec["jitter"])
    return ", ".join(parts)


def _describe_date(spec: Spec, timezone: str) -> str:
    return _("once, at %s") % _moment(spec["run_date"])


def _describe_interval(spec: Spec, timezone: str) -> str:
    return _("every %s") % _length(spec, ("weeks", "days", "hours", "minutes", "seconds", "microseconds"))


def _describe_calendarinterval(spec: Spec, timezone: str) -> str:
    length = _length(spec, ("years", "months", "weeks", "days"))
    clock = ":".join(f"{spec.get(name, 0):02}" for name in _CRON_CLOCK)
    return _("every %(length)s at %(clock)s (%(zone)s)") % {"length": length, "clock": clock, "zone": timezone}


def _describe_cron(spec: Spec, timezone: str) -> str:
    meant = _with_defaults(spec)
    days = [_CRON_DAYS[name]() % _named(name, meant[name]) for name in _CRON_DAYS if meant[name] != "*"]
    return _("%(when)s (%(zone)s)") % {"when": ", ".join([_clock(meant), *days]), "zone": timezone}


def _with_defaults(spec: Spec) -> dict[str, str]:
    """Fields finer than the finest that was given stand at their least value, all others at every value."""
    given = [name for name in _CRON_FIELDS if name in spec]
    finest = _CRON_FIELDS.index(given[-1]) if given else len(_CRON_FIELDS)
    least = {"month": "1", "day": "1", "week": "*", "day_of_week": "*", "hour": "0", "minute": "0", "second": "0"}
    return {
        name: spec.get(name, least.get(name, "*") if position > finest else "*")
        for position, name in enumerate(_CRON_FIELDS)
    }


def _clock(meant: dict[str, str]) -> str:
    values = [meant[name] for name in _CRON_CLOCK]
    if all(value.isdigit() for value in values):
        return _("at %s") % ":".join(value.zfill(2) for value in values)
    if values == ["*", "*", "*"]:
        return _("every second")
    return _("at hour %(hour)s, minute %(minute)s, second %(second)s") % meant


def _named(field: str, expression: str) -> str:
    """Write weekdays by name: a number means another day to cron's users than to APScheduler."""
    if field != "day_of_week":
        return expression
    return re.sub(r"(?<![/\w])[0-6](?!\w)", lambda found: _WEEKDAYS[int(found.group())], expression)


def _length(spec: Spec, units: tuple[str, ...]) -> str:
    return " ".join(_UNITS[unit](spec[unit]) for unit in units if unit in spec)


def _moment(text: str) -> str:
    """Write a day as it is, and a moment without the T and the fraction of a second."""
    if len(text) == len("2031-05-06"):
        return text
    return datetime.fromisoformat(text).isoformat(sep=" ", timespec="seconds")


_DESCRIBERS: dict[str, Callable[[Spec, str], str]] = {
    "date": _describe_date,
    "interval": _describe_interval,
    "cron": _describe_cron,
    "calendarinterval": _describe_calendarinterval,
}
_CRON_DAYS: dict[str, Callable[[], str]] = {
    "day_of_week": lambda: _("on %s"),
    "day": lambda: _("on day %s of the month"),
    "week": lambda: _("in ISO week %s"),
    "month": lambda: _("in month %s"),
    "year": lambda: _("in %s"),
}
_UNITS: dict[str, Callable[[int], str]] = {
    "years": lambda n: ngettext("%d year", "%d years", n) % n,
    "months": lambda n: ngettext("%d month", "%d months", n) % n,
    "weeks": lambda n: ngettext("%d week", "%d weeks", n) % n,
    "days": lambda n: ngettext("%d day", "%d days", n) % n,
    "hours": lambda n: ngettext("%d hour", "%d hours", n) % n,
    "minutes": lambda n: ngettext("%d minute", "%d minutes", n) % n,
    "seconds": lambda n: ngettext("%d second", "%d seconds", n) % n,
    "microseconds": lambda n: ngettext("%d microsecond", "%d microseconds", n) % n,
}
