"""Reads YAML with lines, from the parser's events: nothing is built but texts, numbers, lists and objects.

Only JSON's values have a meaning: `on`, `22:30` and `2026-06-01` are texts, as in YAML 1.2. Anchors, aliases and tags
are refused, so that no file is larger than it looks, and none names a class.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from scheduler.exchange.located import DEEPEST, NO_TEXT, TOO_DEEP, TWICE, Located, Value, check_text, refuse
from scheduler.triggers.sentences import gettext_noop

# libyaml is several times as fast; both are safe, as only their events are asked for.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
INTEGER = re.compile(r"[-+]?[0-9]{1,1000}", re.ASCII)
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_NO_ALIASES = gettext_noop("Anchors and aliases are not allowed; write it out.")
_NO_TAGS = gettext_noop("Tags are not allowed.")
_ONE_DOCUMENT = gettext_noop("There must be one document only.")


def read_yaml(text: str) -> Located:
    """Return the one document of a text. Raises Unreadable."""
    try:
        # Its constructor looks at the first bytes already.
        events = _events(_Loader(text))
        return _read_document(events)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise refuse(f"{error.problem or error.context}.", mark.line + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        raise refuse(f"{error}.", 1) from error


def _events(loader: Any) -> Iterator[Any]:
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def _read_document(events: Iterator[Any]) -> Located:
    found: Located | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if found is not None:
                raise refuse(_ONE_DOCUMENT, _line(event))
            found = _read_node(next(events), events, DEEPEST)
    return found or Located(value=None, line=1)


def _read_node(event: Any, events: Iterator[Any], levels: int) -> Located:
    line = _line(event)
    if levels == 0:
        raise refuse(TOO_DEEP, line)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise refuse(_NO_ALIASES, line)
    if event.tag is not None:
        raise refuse(_NO_TAGS, line)
    if isinstance(event, yaml.ScalarEvent):
        return Located(value=_scalar(event), line=line)
    if isinstance(event, yaml.SequenceStartEvent):
        return Located(value=_read_items(events, levels), line=line)
    return Located(value=_read_entries(events, levels), line=line)


def _read_items(events: Iterator[Any], levels: int) -> list[Located]:
    items = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        items.append(_read_node(event, events, levels - 1))
    return items


def _read_entries(events: Iterator[Any], levels: int) -> dict[str, Located]:
    entries: dict[str, Located] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        name = _read_name(event, events)
        if name in entries:
            raise refuse(TWICE % name, _line(event))
        value = _read_node(next(events), events, levels - 1)
        entries[name] = Located(value=value.value, line=_line(event))
    return entries


def _read_name(event: Any, events: Iterator[Any]) -> str:
    """Read a name; an unquoted number is its text, as jobs may be called 1."""
    if isinstance(event, yaml.CollectionStartEvent):
        raise refuse(NO_TEXT, _line(event))
    name = _read_node(event, events, 1)
    if isinstance(name.value, bool) or name.value is None:
        raise refuse(NO_TEXT, name.line)
    return str(event.value)


def _scalar(event: Any) -> Value:
    text = check_text(event.value, _line(event))
    # A plain scalar is one that may be something else than a text.
    if not event.implicit[0]:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1
