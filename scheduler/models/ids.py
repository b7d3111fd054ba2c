"""Ids made by us, so that rows can be inserted in bulk and still be known: MySQL returns none from a bulk insert.

63 bits: 42 of milliseconds since 1970, 21 that begin at random and count up. They grow with time, strictly within a
process; two processes collide only if they hit the same of two million values in one millisecond, and then the
primary key refuses the second.
"""

import secrets
import threading
import time
from datetime import UTC, datetime

LARGEST_ID = 2**63 - 1
_MOST_DIGITS = len(str(LARGEST_ID))
_COUNTER_BITS = 21
_lock = threading.Lock()
_last = 0


def new_ids(count: int) -> range:
    """Return `count` consecutive ids, greater than all that this process made before."""
    global _last  # noqa: PLW0603 - the one piece of state: the greatest id made
    start = (time.time_ns() // 1_000_000 << _COUNTER_BITS) | secrets.randbits(_COUNTER_BITS)
    with _lock:
        start = max(start, _last + 1)
        _last = start + count - 1
    return range(start, start + count)


def first_id_of(moment: datetime) -> int:
    """Return the least id that can have been made at this moment."""
    return int(moment.timestamp() * 1000) << _COUNTER_BITS


def moment_of_id(row_id: int) -> datetime:
    """Return when an id was made, to the millisecond."""
    return datetime.fromtimestamp((row_id >> _COUNTER_BITS) / 1000, UTC)


def new_id() -> int:
    """Return one id."""
    return new_ids(1)[0]


def id_in(text: str | None, *, most: int = LARGEST_ID) -> int | None:
    """Return the id, or another number from 0 to `most`, that an address names; None for what is none.

    Python refuses to read some thousands of digits, and databases to look for a number that they could not hold.
    """
    if not text or len(text) > _MOST_DIGITS or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= most else None
