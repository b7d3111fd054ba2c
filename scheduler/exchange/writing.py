"""Writes our own documents: always in the same order, so that two exports can be compared line by line."""

import json
from collections.abc import Iterable
from typing import Any

import yaml

from scheduler.exchange.documents import SECTIONS, Document, Entry
from scheduler.exchange.reading import VERSION, VERSION_KEY
from scheduler.exchange.yamlreading import FLOAT, INTEGER

FORMATS = ("yaml", "json")
_WIDTH = 120
_LINE_ENDS = "\r\x85\u2028\u2029"


class _Dumper(yaml.SafeDumper):
    """Quotes what any reader of YAML 1.1 or 1.2 could take for something else than a text; indents lists."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


# What only our reader takes for a number.
_Dumper.add_implicit_resolver("tag:yaml.org,2002:int", INTEGER, list("-+0123456789"))
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", FLOAT, list("-+.0123456789"))


def _represent_list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.Node:
    """Write short lists of plain values on one line."""
    is_plain = all(not isinstance(value, list | dict) for value in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=is_plain)


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    """Escape the rarer ends of lines: written as they are, they would be read as blanks."""
    style = '"' if any(character in value for character in _LINE_ENDS) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(list, _represent_list)
_Dumper.add_representer(str, _represent_text)


def write_document(document: Document, *, format: str = "yaml", comment: str = "") -> str:  # noqa: A002
    """Return the text of a document; `comment` is written above it where the format has comments."""
    data = {VERSION_KEY: VERSION}
    data |= {name: _fields_of(document.of_kind(kind)) for name, kind in SECTIONS.items() if kind in document.sections}
    if format == "json":
        return f"{json.dumps(data, indent=2, ensure_ascii=False)}\n"
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return "".join(f"# {line}\n" for line in comment.splitlines()) + text


def _fields_of(entries: Iterable[Entry]) -> Any:
    return {entry.key: dict(entry.fields) for entry in sorted(entries, key=lambda entry: entry.key)}
