"""How phrases are put together, whatever the language: templates are filled, and items become a list."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_PLACE = re.compile(r"%\((\w+)\)s")
_BETWEEN_SCRIPTS = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]")


def fill(template: str, **values: str) -> str:
    """Fill the values into a translated template.

    Where a value meets the template, a space parts Chinese characters from letters and digits, as Chinese is set. The
    values themselves, such as the name of a calendar, stay as they are.
    """
    pieces = _PLACE.split(template)
    pieces[1::2] = [values[name] for name in pieces[1::2]]
    *_, filled = accumulate(filter(None, pieces), _join)
    return filled


def say_list(items: Sequence[str], *, last: str = "and") -> str:
    """Return "a, b and c", or with `last="or"` "a, b or c"."""
    if len(items) == 1:
        return items[0]
    return fill(_LAST[last](), items=say_items(items[:-1]), item=items[-1])


def say_items(items: Sequence[str]) -> str:
    """Return "a, b, c"; of nothing, nothing."""
    said = items[0] if items else ""
    for item in items[1:]:
        said = fill(pgettext("list", "%(items)s, %(item)s"), items=said, item=item)
    return said


def say_counts(counts: Mapping[str, int]) -> str:
    """Return "3 succeeded, 1 failed" from the names of statuses."""
    template = pgettext("count", "%(count)s %(status)s")
    return say_items([fill(template, count=str(count), status=status) for status, count in counts.items()])


def say_aside(text: str, aside: str) -> str:
    """Return "text (aside)"."""
    return fill(_("%(text)s (%(aside)s)"), text=text, aside=aside)


def say_pair(name: str, value: str) -> str:
    """Return "name: value"."""
    return fill(_("%(name)s: %(value)s"), name=name, value=value)


def say_runs(numbers: Iterable[int], name: Callable[[int], str], *, around: int = 0) -> list[str]:
    """Return the names of numbers, three or more in a row as "a to c"; `around`: the size, if they lie in a circle."""
    said = []
    for run in runs_of(sorted(numbers), around):
        if len(run) > 2:
            said.append(say_range(name(run[0]), name(run[-1])))
        else:
            said.extend(map(name, run))
    return said


def say_range(first: str, last: str) -> str:
    """Return "a to b", which holds both ends."""
    return fill(pgettext("range", "%(first)s to %(last)s"), first=first, last=last)


def say_sentences(sentences: Sequence[str]) -> str:
    """Put sentences one after the other, with a space between where the language has one."""
    said = sentences[0]
    for sentence in sentences[1:]:
        said = fill(pgettext("sentences", "%(sentences)s %(sentence)s"), sentences=said, sentence=sentence)
    return said


def runs_of(numbers: Sequence[int], around: int = 0) -> list[list[int]]:
    """Part sorted numbers into runs without a gap; in a circle the last run may go on with the first."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    if around and len(runs) > 1 and (runs[-1][-1] + 1 - runs[0][0]) % around == 0:
        runs[-1] += runs.pop(0)
    return runs


def _join(before: str, after: str) -> str:
    return f"{before} {after}" if _BETWEEN_SCRIPTS.match(before[-1] + after[0]) else before + after


_LAST: dict[str, Callable[[], str]] = {
    "and": lambda: pgettext("list", "%(items)s and %(item)s"),
    "or": lambda: pgettext("list", "%(items)s or %(item)s"),
}
