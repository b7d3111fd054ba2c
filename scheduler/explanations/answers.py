"""What an explanation is: a verdict for programs, sentences for people, and what they speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.explanations.asked import Asked
from scheduler.models import Execution, Status
from scheduler.triggers import Mark


class Verdict(StrEnum):
    """What became, or becomes, of an instant. The first nine are those of the execution's status."""

    QUEUED = Status.QUEUED.value
    RUNNING = Status.RUNNING.value
    SUCCEEDED = Status.SUCCEEDED.value
    FAILED = Status.FAILED.value
    TIMED_OUT = Status.TIMED_OUT.value
    CANCELLED = Status.CANCELLED.value
    MISSED = Status.MISSED.value
    SKIPPED = Status.SKIPPED.value
    LOST = Status.LOST.value
    FOLDED = "folded"
    NOT_CREATED = "not_created"
    DELETED = "deleted"
    FINISHED = "finished"
    NOT_AN_OCCURRENCE = "not_an_occurrence"
    EXCLUDED = "excluded"
    MOVED = "moved"
    PAUSED = "paused"
    BROKEN = "broken"
    BEGINS_LATER = "begins_later"
    DUE = "due"
    TO_COME = "to_come"
    FORGOTTEN = "forgotten"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one rule has to say."""

    verdict: Verdict
    sentences: Sequence[str]
    executions: Sequence[Execution] = ()


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a job did, or did not, run at an instant. The first sentence is the answer, the others are its circumstances.

    `before` and `after` are the nearest instants at which the job was, or will be, due by the definition of that time;
    `marks` say what the clock or a calendar did to the occurrence.
    """

    job_id: str
    asked: Asked
    verdict: Verdict
    sentences: Sequence[str]
    executions: Sequence[Execution] = ()
    before: datetime | None = None
    after: datetime | None = None
    marks: Sequence[Mark] = ()

    @property
    def sentence(self) -> str:
        """All that is to be said."""
        return " ".join(self.sentences)
