"""Reads crontab expressions, with cron's own meaning.

    read_crontab("30 9 * * mon-fri", seed="job1").next_wall(datetime(2026, 6, 6))

Five fields, or six with the seconds first, or a shorthand such as @daily. docs/time.md says what they mean.
"""

import re

from scheduler.triggers.base import InvalidField, gettext_noop
from scheduler.triggers.crontab_days import Days
from scheduler.triggers.crontab_fields import read_field
from scheduler.triggers.crontab_pieces import FIELDS, Piece
from scheduler.triggers.crontab_rule import CrontabRule

SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@annually": "0 0 1 1 *",
    "@yearly": "0 0 1 1 *",
}
# A list of everything in every field is shorter.
LONGEST = 1000


def read_crontab(text: str, *, seed: str) -> CrontabRule:
    """Return the rule; raise InvalidField naming the field and the character.

    `seed`, the job's id, decides what each `H` becomes.
    """
    if len(text) > LONGEST:
        raise InvalidField(gettext_noop("A crontab expression has at most %d characters.") % LONGEST)
    second, minute, hour, day, month, weekday = (read_field(piece, seed=seed) for piece in _pieces(text))
    return CrontabRule(
        seconds=second.bits,
        minutes=minute.bits,
        hours=hour.bits,
        months=month.bits,
        days=Days(
            numbers=day.bits,
            number_rules=day.rules,
            weekdays=(weekday.bits | weekday.bits >> 7) & 0b1111111,  # Weekday 7 is weekday 0.
            weekday_rules=weekday.rules,
            match_both=day.begins_with_star or weekday.begins_with_star,
        ),
        begins_with_star=minute.begins_with_star or hour.begins_with_star,
    )


def canonical(text: str) -> str:
    """Return the expression as it was sent, its blanks folded to one."""
    return " ".join(text.split())


def _pieces(text: str) -> list[Piece]:
    """Return the six fields, each with its place; the second is 0 where there are but five."""
    if text.lstrip().startswith("@"):
        text = _expanded(canonical(text))
    words = [(found[0], found.start() + 1) for found in re.finditer(r"\S+", text)]
    if len(words) == 5:
        words.insert(0, ("0", 1))
    if len(words) != 6:
        raise InvalidField(
            gettext_noop(
                "Enter five fields: minute, hour, day of the month, month, weekday; or six, with the second first. "
                "There are %d."
            )
            % len(words)
        )
    return [
        Piece(kind=kind, text=word, position=position) for kind, (word, position) in zip(FIELDS, words, strict=True)
    ]


def _expanded(shorthand: str) -> str:
    if shorthand.lower() == "@reboot":
        raise InvalidField(gettext_noop("@reboot names no time: a job runs by the clock, not when a machine starts."))
    if shorthand.lower() not in SHORTHANDS:
        values = {"text": shorthand, "known": ", ".join(SHORTHANDS)}
        raise InvalidField(gettext_noop('"%(text)s" is unknown; there are %(known)s.') % values)
    return SHORTHANDS[shorthand.lower()]
