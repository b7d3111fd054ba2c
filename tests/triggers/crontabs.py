"""Random crontab expressions, each beside its spelling for cronsim, an implementation that is not ours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, TypeAlias


class Spelled(NamedTuple):
    """One and the same, as we and as cronsim write it."""

    ours: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class Range:
    least: int
    most: int
    names: tuple[str, ...] = ()

    def name(self, random: Random, number: int) -> str:
        """Write a number, now and then as a name in whatever case."""
        if number - self.least < len(self.names) and random.random() < 0.4:
            return random.choice([str.lower, str.upper, str.title])(self.names[number - self.least])
        return f"{number:02}" if random.random() < 0.1 else str(number)


MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
SIXTY = Range(least=0, most=59)
HOURS = Range(least=0, most=23)
DAYS = Range(least=1, most=31)
MONTHS = Range(least=1, most=12, names=MONTH_NAMES)
WEEKDAYS = Range(least=0, most=7, names=WEEKDAY_NAMES)
SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@annually": "0 0 1 1 *",
    "@yearly": "0 0 1 1 *",
}

Item: TypeAlias = Callable[[Random, Range], Spelled]


def crontabs(count: int, *, seed: int = 4) -> Iterator[Spelled]:
    """Yield random expressions, always the same for one seed; some of them name no date that exists.

    They hold whatever cronsim can say too, in its own words or in ours; that is all but `L-3`, `15W` and `H`.
    """
    random = Random(seed)
    for _ in range(count):
        yield _crontab(random)


def _crontab(random: Random) -> Spelled:
    if random.random() < 0.01:
        return Spelled(*random.choice(list(SHORTHANDS.items())))
    fields = [
        _field(random, SIXTY, 0.3),
        _field(random, HOURS, 0.4),
        _field(random, DAYS, 0.5, [_last_day]),
        _field(random, MONTHS, 0.7),
        _field(random, WEEKDAYS, 0.5, [_last_weekday, _nth_weekday]),
    ]
    if random.random() < 0.2:
        fields.insert(0, _field(random, SIXTY, 0.3))
    return Spelled(" ".join(field.ours for field in fields), " ".join(field.theirs for field in fields))


def _field(random: Random, limits: Range, star: float, rules: list[Item] | None = None) -> Spelled:
    if random.random() < star:
        return _star(random, limits)
    kinds = [_value, _value, _range, _range, _wrapped_range, _stepped_star, _stepped_value, *(rules or [])]
    items = [random.choice(kinds)(random, limits) for _ in range(random.choice([1, 1, 1, 2, 3]))]
    return Spelled(",".join(item.ours for item in items), ",".join(item.theirs for item in items))


def _star(random: Random, limits: Range) -> Spelled:
    return Spelled(random.choice(["*", "?"]) if limits in (DAYS, WEEKDAYS) else "*", "*")


def _value(random: Random, limits: Range) -> Spelled:
    text = limits.name(random, random.randint(limits.least, limits.most))
    return Spelled(text, text)


def _range(random: Random, limits: Range) -> Spelled:
    first, last = sorted(random.choices(range(limits.least, limits.most + 1), k=2))
    text = f"{limits.name(random, first)}-{limits.name(random, last)}"
    step = random.choice(["", "", f"/{random.randint(1, 1 + limits.most // 2)}"])
    # To cronsim the range 5-5/10 is 5/10, open to the end of the field.
    return Spelled(text + step, text + step if first < last else str(first))


def _wrapped_range(random: Random, limits: Range) -> Spelled:
    last, first = sorted(random.sample(range(limits.least, limits.most + 1), k=2))
    step = random.choice([1, 1, 2, 3])
    text = f"{limits.name(random, first)}-{limits.name(random, last)}" + (f"/{step}" if step > 1 else "")
    numbers = _around(limits, first, last)[::step]
    return Spelled(text, ",".join(map(str, numbers)))


def _around(limits: Range, first: int, last: int) -> list[int]:
    """Count from `first` past the end of the field to `last`; no Sunday is counted as 7 and as 0."""
    size = 7 if limits is WEEKDAYS else limits.most - limits.least + 1
    steps = (last - first) % size
    return [limits.least + (first - limits.least + step) % size for step in range(steps + 1)]


def _stepped_star(random: Random, limits: Range) -> Spelled:
    text = f"*/{random.randint(1, limits.most + 2)}"
    return Spelled(text, text)


def _stepped_value(random: Random, limits: Range) -> Spelled:
    text = f"{random.randint(limits.least, limits.most)}/{random.randint(1, limits.most)}"
    return Spelled(text, text)


def _last_day(random: Random, limits: Range) -> Spelled:
    text = random.choice(["L", "l", "LW", "lw"])
    return Spelled(text, text)


def _last_weekday(random: Random, limits: Range) -> Spelled:
    number = random.randint(limits.least, limits.most)
    return Spelled(f"{limits.name(random, number)}L", f"{number}L")


def _nth_weekday(random: Random, limits: Range) -> Spelled:
    text = f"{limits.name(random, random.randint(limits.least, limits.most))}#{random.randint(1, 5)}"
    return Spelled(text, text)
