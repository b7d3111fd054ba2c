"""How a run ended, in texts that every database can hold."""

import json
import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, NamedTuple, TypeVar

from scheduler import clock, conf
from scheduler.current import NO_PROGRESS, Progress
from scheduler.engine.bodies import Body
from scheduler.engine.definitions import Run
from scheduler.engine.retrying import names_of_error
from scheduler.models import Status
from scheduler.words import reasons

logger = logging.getLogger(__name__)

B = TypeVar("B", bound=Body)

REASON_LENGTH = 1_000
TRACEBACK_LENGTH = 200_000
# What a policy that names exceptions calls a timeout.
TIMEOUT_NAMES = names_of_error(TimeoutError())
ENGINE = Path(__file__).parent


class Outcome(NamedTuple):
    """The end of one run, ready to be recorded."""

    run: Run
    status: Status
    started_at: datetime
    finished_at: datetime
    reason: str = ""
    result: str = ""
    traceback: str = ""
    log: str = ""
    progress: Progress = NO_PROGRESS
    error_types: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """How many characters of text it brings along."""
        return len(self.reason) + len(self.result) + len(self.traceback) + len(self.log)

    @property
    def has_output(self) -> bool:
        """Whether there is anything to keep beside the execution's row."""
        return bool(self.log or self.result or self.traceback) or self.progress != NO_PROGRESS

    @property
    def may_be_retried(self) -> bool:
        """Whether it is a failure of a job that wants retries."""
        return self.run.retry is not None and self.status in (Status.FAILED, Status.TIMED_OUT)

    def without_texts(self) -> "Outcome":
        """Return the same end without the texts that the database may have refused."""
        return self._replace(reason=reasons.NOT_STORED, result="", traceback="", log="", progress=NO_PROGRESS)


def overdue_outcome(body: Body, *, traceback: str = "") -> Outcome:
    """Return the end of a body that did not end by itself when it was cancelled, or when its time was up."""
    status, reason = body.doom, body.cancel_reason or ""
    if status == Status.TIMED_OUT and body.has_begun:
        reason = reasons.TIMED_OUT % {"seconds": body.run.timeout or 0}
    elif status == Status.TIMED_OUT:
        status, reason = Status.FAILED, reasons.NOT_READY
    return Outcome(
        run=body.run,
        status=status,
        reason=reason,
        started_at=body.started_at,
        finished_at=clock.now(),
        traceback=traceback,
        log=storable(body.log.take_text()),
        progress=body.latest_progress,
        error_types=TIMEOUT_NAMES if status == Status.TIMED_OUT else (),
    )


def told_in_any_case(body: B, tell: Callable[[B], Outcome]) -> Outcome:
    """Return how a body ended; if even telling that fails, say that. No thread may end, nor a row stay running."""
    try:
        return tell(body)
    except BaseException:
        logger.exception("The end of a run could not be told.", extra={"action": "outcome_failed"})
        return _untold_outcome(body)


def _untold_outcome(body: Body) -> Outcome:
    return Outcome(
        run=body.run,
        status=Status.FAILED,
        reason=reasons.NOT_TOLD,
        started_at=body.started_at,
        finished_at=clock.now(),
    )


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


def stack_text(frame: FrameType | None) -> str:
    """Return where a body stands that did not end in time, from its innermost frame."""
    lines = traceback.format_list(_user_part(traceback.extract_stack(frame))) if frame else []
    return bounded("".join(lines), TRACEBACK_LENGTH)


def _user_part(stack: traceback.StackSummary) -> list[traceback.FrameSummary]:
    """Leave out what stands below the body's own frames: the engine, and the thread's."""
    engines = [number for number, frame in enumerate(stack) if Path(frame.filename).is_relative_to(ENGINE)]
    return stack[engines[-1] + 1 :] if engines else list(stack)


def _from_the_body_on(trace: TracebackType | None) -> TracebackType | None:
    """Leave the engine's own frames out, which stand first in each traceback and say nothing about the failure."""
    while trace and trace.tb_next and trace.tb_frame.f_globals.get("__name__", "").startswith("scheduler.engine"):
        trace = trace.tb_next
    return trace


def storable(text: str) -> str:
    """Return the text with what no database stores escaped."""
    return text.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()


def bounded(text: str, length: int) -> str:
    """Return the text with what no database stores escaped, and its middle left out where it is too long."""
    text = storable(text)
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
