"""What a job's answer says of its pause. It may be sent back with the rest of the answer, and changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from scheduler.models import Job

PAUSE_FIELDS = frozenset({"paused_until", "pause_reason"})


def problems_of_pause(data: Mapping[str, Any], job: Job | None = None) -> dict[str, str]:
    """Return, by field, what is wrong: whatever is neither nothing nor what the job has. A new job has nothing."""
    until, reason = (job.paused_until, job.pause_reason) if job else (None, "")
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
