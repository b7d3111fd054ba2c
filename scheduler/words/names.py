"""The names of weekdays, months and numbers in their order."""

from collections.abc import Callable, Iterable

from django.utils.translation import pgettext

_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}


def say_weekday(number: int) -> str:
    """Name a weekday; 0 is Monday."""
    return _WEEKDAYS[number]()


def say_month(number: int) -> str:
    """Name a month; 1 is January."""
    return _MONTHS[number - 1]()


def say_ordinal(number: int) -> str:
    """Return "3rd", as in "the 3rd Friday"."""
    return _ORDINALS[_suffix(number)]() % number


def say_day_number(number: int) -> str:
    """Return "3rd", as in "the 3rd of the month"."""
    return _DAY_NUMBERS[_suffix(number)]() % number


def from_beginning(numbers: Iterable[int]) -> list[int]:
    """Sort places so that those that are counted from the end, below zero, come last."""
    return sorted(numbers, key=lambda number: (number < 0, number))


def _suffix(number: int) -> str:
    return "th" if number % 100 in (11, 12, 13) else _SUFFIXES.get(number % 10, "th")


_WEEKDAYS: tuple[Callable[[], str], ...] = (
    lambda: pgettext("weekday", "Monday"),
    lambda: pgettext("weekday", "Tuesday"),
    lambda: pgettext("weekday", "Wednesday"),
    lambda: pgettext("weekday", "Thursday"),
    lambda: pgettext("weekday", "Friday"),
    lambda: pgettext("weekday", "Saturday"),
    lambda: pgettext("weekday", "Sunday"),
)
_MONTHS: tuple[Callable[[], str], ...] = (
    lambda: pgettext("month", "January"),
    lambda: pgettext("month", "February"),
    lambda: pgettext("month", "March"),
    lambda: pgettext("month", "April"),
    lambda: pgettext("month", "May"),
    lambda: pgettext("month", "June"),
    lambda: pgettext("month", "July"),
    lambda: pgettext("month", "August"),
    lambda: pgettext("month", "September"),
    lambda: pgettext("month", "October"),
    lambda: pgettext("month", "November"),
    lambda: pgettext("month", "December"),
)
_ORDINALS: dict[str, Callable[[], str]] = {
    "st": lambda: pgettext("ordinal", "%dst"),
    "nd": lambda: pgettext("ordinal", "%dnd"),
    "rd": lambda: pgettext("ordinal", "%drd"),
    "th": lambda: pgettext("ordinal", "%dth"),
}
_DAY_NUMBERS: dict[str, Callable[[], str]] = {
    "st": lambda: pgettext("day of the month", "%dst"),
    "nd": lambda: pgettext("day of the month", "%dnd"),
    "rd": lambda: pgettext("day of the month", "%drd"),
    "th": lambda: pgettext("day of the month", "%dth"),
}
