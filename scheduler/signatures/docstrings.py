"""Reads docstrings: what a task does, and what it says of each argument, in the styles of Google, Sphinx and NumPy."""

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile

_GOOGLE = re.compile(r"(Args|Arguments|Parameters|Keyword Args|Keyword Arguments|Other Parameters):$")
_OTHER = re.compile(r"(Returns?|Yields?|Raises|Examples?|Notes?|Warns|Warnings?|See Also|Attributes|References|Todo):$")
_SPHINX = re.compile(r":(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\*{0,2}(\w+):\s*(.*)")
_FIELD = re.compile(r":\w[^:]*:")
_ENTRY = re.compile(r"\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)")
_NUMPY = re.compile(r"\*{0,2}(\w+)(?:\s*,\s*\*{0,2}\w+)*\s*(?::.*)?$")
_RULE = re.compile(r"-{3,}$")


@dataclass(frozen=True, kw_only=True)
class Docs:
    """A docstring, taken apart: what stands before its sections, and a help text for each argument that has one."""

    text: str = ""
    arguments: dict[str, str] = field(default_factory=dict)


def read_docstring(docstring: str | None) -> Docs:
    """Take a docstring apart."""
    lines = inspect.cleandoc(docstring or "").splitlines()
    begin = next((number for number in range(len(lines)) if _begins_section(lines, number)), len(lines))
    found = {**dict(_numpy(lines)), **dict(_google(lines)), **dict(_sphinx(lines))}
    return Docs(text="\n".join(lines[:begin]).strip(), arguments={name: text for name, text in found.items() if text})


def _begins_section(lines: list[str], number: int) -> bool:
    line = lines[number]
    is_ruled = number + 1 < len(lines) and bool(line.strip()) and bool(_RULE.match(lines[number + 1]))
    return is_ruled or any(pattern.match(line) for pattern in (_GOOGLE, _OTHER, _FIELD))


def _sphinx(lines: list[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines):
        if match := _SPHINX.match(line):
            yield match[1], _joined([match[2], *_indented(lines[number + 1 :], deeper_than=0)])


def _google(lines: list[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines):
        if not _GOOGLE.match(line):
            continue
        section = list(_indented(lines[number + 1 :], deeper_than=0))
        depth = _depth(next((each for each in section if each.strip()), ""))
        for position, each in enumerate(section):
            match = _ENTRY.match(each.strip())
            if match and _depth(each) == depth:
                yield match[1], _joined([match[2], *_indented(section[position + 1 :], deeper_than=depth)])


def _numpy(lines: list[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines[:-1]):
        if not re.match(r"(Other )?Parameters$", line) or not _RULE.match(lines[number + 1]):
            continue
        section = lines[number + 2 :]
        for position, each in enumerate(section):
            if _begins_section(section, position):
                break
            match = _NUMPY.match(each)
            if match:
                yield match[1], _joined(_indented(section[position + 1 :], deeper_than=0))


def _indented(lines: Iterable[str], *, deeper_than: int) -> Iterator[str]:
    """Yield the lines up to the first that is not indented so far; empty ones do not end it."""
    return takewhile(lambda line: not line.strip() or _depth(line) > deeper_than, lines)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joined(lines: Iterable[str]) -> str:
    return " ".join(line.strip() for line in lines).strip()
