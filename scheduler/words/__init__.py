"""Says in words when a trigger fires; the words claim nothing that the trigger does not do.

    describe({"trigger": "cron", "crontab": "0 9 * * 1-5"}, "Asia/Shanghai")
    "Runs at 09:00 on Monday to Friday (Asia/Shanghai)."

A description is built of claims, values that can be said in the language that is active, and that the tests hold
against the occurrences.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from scheduler.triggers import Context, InvalidField, InvalidSpec, Sentence, Spec
from scheduler.words.building import build
from scheduler.words.descriptions import Description

__all__ = ["Description", "describe", "description_of", "said"]

# A canonical spec means the same at every moment.
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def describe(spec: Spec, timezone: str, *, seed: str = "", begins: bool = False) -> str:
    """Return whole sentences for a canonical spec; for what is none, say that.

    `seed`, the job's id, decides what each `H` of a crontab expression becomes. `begins`: it is no job that runs, but
    a maintenance window that begins.
    """
    try:
        return description_of(spec, timezone, seed=seed).say(timezone, begins=begins)
    except (ArithmeticError, AttributeError, InvalidField, InvalidSpec, LookupError, OSError, TypeError, ValueError):
        return _("The trigger cannot be read.")


def description_of(spec: Spec, timezone: str, *, seed: str = "") -> Description:
    """Return the claims that `describe` says. Raises whatever reading raises, where the spec is not canonical."""
    return build(spec, Context(zone=ZoneInfo(timezone), now=_ANY_MOMENT, seed=seed))


def said(sentence: str) -> str:
    """Return a sentence of the triggers in the language of whoever is asking."""
    return sentence.said_by(_) if isinstance(sentence, Sentence) else sentence
