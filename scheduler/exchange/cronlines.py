"""Takes the lines of a crontab apart, as cron(8) does: variables, comments, schedule, user, command, standard input."""

import re
from dataclasses import dataclass

from scheduler.triggers.sentences import gettext_noop

_VARIABLE = re.compile(r"""\s*(?P<name>[A-Za-z_]\w*|"[^"]+"|'[^']+')\s*=\s*(?P<value>.*?)\s*""", re.ASCII)
_SHORTHAND = re.compile(r"\s*(?P<schedule>@\S+)\s+(?P<rest>.*)")
_FIELDS = re.compile(r"\s*(?P<quiet>-?)(?P<schedule>\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(?P<rest>.*)")
_USER = re.compile(r"(?P<user>\S+)\s+(?P<rest>.*)")
# A job that somebody has taken out of service is no name for the one below it.
_SILENCED = re.compile(r"(@[a-z]+|([\d*][\d*,/\-]*\s+){2}\S+\s+\S+\s+\S+)\s+\S")
NO_JOB = gettext_noop(
    "This is no line of a crontab: there must be five fields, or a word such as @daily, and a command."
)
NO_USER = gettext_noop("A line of a system's crontab names a user before its command.")


@dataclass(frozen=True, kw_only=True)
class CronLine:
    """A line that runs something."""

    number: int
    text: str
    schedule: str
    command: str
    stdin: str | None = None
    user: str | None = None
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A line that sets a variable for all below it."""

    number: int
    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class BadLine:
    """A line that is neither."""

    number: int
    reason: str


def take_apart(text: str, *, has_users: bool) -> list[CronLine | Variable | BadLine]:
    """Return the lines that mean something, in order; a comment goes with the job directly below it."""
    found: list[CronLine | Variable | BadLine] = []
    comment = ""
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("#"):
            said = stripped.lstrip("# \t")
            comment = said if said and not _SILENCED.match(said) else comment
            continue
        if stripped:
            found.append(_read_line(number, line, comment, has_users=has_users))
        comment = ""
    return found


def _read_line(number: int, line: str, comment: str, *, has_users: bool) -> CronLine | Variable | BadLine:
    if variable := _VARIABLE.fullmatch(line):
        return Variable(number=number, name=_unquoted(variable["name"]), value=_unquoted(variable["value"]))
    match = _SHORTHAND.fullmatch(line) or _FIELDS.fullmatch(line)
    if match is None:
        return BadLine(number=number, reason=NO_JOB)
    rest, user = match["rest"], None
    if has_users:
        named = _USER.fullmatch(rest)
        if named is None:
            return BadLine(number=number, reason=NO_USER)
        user, rest = named["user"], named["rest"]
    command, stdin = _split_at_percent(rest.strip())
    if not command:
        return BadLine(number=number, reason=NO_JOB)
    schedule = " ".join(match["schedule"].split())
    return CronLine(
        number=number,
        text=line.strip(),
        schedule=schedule,
        command=command,
        stdin=stdin,
        user=user,
        comment=comment,
    )


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _split_at_percent(text: str) -> tuple[str, str | None]:
    r"""Return the command, and what it reads: all after the first %, of which each further one is a new line.

    A percent sign with a backslash before it is one.
    """
    parts = [part.replace(r"\%", "%") for part in re.split(r"(?<!\\)%", text)]
    return parts[0].rstrip(), "\n".join(parts[1:]) if len(parts) > 1 else None
