"""Parses a stored traceback: chained exceptions, groups, syntax errors, bare stacks, and what was cut in the middle."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scheduler.tracebacks.failures import Failure, Frame, Link
from scheduler.tracebacks.margins import GROUP_HEADER, Line, read_lines

_HEADERS = ("Traceback (most recent call last):", GROUP_HEADER)
_LINKS = {
    "The above exception was the direct cause of the following exception:": Link.CAUSE,
    "During handling of the above exception, another exception occurred:": Link.CONTEXT,
}
# A syntax error's own place has no function.
_FRAME = re.compile(r'^  File "(?P<path>.*)", line (?P<line>\d+)(?:, in (?P<function>.*))?$')
# What stands below a frame: its source, the marks, and "[Previous line repeated 996 more times]".
_BELOW_FRAME = re.compile(r"^(?:    |  \[)")


def parse(text: str) -> tuple[Failure, ...]:
    """Return the failures in the order in which they are printed; none for a text that is empty."""
    reader = _Reader()
    for line in read_lines(text):
        reader.read(line)
    return reader.finish()


@dataclass
class _Draft:
    """A failure that is being read."""

    frames: list[Frame] = field(default_factory=list)
    message: list[str] = field(default_factory=list)
    link: Link = Link.NONE
    level: int = 0
    label: str = ""
    gap: list[str] = field(default_factory=list)

    @property
    def is_begun(self) -> bool:
        return bool(self.frames or self.message)

    def finish(self) -> Failure:
        title, *details = _without_blank_ends(self.message) or [""]
        return Failure(
            title=title,
            details="\n".join(details),
            frames=tuple(self.frames),
            link=self.link,
            level=self.level,
            label=self.label,
            gap="\n".join(self.gap),
        )


class _Reader:
    """Goes through the lines once."""

    def __init__(self) -> None:
        self._failures: list[Failure] = []
        self._draft = _Draft()
        self._is_torn = False

    def finish(self) -> tuple[Failure, ...]:
        self._close()
        return tuple(self._failures)

    def read(self, line: Line) -> None:
        content = line.content
        if line.is_gap:
            self._close()
            self._draft.gap, self._is_torn = [content], True
        elif line.label is not None:
            self._close()
            self._draft.level, self._draft.label = line.level, line.label
        elif content in _HEADERS:
            self._close()
            self._draft.level = line.level
        elif content in _LINKS:
            self._close()
            self._draft.link = _LINKS[content]
        elif self._is_torn:
            # The first line after a gap begins somewhere in its middle.
            self._draft.gap.append(content)
        else:
            self._read_content(line)
        self._is_torn = line.is_gap

    def _read_content(self, line: Line) -> None:
        draft, content = self._draft, line.content
        if not draft.is_begun:
            draft.level = line.level
        found = None if draft.message else _FRAME.match(content)
        if found:
            draft.frames.append(_frame(found))
        elif draft.frames and not draft.message and _BELOW_FRAME.match(content):
            draft.frames[-1] = _with_source(draft.frames[-1], content)
        elif draft.gap and not draft.is_begun and _BELOW_FRAME.match(content):
            # Of a frame whose beginning was left out.
            draft.gap.append(content)
        elif content.strip() or draft.message:
            draft.message.append(content)

    def _close(self) -> None:
        """Keep what was read so far, if anything was; what was only announced holds for what comes."""
        if self._draft.is_begun:
            self._failures.append(self._draft.finish())
            self._draft = _Draft()


def _frame(found: re.Match[str]) -> Frame:
    return Frame(path=found["path"], line=int(found["line"]), function=found["function"] or "")


def _with_source(frame: Frame, line: str) -> Frame:
    below = line.removeprefix("    ") if line.startswith("    ") else line.strip()
    return replace(frame, source=(*frame.source, below))


def _without_blank_ends(lines: Sequence[str]) -> list[str]:
    return "\n".join(lines).strip("\n").split("\n") if any(line.strip() for line in lines) else []
