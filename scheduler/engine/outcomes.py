"""How a run ended, in texts that every database can hold."""

import json
import traceback
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Any

from django.utils.translation import gettext as _

from scheduler import conf
from scheduler.models import Status

REASON_LENGTH = 1_000
TRACEBACK_LENGTH = 200_000


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The end of one execution, ready to be recorded."""

    execution_id: int
    node_id: int
    status: Status
    started_at: datetime
    finished_at: datetime
    reason: str = ""
    result: str = ""
    traceback: str = ""

    @property
    def weight(self) -> int:
        """How many characters of text it brings along."""
        return len(self.reason) + len(self.result) + len(self.traceback)

    def without_texts(self) -> "Outcome":
        """Return the same end without the texts that the database may have refused."""
        return replace(self, reason=_("The texts of this run could not be stored."), result="", traceback="")


def result_text(result: Any) -> str:
    """Return a body's return value as JSON, else its repr, bounded; "" for None."""
    if result is None:
        return ""
    try:
        text = json.dumps(result, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = _safe_repr(result)
    return bounded(text, conf.result_max_length())


def failure_texts(error: BaseException) -> tuple[str, str]:
    """Return a failure's reason, one bounded line, and its traceback."""
    try:
        lines = traceback.format_exception(type(error), error, _from_the_body_on(error.__traceback__))
    except BaseException:  # noqa: BLE001 - the exception's own __str__ may raise anything
        lines = traceback.format_tb(error.__traceback__)
    message = f"{type(error).__name__}: {_safe_str(error)}"
    return bounded(message, REASON_LENGTH), bounded("".join(lines), TRACEBACK_LENGTH)


def _from_the_body_on(trace: TracebackType | None) -> TracebackType | None:
    """Leave the engine's own frames out, which stand first in each traceback and say nothing about the failure."""
    while trace and trace.tb_next and trace.tb_frame.f_globals.get("__name__", "").startswith("scheduler.engine"):
        trace = trace.tb_next
    return trace


def bounded(text: str, length: int) -> str:
    """Return the text with what no database stores escaped, and its middle left out where it is too long."""
    text = text.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()
    if len(text) <= length:
        return text
    half = length // 2
    return f"{text[:half]}\n… {len(text) - 2 * half} characters left out …\n{text[-half:]}"


def _safe_str(value: object) -> str:
    try:
        return str(value)
    except BaseException:  # noqa: BLE001 - a broken __str__ is the user's; the failure is recorded all the same
        return "(its __str__ raised)"


def _safe_repr(value: object) -> str:
    try:
        return repr(value)
    except BaseException:  # noqa: BLE001 - as above
        return f"({type(value).__name__} whose __repr__ raised)"
