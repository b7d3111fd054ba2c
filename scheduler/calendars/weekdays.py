"""Weekdays as a short text, such as "sat,sun": in the order of the week, by names that nobody numbers otherwise."""

from collections.abc import Iterable

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKEND = frozenset({5, 6})


def write_weekdays(weekdays: Iterable[int]) -> str:
    """Return the text of weekdays, counted as `date.weekday()` does."""
    return ",".join(WEEKDAYS[weekday] for weekday in sorted(set(weekdays)))


def read_weekdays(text: str) -> frozenset[int]:
    """Return the weekdays of a text; what is no weekday's name is passed over."""
    return frozenset(WEEKDAYS.index(name) for name in text.split(",") if name in WEEKDAYS)
