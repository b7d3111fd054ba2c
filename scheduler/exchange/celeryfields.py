"""The fields of Celery's crontab: what each may hold, as sets of numbers, and how our cron trigger writes them.

Celery's meaning: all fields must match, also the day of the month and the weekday, which is where it differs from cron;
0 is Sunday; a range may go over the field's end.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from scheduler.triggers.sentences import gettext_noop

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_RANGE = re.compile(r"(\w+?)-(\w+)(?:/(\w+))?", re.ASCII)
_STAR = re.compile(r"\*(?:/(\w+))?", re.ASCII)
WRONG = gettext_noop('Celery does not take "%s".')


@dataclass(frozen=True, kw_only=True)
class CeleryField:
    """A field of Celery's: its name there and here, its least number, and how many there are."""

    theirs: str
    ours: str
    least: int
    size: int

    @property
    def all(self) -> range:
        """Every number that it may hold."""
        return range(self.least, self.least + self.size)

    def read(self, text: str) -> frozenset[int]:
        """Return the numbers that an expression names. Raises ValueError."""
        return frozenset(number for part in text.replace(" ", "").split(",") for number in self._read_part(part))

    def _read_part(self, part: str) -> Collection[int]:
        if star := _STAR.fullmatch(part):
            return self.all[:: _step(star[1])]
        if span := _RANGE.fullmatch(part):
            first, last = self._number(span[1]), self._number(span[2])
            numbers = [*range(first, last + 1)]
            if last < first:
                numbers = [*range(first, self.all.stop), *range(self.least, last + 1)]
            return numbers[:: _step(span[3])]
        return [self._number(part)]

    def _number(self, text: str) -> int:
        name = text[:3].lower()
        number = int(text) if text.isascii() and text.isdigit() else _WEEKDAYS.index(name)
        if number not in self.all:
            raise ValueError(text)
        return number

    def write(self, numbers: frozenset[int]) -> str:
        """Return the expression of our cron trigger's field: weekdays by their names, as 0 is Monday there."""
        if len(numbers) == self.size:
            return "*"
        if self.ours == "day_of_week":
            return ",".join(_WEEKDAYS[number] for number in sorted(numbers, key=lambda number: (number - 1) % 7))
        for step in range(2, self.size):
            if numbers == frozenset(self.all[::step]) and len(numbers) > 1:
                return f"*/{step}"
        return ",".join(_spans(sorted(numbers)))


FIELDS = (
    CeleryField(theirs="month_of_year", ours="month", least=1, size=12),
    CeleryField(theirs="day_of_month", ours="day", least=1, size=31),
    CeleryField(theirs="day_of_week", ours="day_of_week", least=0, size=7),
    CeleryField(theirs="hour", ours="hour", least=0, size=24),
    CeleryField(theirs="minute", ours="minute", least=0, size=60),
)


def _step(text: str | None) -> int:
    return 1 if text is None else int(text)


def _spans(numbers: list[int]) -> list[str]:
    """Write runs of three and more as ranges."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] == number - 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return [text for span in spans for text in _say(span)]


def _say(span: list[int]) -> list[str]:
    return [f"{span[0]}-{span[-1]}"] if len(span) > 2 else [str(number) for number in span]
