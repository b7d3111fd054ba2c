"""The condition that it runs within certain hours only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext, pgettext

from scheduler.triggers import Calendar
from scheduler.words.claims import Condition
from scheduler.words.phrases import fill, say_list


@dataclass(frozen=True)
class WithinHours(Condition):
    """Only within ranges such as 09:00-17:30, the end excluded, perhaps by way of midnight."""

    ranges: tuple[str, ...]

    def holds(self, moment: datetime, calendars: Mapping[str, Calendar]) -> bool:
        """Compare the texts: a time of day is less than 24:00, too."""
        clock = moment.strftime("%H:%M")
        return any(_holds(clock, *each.split("-")) for each in self.ranges)

    def say(self) -> str:
        """List the ranges."""
        ranges = [_say_range(*each.split("-")) for each in self.ranges]
        template = ngettext(
            "It runs only %(hours)s, the end excluded.", "It runs only %(hours)s, the ends excluded.", len(ranges)
        )
        return fill(template, hours=say_list(ranges))


def _holds(clock: str, start: str, end: str) -> bool:
    return start <= clock < end if start < end else clock >= start or clock < end


def _say_range(start: str, end: str) -> str:
    if start < end:
        return fill(pgettext("hours", "from %(start)s to %(end)s"), start=start, end=end)
    return fill(pgettext("hours", "from %(start)s to %(end)s of the next day"), start=start, end=end)
