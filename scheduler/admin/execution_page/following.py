"""What is new in the output of a run for somebody who has read a part of it. Pure: texts in, values out.

A log grows; of one that is too long, the node keeps the head and the tail. The reader's cursor counts all characters
that were ever printed, so that what is new can be told even when the middle has been left out meanwhile.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

# Characters that a page shows of an output at once; there is a link to all of it.
MOST_SHOWN = 200_000
# What the node writes between head and tail, in its own language.
_GAP = re.compile(r"\n… [^\n]{0,40}?(\d{1,15})[^\n]{0,80} …\n")
# Colours, cursor movements, and titles of windows: CSI and OSC sequences, and the short ones.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
_BEGUN_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]{0,200})?$")
_CURSOR = re.compile(r"(\d{1,15})-(\d{1,10})")
# Characters before the cursor by which it is known that the reader has read this text, and not another.
_KNOWN_BY = 32


class Kept(NamedTuple):
    """What is kept of an output: all of it in `head`, or the two ends, and how much was left out between them."""

    head: str
    left_out: int = 0
    tail: str = ""

    @property
    def total(self) -> int:
        """How many characters were printed."""
        return len(self.head) + self.left_out + len(self.tail)


@dataclass(frozen=True, kw_only=True)
class News:
    """What to add to what the reader has, or, if `is_whole`, to show instead of it.

    Between `before` and `after`, `skipped` characters are missing, if any.
    """

    before: str = ""
    skipped: int = 0
    after: str = ""
    is_whole: bool = False
    cursor: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.before or self.skipped or self.after)


def news_of(log: str, *, cursor: str, limit: int, is_growing: bool) -> News:
    """Return what is new since the cursor; everything where the cursor is empty, or was of another text.

    `limit` is the length beyond which the nodes leave out the middle. While it is growing, an escape sequence that has
    only begun is left for the next time.
    """
    kept = read_kept(_BEGUN_ESCAPE.sub("", log) if is_growing else log, limit=limit)
    news = _since(kept, cursor) or _whole(kept)
    return News(
        before=plain(news.before),
        skipped=news.skipped,
        after=plain(news.after),
        is_whole=news.is_whole,
        cursor=f"{kept.total}-{_mark(kept.tail or kept.head)}",
    )


def read_kept(log: str, *, limit: int) -> Kept:
    """Find the gap in a stored log; what looks like one in a log that is not too long was printed by the body."""
    gap = _GAP.search(log, limit // 2) if len(log) > limit else None
    if gap is None:
        return Kept(log)
    return Kept(log[: gap.start()], int(gap[1]), log[gap.end() :])


def plain(text: str) -> str:
    """Return a text as a terminal without colours would show it."""
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    if "\r" not in text:
        return text
    text = text.replace("\r\n", "\n")
    # What it would write over was shown before.
    text = f"\n{text[1:]}" if text.startswith("\r") else text
    return "\n".join(_last_written(line) for line in text.split("\n"))


def _last_written(line: str) -> str:
    """Return what a line shows at last: a progress bar begins it anew with each carriage return."""
    return next((piece for piece in reversed(line.split("\r")) if piece), "")


def _since(kept: Kept, cursor: str) -> News | None:
    found = _CURSOR.fullmatch(cursor)
    seen = int(found[1]) if found else -1
    if found is None or not 0 <= seen <= kept.total:
        return None
    text, offset = (kept.head, 0) if seen <= len(kept.head) else (kept.tail, len(kept.head) + kept.left_out)
    read = max(seen - offset, 0)
    # Of the tail, what was read may be gone, and cannot be compared.
    is_known = (offset and read < _KNOWN_BY) or _mark(text[:read]) == int(found[2])
    if not is_known:
        return None
    if text is kept.tail:
        return News(skipped=max(offset - seen, 0), after=text[read:])
    return News(before=text[read:], skipped=kept.left_out, after=kept.tail)


def _whole(kept: Kept) -> News:
    """Return both ends of what is kept; no more than a page can show."""
    half = MOST_SHOWN // 2
    if len(kept.head) + len(kept.tail) <= MOST_SHOWN:
        return News(before=kept.head, skipped=kept.left_out, after=kept.tail, is_whole=True)
    before, after = kept.head[:half], (kept.tail or kept.head[half:])[-half:]
    return News(before=before, skipped=kept.total - len(before) - len(after), after=after, is_whole=True)


def _mark(read: str) -> int:
    return crc32(read[-_KNOWN_BY:].encode("utf-8", "surrogatepass"))
