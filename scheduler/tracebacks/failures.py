"""What a traceback says: failures, each with its frames, in the order in which Python prints them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

from scheduler.tracebacks.owners import Owner, owner_of


class Link(Enum):
    """How a failure came of the one that is printed before it."""

    NONE = ""
    CAUSE = "cause"
    CONTEXT = "context"


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One line of code on the way to a failure; `source` is what is printed of it, with the marks below."""

    path: str
    line: int
    function: str = ""
    source: tuple[str, ...] = ()

    @property
    def owner(self) -> Owner:
        """Whose code it is in."""
        return owner_of(self.path)

    @property
    def is_own(self) -> bool:
        """Whether it is the reader's code."""
        return self.owner is Owner.PROJECT


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Frames that follow each other, all the reader's own or none of them."""

    is_own: bool
    frames: tuple[Frame, ...]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One exception: its title, the rest of its message and its notes, and its frames, the innermost last.

    Within a group it has a level of one or more, and a label, its number. `gap` says what was left out before it.
    """

    title: str = ""
    details: str = ""
    frames: tuple[Frame, ...] = ()
    link: Link = Link.NONE
    level: int = 0
    label: str = ""
    gap: str = ""

    @property
    def stretches(self) -> list[Stretch]:
        """The frames by whose they are; where none is the reader's own, the innermost stands for it."""
        if self.frames and not any(frame.is_own for frame in self.frames):
            *others, last = self.frames
            shown = Stretch(is_own=True, frames=(last,))
            return [Stretch(is_own=False, frames=tuple(others)), shown] if others else [shown]
        runs = groupby(self.frames, key=lambda frame: frame.is_own)
        return [Stretch(is_own=is_own, frames=tuple(frames)) for is_own, frames in runs]


def in_reading_order(failures: Sequence[Failure], level: int = 0) -> list[Failure]:
    """Return what ended it first, then what led to that; each followed by the exceptions within it, if it is a group.

    Of a group's exceptions, which keep their order, each is shown before what led to it, and bears the number.
    """
    ordered = []
    for chain in _chains(failures, level):
        label = chain[0][0].label
        for chapter in reversed(chain):
            ordered += [replace(chapter[0], label=label), *in_reading_order(chapter[1:], level + 1)]
            label = ""
    return ordered


def _chains(failures: Sequence[Failure], level: int) -> list[list[list[Failure]]]:
    """Return chains of chapters: a failure of this level, and what is within it. A number begins another chain."""
    chains: list[list[list[Failure]]] = []
    for failure in failures:
        if not chains or (failure.level <= level and failure.label):
            chains.append([[failure]])
        elif failure.level <= level:
            chains[-1].append([failure])
        else:
            chains[-1][-1].append(failure)
    return chains
