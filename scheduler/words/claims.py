"""Claims: what a description says of a trigger's times, as values that can be said, and held against the times."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.utils.translation import pgettext

from scheduler.triggers import Calendar
from scheduler.words.phrases import fill


class Claim(ABC):
    """Something that is true of every time of a trigger, and the words for it.

    `is_complete`: all that a trigger's claims hold of is a time of the trigger, if each of them is complete. One that
    counts, as in "only the first 30 times", cannot be judged by looking at a single time.
    """

    is_complete: ClassVar[bool] = True

    @abstractmethod
    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Tell whether the claim is true of a moment in the zone of the trigger."""

    @abstractmethod
    def say(self) -> str:
        """Return the words for it, in the language that is active."""


class Rule(Claim):
    """The claim that a description begins with: when it runs, as a phrase such as "at 09:00 on Monday".

    `comes_again`: the phrase says how often it comes, and no time at which it does. Chinese has another sentence then.
    """

    @property
    def comes_again(self) -> bool:
        """Whether the phrase says how often."""
        return False

    def say_sentence(self, zone: str, *, begins: bool = False) -> str:
        """Return the phrase as the first sentence of a description: of a job, which runs, or of what begins then."""
        return fill(self._template(begins=begins), when=self.say(), zone=zone)

    def _template(self, *, begins: bool) -> str:
        if self.comes_again:
            runs = pgettext("how often", "Runs %(when)s (%(zone)s).")
            return pgettext("how often", "Begins %(when)s (%(zone)s).") if begins else runs
        runs = pgettext("when", "Runs %(when)s (%(zone)s).")
        return pgettext("when", "Begins %(when)s (%(zone)s).") if begins else runs


class Condition(Claim):
    """A claim that restricts, or changes, what the rule says; its words are a sentence."""
