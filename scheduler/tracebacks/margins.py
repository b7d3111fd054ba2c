"""Takes off the margins in which Python prints the exceptions of a group."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

GROUP_HEADER = "Exception Group Traceback (most recent call last):"
# Where the middle of a stored text was left out; in the node's language, and so by its signs.
_GAP = re.compile(r"^… \S.* …$")
_MARGIN = re.compile(r"^(?P<indent>(?:  )+)[|+](?: (?P<content>.*))?$")
_SEPARATOR = re.compile(r"^(?P<indent>(?:  )+)(?P<first>\+-)?\+-{8,}(?: (?P<label>\S+) -{8,})?$")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line without its margin. One that begins or ends a part of a group has a `label`, perhaps an empty one."""

    content: str
    level: int = 0
    label: str | None = None
    is_gap: bool = False


def read_lines(text: str) -> Iterator[Line]:
    """Return the lines; a message outside of a group may begin like a margin, and is left as it is."""
    in_group = is_torn = False
    for line in text.split("\n"):
        if _GAP.match(line):
            # What comes after may stand in a group, whose beginning was left out; its first line cannot tell.
            in_group = is_torn = True
            yield Line(content=line, is_gap=True)
            continue
        in_group = (in_group and (is_torn or _has_margin(line))) or line.endswith(f"+ {GROUP_HEADER}")
        is_torn = False
        yield _without_margin(line) if in_group else Line(content=line)


def _has_margin(line: str) -> bool:
    return bool(_MARGIN.match(line) or _SEPARATOR.match(line))


def _without_margin(line: str) -> Line:
    if separator := _SEPARATOR.match(line):
        # The first one of a group stands in the margin of what contains the group.
        level = _level(separator["indent"]) + bool(separator["first"])
        return Line(content="", level=level, label=separator["label"] or "")
    margin = _MARGIN.match(line)
    if margin is None:
        return Line(content=line)
    return Line(content=margin["content"] or "", level=_level(margin["indent"]))


def _level(indent: str) -> int:
    """A group itself stands in a margin of its own, though it is no deeper than an exception that is none."""
    return len(indent) // 2 - 1
