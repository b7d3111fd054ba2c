"""Reads one field of a crontab expression: a list of values, ranges, steps, spreads and days of a rule."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.triggers.base import gettext_noop
from scheduler.triggers.crontab_days import DayRule, FromTheEnd, NearestWorkday, NthWeekday, bits_of
from scheduler.triggers.crontab_pieces import DAY, WEEKDAY, FieldKind, Piece

# As in Jenkins, `H` becomes a day that every month has.
LAST_SPREAD_DAY = 28

_FROM_THE_END = re.compile(r"l(-(?P<before>.*))?", re.IGNORECASE)
_NEAREST = re.compile(r"(?P<day>[^-]+)w", re.IGNORECASE)
_LAST_WEEKDAY = re.compile(r"(?P<weekday>[^-]+)l", re.IGNORECASE)
_NTH_WEEKDAY = re.compile(r"(?P<weekday>[^#]*)#(?P<nth>.*)")
_SPREAD = re.compile(r"h(\((?P<range>[^()]*-[^()]*)\))?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Field:
    """What a field names: numbers, as the bits of an int, and days that depend on the month."""

    bits: int
    rules: frozenset[DayRule]
    begins_with_star: bool


def read_field(piece: Piece, *, seed: str) -> Field:
    """Return what the field names; raise InvalidField for what means nothing."""
    numbers: set[int] = set()
    rules = set()
    for item in piece.split(","):
        span, step = item.cut("/")
        if rule := _read_rule(span):
            rules.add(rule)
            _refuse_step(step)
        else:
            numbers.update(_read_numbers(span, step, seed))
    starred = piece.text.startswith(piece.kind.stars)
    return Field(bits=bits_of(numbers), rules=frozenset(rules), begins_with_star=starred)


def _refuse_step(step: Piece | None) -> None:
    if step:
        raise step.wrong(gettext_noop("A step goes with a range of numbers, not with a single day."))


def _read_rule(span: Piece) -> DayRule | None:
    if span.kind is DAY:
        return _read_rule_of_month(span)
    if span.kind is WEEKDAY:
        return _read_rule_of_week(span)
    return None


def _read_rule_of_month(span: Piece) -> DayRule | None:
    if found := _FROM_THE_END.fullmatch(span.text):
        return FromTheEnd(before=0 if found["before"] is None else span.group(found, "before").read_number(1, 30))
    if found := _NEAREST.fullmatch(span.text):
        day = span.group(found, "day")
        return NearestWorkday(to=None if day.text in ("l", "L") else day.read_value())
    return None


def _read_rule_of_week(span: Piece) -> DayRule | None:
    if found := _LAST_WEEKDAY.fullmatch(span.text):
        return NthWeekday(weekday=span.group(found, "weekday").read_value() % 7, nth=None)
    if found := _NTH_WEEKDAY.fullmatch(span.text):
        weekday, nth = span.group(found, "weekday"), span.group(found, "nth")
        return NthWeekday(weekday=weekday.read_value() % 7, nth=nth.read_number(1, 5))
    return None


def _read_numbers(span: Piece, step: Piece | None, seed: str) -> Sequence[int]:
    if span.text.lower().startswith("h"):
        return _spread(_read_room(span), step, _chance(seed, span.kind))
    numbers = _read_span(span, is_open=step is not None)
    return numbers[:: step.read_number(1, None)] if step else numbers


def _read_span(span: Piece, *, is_open: bool) -> Sequence[int]:
    """Read `*`, a range or a value; one value with a step, as in `5/15`, is a range open to the end of the field."""
    if span.text in span.kind.stars:
        return _range(span.kind, span.kind.least, span.kind.most)
    first, last = span.cut("-")
    begin = first.read_value()
    if last:
        return _range(span.kind, begin, last.read_value())
    return _range(span.kind, begin, span.kind.most if is_open else begin)


def _range(kind: FieldKind, first: int, last: int) -> Sequence[int]:
    """Return the numbers from `first` to `last`, by way of the end of the field where `last` is less."""
    if first <= last:
        return range(first, last + 1)
    return [*range(first, kind.last + 1), *range(kind.least, last + 1)]


def _read_room(span: Piece) -> Sequence[int]:
    """Return the numbers that an `H` may become."""
    found = _SPREAD.fullmatch(span.text)
    if not found:
        raise span.wrong(gettext_noop("H is written as H, H(0-29), H/15 or H(0-29)/10."))
    if found["range"] is not None:
        return _read_span(span.group(found, "range"), is_open=False)
    return range(span.kind.least, (LAST_SPREAD_DAY if span.kind is DAY else span.kind.last) + 1)


def _spread(room: Sequence[int], step: Piece | None, chance: int) -> Sequence[int]:
    """Choose one of the numbers, or where among the first of them the steps begin."""
    if step is None:
        return [room[chance % len(room)]]
    length = step.read_number(1, len(room))
    return room[chance % length :: length]


def _chance(seed: str, kind: FieldKind) -> int:
    """Return a number that is always the same for one seed and field, and as good as random among seeds."""
    digest = hashlib.sha256(f"{kind.name}:{seed}".encode(errors="surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big")
