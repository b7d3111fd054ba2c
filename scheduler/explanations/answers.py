"""What an explanation is: a verdict for programs, sentences for people, and what they speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from scheduler.explanations.asked import Asked
from scheduler.models import Execution, Status
from scheduler.triggers import Mark
from scheduler.words.phrases import say_sentences


class Verdict(TextChoices):
    """What became, or becomes, of an instant. The first nine are those of the execution's status."""

    QUEUED = Status.QUEUED.value, Status.QUEUED.label
    RUNNING = Status.RUNNING.value, Status.RUNNING.label
    SUCCEEDED = Status.SUCCEEDED.value, Status.SUCCEEDED.label
    FAILED = Status.FAILED.value, Status.FAILED.label
    TIMED_OUT = Status.TIMED_OUT.value, Status.TIMED_OUT.label
    CANCELLED = Status.CANCELLED.value, Status.CANCELLED.label
    MISSED = Status.MISSED.value, Status.MISSED.label
    SKIPPED = Status.SKIPPED.value, Status.SKIPPED.label
    LOST = Status.LOST.value, Status.LOST.label
    FOLDED = "folded", _("folded into another")
    NOT_CREATED = "not_created", _("before the job existed")
    DELETED = "deleted", _("after the job was deleted")
    FINISHED = "finished", _("after the job was over")
    NOT_AN_OCCURRENCE = "not_an_occurrence", _("not an occurrence")
    EXCLUDED = "excluded", _("dropped")
    MOVED = "moved", _("moved")
    PAUSED = "paused", _("paused")
    BROKEN = "broken", _("broken")
    BEGINS_LATER = "begins_later", _("before the next run")
    DUE = "due", _("due")
    TO_COME = "to_come", _("to come")
    FORGOTTEN = "forgotten", _("not on record any more")
    UNKNOWN = "unknown", _("unknown")


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
        return say_sentences(self.sentences)
