"""The fields of a crontab expression: what each may hold, and pieces of their text that know where they stand."""

import re
from dataclasses import dataclass, replace

from scheduler.triggers.base import InvalidField, Sentence, gettext_noop

NO_NUMBER = gettext_noop('"%s" is not a number.')


@dataclass(frozen=True, kw_only=True)
class FieldKind:
    """What a field may hold, from `least` to `most`, and the sentences about what it may not.

    After `last` it begins again with the least: a weekday may be written as 7, but the day after 6 is 0.
    """

    name: str
    least: int
    most: int
    last: int
    names: tuple[str, ...] = ()
    stars: tuple[str, ...] = ("*",)
    wrong: Sentence
    unknown: Sentence = NO_NUMBER


SECOND = FieldKind(
    name="second",
    least=0,
    most=59,
    last=59,
    wrong=gettext_noop("The second, at character %(position)d: %(problem)s"),
)
MINUTE = FieldKind(
    name="minute",
    least=0,
    most=59,
    last=59,
    wrong=gettext_noop("The minute, at character %(position)d: %(problem)s"),
)
HOUR = FieldKind(
    name="hour",
    least=0,
    most=23,
    last=23,
    wrong=gettext_noop("The hour, at character %(position)d: %(problem)s"),
)
DAY = FieldKind(
    name="day",
    least=1,
    most=31,
    last=31,
    stars=("*", "?"),
    wrong=gettext_noop("The day of the month, at character %(position)d: %(problem)s"),
    unknown=gettext_noop('"%s" is neither a number nor a day such as L, L-3, LW or 15W.'),
)
MONTH = FieldKind(
    name="month",
    least=1,
    most=12,
    last=12,
    names=("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    wrong=gettext_noop("The month, at character %(position)d: %(problem)s"),
    unknown=gettext_noop('"%s" is neither a number nor a month such as jan.'),
)
WEEKDAY = FieldKind(
    name="weekday",
    least=0,
    most=7,
    last=6,
    names=("sun", "mon", "tue", "wed", "thu", "fri", "sat"),
    stars=("*", "?"),
    wrong=gettext_noop("The weekday, at character %(position)d: %(problem)s"),
    unknown=gettext_noop('"%s" is neither a number nor a weekday such as mon, friL or fri#2.'),
)
FIELDS = (SECOND, MINUTE, HOUR, DAY, MONTH, WEEKDAY)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of a field's text; `position` counts the characters of the whole expression from 1."""

    kind: FieldKind
    text: str
    position: int

    def group(self, match: re.Match[str], name: str) -> "Piece":
        """Return what a group of a match in this piece holds."""
        return replace(self, text=match[name], position=self.position + match.start(name))

    def split(self, mark: str) -> "list[Piece]":
        """Return the pieces between the marks."""
        pieces, position = [], self.position
        for text in self.text.split(mark):
            pieces.append(replace(self, text=text, position=position))
            position += len(text) + 1
        return pieces

    def cut(self, mark: str) -> "tuple[Piece, Piece | None]":
        """Return what stands before the first mark and what after it; None where there is no mark."""
        before, found, after = self.text.partition(mark)
        rest = replace(self, text=after, position=self.position + len(before) + 1)
        return replace(self, text=before), rest if found else None

    def read_value(self) -> int:
        """Read a value of the field, by number or by name."""
        if self.text.lower() in self.kind.names:
            return self.kind.least + self.kind.names.index(self.text.lower())
        return self.read_number(self.kind.least, self.kind.most, unknown=self.kind.unknown)

    def read_number(self, least: int, most: int | None, *, unknown: Sentence = NO_NUMBER) -> int:
        """Read a whole number within limits."""
        if not self.text:
            raise self.wrong(gettext_noop("A value is missing here."))
        if not (self.text.isascii() and self.text.isdigit()):
            raise self.wrong(unknown % (self.text,))
        number = int(self.text)
        if number < least:
            raise self.wrong(gettext_noop("%(number)d is less than %(least)d.") % {"number": number, "least": least})
        if most is not None and number > most:
            raise self.wrong(gettext_noop("%(number)d is more than %(most)d.") % {"number": number, "most": most})
        return number

    def wrong(self, problem: Sentence) -> InvalidField:
        """Return the error that names the field and the place."""
        return InvalidField(self.kind.wrong % {"position": self.position, "problem": problem})
