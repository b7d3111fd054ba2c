"""The text of a recurrence rule: its parts, checked as RFC 5545 (3.3.10) says, in a canonical order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import prod
from typing import Any

from dateutil import rrule

from scheduler.triggers.base import InvalidField, gettext_noop

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Whoever needs more runs than this has no use for counting them.
MOST_COUNTED = 5_000
MOST_TIMES = 1_440
MOST_INTERVAL = 100_000
# The least and the most of each list; those of which the least is below zero have no zero, and count from the end.
_LISTS = {
    "BYMONTH": (1, 12),
    "BYWEEKNO": (-53, 53),
    "BYYEARDAY": (-366, 366),
    "BYMONTHDAY": (-31, 31),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
    "BYSETPOS": (-366, 366),
}
_ORDER = (
    "FREQ", "INTERVAL", "WKST", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE",
    "BYSECOND", "BYSETPOS", "COUNT", "UNTIL",
)  # fmt: skip
# With these frequencies the RFC allows no such part.
_NOT_WITH = {
    "BYWEEKNO": FREQUENCIES[1:],
    "BYYEARDAY": ("MONTHLY", "WEEKLY", "DAILY"),
    "BYMONTHDAY": ("WEEKLY",),
}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,6}", re.ASCII)
_UNTIL = re.compile(r"\d{8}(T\d{6}Z?)?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a rule says: its canonical text, and dateutil's names for its parts. `until` is aware where it is in UTC."""

    text: str
    frequency: int
    interval: int
    count: int | None
    until: datetime | None
    by: dict[str, Any]


def read_parts(text: str) -> Parts:
    """Read a rule, with or without RRULE: before it; raise InvalidField naming the part that is wrong."""
    texts = _split(text)
    frequency = _read_frequency(texts)
    lists = {name: _read_numbers(name, texts[name]) for name in _LISTS if name in texts}
    by: dict[str, Any] = {name.lower(): numbers for name, numbers in lists.items()}
    if "BYDAY" in texts:
        by["byweekday"] = _read_days(texts, frequency)
    _check_together(texts, frequency)
    _check_times(lists, frequency)
    by["wkst"] = _read_weekday(texts.get("WKST", "MO"))
    return Parts(
        text=";".join(f"{name}={texts[name]}" for name in _ORDER if name in texts),
        frequency=FREQUENCIES.index(frequency),
        interval=_read_count("INTERVAL", texts.get("INTERVAL", "1"), MOST_INTERVAL),
        count=_read_count("COUNT", texts["COUNT"], MOST_COUNTED) if "COUNT" in texts else None,
        until=_read_until(texts["UNTIL"]) if "UNTIL" in texts else None,
        by=by,
    )


def choose_places(count: int, positions: Iterable[int]) -> Sequence[int]:
    """Return which of a period's so many times BYSETPOS means, which may count from the end; all where it is empty."""
    places = {position - 1 if position > 0 else count + position for position in positions}
    return sorted(place for place in places if 0 <= place < count) if places else range(count)


def _split(text: str) -> dict[str, str]:
    if len(text) > 1000:
        raise InvalidField(gettext_noop("A rule has at most 1000 characters."))
    texts: dict[str, str] = {}
    for pair in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, _, value = (part.strip() for part in pair.partition("="))
        if name not in _ORDER or not value:
            raise InvalidField(
                gettext_noop("%s is no part of a rule such as FREQ=WEEKLY;BYDAY=MO,TH.") % (pair or '""')
            )
        if name in texts:
            raise InvalidField(gettext_noop("%s comes twice.") % name)
        texts[name] = value
    return texts


def _read_frequency(texts: dict[str, str]) -> str:
    frequency = texts.get("FREQ")
    if frequency not in FREQUENCIES:
        raise InvalidField(gettext_noop("FREQ must be one of %s.") % ", ".join(FREQUENCIES))
    return frequency


def _read_numbers(name: str, text: str) -> tuple[int, ...]:
    least, most = _LISTS[name]
    numbers = [int(each) for each in text.split(",") if _NUMBER.fullmatch(each)]
    if len(numbers) < text.count(",") + 1 or any(
        not least <= number <= most or (number == 0 and least < 0) for number in numbers
    ):
        raise InvalidField(
            gettext_noop("%(name)s must be numbers from %(least)d to %(most)d.")
            % {"name": name, "least": least, "most": most}
        )
    return tuple(sorted(set(numbers)))


def _read_days(texts: dict[str, str], frequency: str) -> list[rrule.weekday]:
    matches = [_DAY.fullmatch(each) for each in texts["BYDAY"].split(",")]
    found = [match.groups() for match in matches if match]
    if len(found) < len(matches) or any(number and not 1 <= abs(int(number)) <= 53 for number, _ in found):
        raise InvalidField(gettext_noop("BYDAY must be weekdays, such as MO,TH or -1FR."))
    is_counted = any(number for number, _ in found)
    if is_counted and (frequency not in ("YEARLY", "MONTHLY") or "BYWEEKNO" in texts):
        raise InvalidField(gettext_noop("BYDAY counts weekdays only in a month or a year."))
    most = 0 if not is_counted else 53 if frequency == "YEARLY" and "BYMONTH" not in texts else 5
    return [rrule.weekday(WEEKDAYS.index(day), each) for number, day in found for each in _numbers_of(number, most)]


def _numbers_of(number: str, most: int) -> Iterable[int | None]:
    """Return which of a weekday are meant. Beside counted ones dateutil takes no plain one, so all are counted then."""
    if number:
        return [int(number)]
    return range(1, most + 1) if most else [None]


def _read_weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise InvalidField(gettext_noop("WKST must be one of %s.") % ", ".join(WEEKDAYS))
    return WEEKDAYS.index(text)


def _check_together(texts: dict[str, str], frequency: str) -> None:
    for name, frequencies in _NOT_WITH.items():
        if name in texts and frequency in frequencies:
            message = gettext_noop("%(name)s does not go together with FREQ=%(frequency)s.")
            raise InvalidField(message % {"name": name, "frequency": frequency})
    if "COUNT" in texts and "UNTIL" in texts:
        raise InvalidField(gettext_noop("COUNT and UNTIL do not go together."))
    if "BYSETPOS" in texts and not any(name.startswith("BY") and name != "BYSETPOS" for name in texts):
        raise InvalidField(gettext_noop("BYSETPOS needs another part that begins with BY."))


def _check_times(lists: dict[str, tuple[int, ...]], frequency: str) -> None:
    """Refuse a list of very many times: all of a day are made before the first is found."""
    names = ("BYHOUR", "BYMINUTE", "BYSECOND")[max(FREQUENCIES.index(frequency) - FREQUENCIES.index("DAILY"), 0) :]
    if prod(len(lists.get(name, "1")) for name in names) > MOST_TIMES:
        raise InvalidField(gettext_noop("The rule names more than %d times at once; take a shorter FREQ.") % MOST_TIMES)


def _read_count(name: str, text: str, most: int) -> int:
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
        raise InvalidField(gettext_noop("%(name)s must be a number from 1 to %(most)d.") % {"name": name, "most": most})
    return int(text)


def _read_until(text: str) -> datetime:
    """Read a day, which counts to its end, a time on the wall, or one in UTC. A day's last second is its end."""
    try:
        if not _UNTIL.fullmatch(text):
            raise ValueError(text)
        moment = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")  # noqa: DTZ007
    except ValueError:
        raise InvalidField(gettext_noop("UNTIL must be such as 20311231 or 20311231T235959Z.")) from None
    if "T" not in text:
        return moment.replace(hour=23, minute=59, second=59)
    return moment.replace(tzinfo=UTC) if text.endswith("Z") else moment
