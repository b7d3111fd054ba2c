"""What is said of clock changes, where the policy for them is not the default one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from scheduler.triggers import Calendar
from scheduler.words.claims import Condition


@dataclass(frozen=True)
class InGap(Condition):
    """What becomes of times that the clocks skip."""

    policy: str

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Of what is due at a time that a rule names, it says nothing."""
        return True

    def say(self) -> str:
        """Say what happens."""
        return _GAP[self.policy]()


@dataclass(frozen=True)
class InOverlap(Condition):
    """What becomes of times that the clocks show twice."""

    policy: str

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Where the clocks show a time twice, `fold` tells which of the two it is."""
        is_ambiguous = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
        return self.policy == "both" or not is_ambiguous or moment.fold == (self.policy == "second")

    def say(self) -> str:
        """Say what happens."""
        return _OVERLAP[self.policy]()


_GAP: dict[str, Callable[[], str]] = {
    "skip": lambda: _("Where the clocks go forward, it does not run at the times that they skip."),
    "at_shift": lambda: _("Where the clocks go forward, what they skip runs once, right after the change."),
    "same_offset": lambda: _("Where the clocks go forward, what they skip runs as if they had not been changed yet."),
}
_OVERLAP: dict[str, Callable[[], str]] = {
    "first": lambda: _("Where the clocks go back, times that come twice count only the first time."),
    "second": lambda: _("Where the clocks go back, times that come twice count only the second time."),
    "both": lambda: _("Where the clocks go back, times that come twice count both times."),
}
