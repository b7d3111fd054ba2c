"""Reads what differs between deployments from the environment, or from `.env`; what is wrong there is said by name."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

_LINE = re.compile(r"\s*(#.*)?$|\s*(export\s+)?[A-Za-z_][A-Za-z_0-9]*=.*$")
_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}

_ENGINES = {f"django.db.backends.{name}" for name in ("sqlite3", "mysql", "postgresql")}

_env = environ.Env()


def read_file(path: Path) -> None:
    """Take the lines of a `.env` file into the environment, which wins. A line that is none is refused, not skipped."""
    if not path.exists():
        return
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not _LINE.match(line):
            raise ImproperlyConfigured(f"{path.name}, line {number}: write NAME=value, without blanks around the sign.")
    _env.read_env(path)


def text(name: str, default: str = "") -> str:
    """Read a text."""
    return str(_env.str(name, default=default))


def words(name: str, default: list[str]) -> list[str]:
    """Read words that commas separate."""
    return list(_env.list(name, default=default))


def number(name: str, default: float) -> float:
    """Read a number."""
    return float(_read(name, default, float, "a number"))


def whole_number(name: str, default: int) -> int:
    """Read a whole number."""
    return int(_read(name, default, int, "a whole number"))


def flag(name: str, default: bool) -> bool:
    """Read true or false."""
    return bool(_read(name, default, lambda value: _FLAGS[value.lower()], "true or false"))


def time_zone(name: str, default: str) -> str:
    """Read the name of a time zone."""
    return str(_read(name, default, lambda value: ZoneInfo(value).key, "a time zone, such as Asia/Shanghai"))


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Read one of several words, in capitals."""
    wanted = f"one of {', '.join(choices)}"
    return str(_read(name, default, lambda value: choices[choices.index(value.upper())], wanted))


def database(name: str, default: str) -> dict[str, Any]:
    """Read a database's URL into Django's settings."""
    wanted = "the URL of a database, such as sqlite:///db.sqlite3, mysql://... or postgres://..."
    return dict(_read(name, environ.Env.db_url_config(default), _database_of, wanted))


def _database_of(url: str) -> dict[str, Any]:
    config: dict[str, Any] = environ.Env.db_url_config(url)
    if config.get("ENGINE") not in _ENGINES:
        raise ValueError(url)
    return config


def _read(name: str, default: Any, convert: Callable[[str], Any], wanted: str) -> Any:
    value = text(name).strip()
    if not value:
        return default
    try:
        return convert(value)
    except (ValueError, KeyError, OSError) as error:
        raise ImproperlyConfigured(f"{name} is wrong; it must be {wanted}.") from error
