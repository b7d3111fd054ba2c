"""Takes many ids apart into chunks, and adds up what became of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from scheduler.models import new_id

Id = TypeVar("Id", int, str)

# The most rows that one transaction holds locked: about a tenth of a second's work.
CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Whose change was made (ids of jobs, or of executions), why others' could not be, and the mark of the entries.

    What was so already, or is not there any more, is in neither.
    """

    changed: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""


# Changes what a chunk names, marks the entries, and returns whose change was made, and why others' was not.
ChangeChunk = Callable[[Sequence[Id], str], tuple[Iterable[str], Mapping[str, str]]]


def in_chunks(ids: Iterable[Id], change: ChangeChunk[Id]) -> Outcome:
    """Change all that is named, a chunk after the other, in the order of the ids, as everybody locks them."""
    # Entries' ids grow, and so all those of this change follow the mark.
    mark = str(new_id())
    changed: list[str] = []
    failed: dict[str, str] = {}
    for chunk in _chunks_of(sorted(set(ids))):
        of_chunk, failed_of_chunk = change(chunk, mark)
        changed += of_chunk
        failed |= failed_of_chunk
    return Outcome(changed=tuple(changed), failed=failed, mark=mark)


def _chunks_of(ids: Sequence[Id]) -> Iterator[Sequence[Id]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
