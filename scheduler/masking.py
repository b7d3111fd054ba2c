"""Hides what looks like a secret among a job's arguments, where they are shown to others or kept in a log. Pure."""

import re
from typing import Any

HIDDEN = "•••"
# Names of keyword arguments, or of the fields within one: password, api_key, X-Auth-Token, ...
_SECRET = re.compile(
    r"pass(word|wd|phrase|code)|(^|[_\W])(pass|pwd)([_\W]|$)|secret|token|credential|authorization|cookie"
    r"|(api|access|private|signing|encryption)[_\W]?key",
    re.IGNORECASE,
)
# A password within an address: scheme://user:password@host
_IN_ADDRESS = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://[^/\s:@]*:)[^/\s@]+(?=@)", re.IGNORECASE)


def without_secrets(value: Any) -> Any:
    """Return JSON with each value hidden whose name says that it is a secret, and each password in an address."""
    if isinstance(value, dict):
        return {name: HIDDEN if _is_secret(name, item) else without_secrets(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(item) for item in value]
    return _IN_ADDRESS.sub(rf"\g<before>{HIDDEN}", value) if isinstance(value, str) else value


def _is_secret(name: object, value: Any) -> bool:
    """Tell whether a name says so; there is no secret in nothing, nor in a yes or no."""
    return value not in (None, "") and not isinstance(value, bool) and _SECRET.search(str(name)) is not None
