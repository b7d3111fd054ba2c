"""Reads what is said of a pause: to pause a job, and in the answer of a job, which may be sent back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from scheduler.models import LONGEST_PAUSE_REASON, Job
from scheduler.services.fields import FieldErrors
from scheduler.triggers import Context, InvalidField
from scheduler.triggers.fields import read_instant

PAUSE_FIELDS = frozenset({"paused_until", "pause_reason"})


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Why a job is to be paused, and until when; None for until somebody resumes it."""

    reason: str = ""
    until: datetime | None = None


def read_pause(data: Mapping[str, Any], *, zone: tzinfo, now: datetime) -> Pause:
    """Read what is said of a pause, in a zone where its end names no offset. Raises InvalidInput."""
    errors = FieldErrors()
    sent = {name: value for name, value in data.items() if value != ""}
    reason = errors.read_or("", "reason", _read_reason, sent)
    until = errors.read_or(None, "until", lambda value: _read_end(value, Context(zone=zone, now=now)), sent)
    errors.raise_if_any()
    return Pause(reason=reason, until=until)


def _read_reason(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_PAUSE_REASON or not value.isprintable():
        raise InvalidField(_("Enter a text of at most %d characters, in one line.") % LONGEST_PAUSE_REASON)
    return value.strip()


def _read_end(value: Any, context: Context) -> datetime:
    end = read_instant(value, context)
    if end <= context.now:
        raise InvalidField(_("This must lie after now."))
    return end


def read_pause_of_new(data: Mapping[str, Any], errors: FieldErrors, *, zone: tzinfo, now: datetime) -> dict[str, Any]:
    """Return the columns of a new job's pause; only one whose next run is null is paused."""
    sent = {name: data[name] for name in PAUSE_FIELDS if data.get(name) not in (None, "")}
    if "next_run_time" not in data or data["next_run_time"] is not None:
        message = _("Only a job whose next_run_time is null is paused.")
        errors.found |= dict.fromkeys(sent, message)
        return {}
    readers: dict[str, Any] = {
        "pause_reason": _read_reason,
        "paused_until": lambda value: _read_end(value, Context(zone=zone, now=now)),
    }
    return errors.read_all(readers, sent)


def problems_of_pause(data: Mapping[str, Any], job: Job) -> dict[str, str]:
    """Return, by field, what is wrong in a change of a job: whatever is neither nothing nor what the job has."""
    until, reason = job.paused_until, job.pause_reason
    asked: dict[str, bool] = {
        "paused_until": data.get("paused_until") is None or (until is not None and _is_at(data["paused_until"], until)),
        "pause_reason": data.get("pause_reason") in (None, "", reason),
    }
    message = _("A pause is given an end or a reason by pause, not here.")
    return {name: message for name, is_fine in asked.items() if not is_fine}


def _is_at(text: Any, moment: datetime) -> bool:
    """Tell whether a text is an instant as an answer has it."""
    try:
        return datetime.fromisoformat(text) == moment
    except (TypeError, ValueError):
        return False
