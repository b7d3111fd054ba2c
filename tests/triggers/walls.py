"""Short ways to ask a crontab expression for its times on the wall."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from scheduler.triggers.base import InvalidField
from scheduler.triggers.crontab import read_crontab


def wall(text: str) -> datetime:
    """Return a time on the wall, such as "2026-06-01 12:30"."""
    return datetime.fromisoformat(text)


def walls(text: str, after: datetime, count: int, *, seed: str = "") -> list[datetime]:
    """Return the next times, up to `count`, each asked for with the one before it."""
    return list(islice(_walk(text, after, seed), count))


def days(text: str, after: datetime, count: int) -> list[str]:
    """Return the days of the next times, such as "Mon 2026-06-01"."""
    return [each.strftime("%a %Y-%m-%d") for each in walls(text, after, count)]


def sentence_of(text: str) -> str:
    """Return what is wrong with an expression; "" when nothing is."""
    try:
        read_crontab(text, seed="")
    except InvalidField as error:
        return error.sentence
    return ""


def _walk(text: str, after: datetime, seed: str) -> Iterator[datetime]:
    rule = read_crontab(text, seed=seed)
    found = rule.next_wall(after)
    while found is not None:
        yield found
        found = rule.next_wall(found)
