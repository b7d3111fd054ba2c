"""Captures what bodies print and log: each execution's own, of any length, in bounded memory."""

import logging
import sys
import threading
from collections import deque
from contextlib import suppress
from typing import Any, TextIO

from scheduler.current import find_current


class BoundedText:
    """A text that grows; of one that is too long, the head and the tail are kept. Written and read by any thread."""

    __slots__ = ("_head", "_head_room", "_left_out", "_lock", "_tail", "_tail_length", "_tail_room", "is_changed")

    def __init__(self, length: int) -> None:
        self._head: list[str] = []
        self._tail: deque[str] = deque()
        self._head_room = length // 2
        self._tail_room = length - length // 2
        self._tail_length = 0
        self._left_out = 0
        # Reentrant, since writing may collect an object whose __del__ prints.
        self._lock = threading.RLock()
        self.is_changed = False

    def write(self, text: str) -> None:
        """Add to the end."""
        if not text:
            return
        with self._lock:
            self.is_changed = True
            if self._head_room > 0:
                head, text = text[: self._head_room], text[self._head_room :]
                self._head.append(head)
                self._head_room -= len(head)
            if text:
                self._add_to_tail(text)

    def take_text(self) -> str:
        """Return the text so far, and take note that it has been read."""
        if not self.is_changed and not self._head:
            return ""
        with self._lock:
            self.is_changed = False
            gap = f"\n… {self._left_out} characters left out …\n" if self._left_out else ""
            return f"{''.join(self._head)}{gap}{''.join(self._tail)}"

    def _add_to_tail(self, text: str) -> None:
        self._tail.append(text)
        self._tail_length += len(text)
        while (excess := self._tail_length - self._tail_room) > 0:
            oldest = self._tail.popleft()
            if len(oldest) > excess:
                self._tail.appendleft(oldest[excess:])
            dropped = min(len(oldest), excess)
            self._tail_length -= dropped
            self._left_out += dropped


class CapturedStream:
    """Stands in for sys.stdout or sys.stderr: what a body writes is kept with its execution, and passed on."""

    def __init__(self, original: TextIO) -> None:
        self._original = original

    def write(self, text: str) -> int:
        """Keep a text where a body writes it, and pass it on. What is kept need not reach the node's own stream."""
        log = current_log()
        if log is None or not isinstance(text, str):
            return self._original.write(text)
        log.write(text)
        with suppress(OSError, ValueError):
            # Nobody reads it any more, or its encoding is too narrow.
            self._original.write(text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each line."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


class CaptureHandler(logging.Handler):
    """Keeps with an execution what its body logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Add a record to the log of the current execution."""
        if log := current_log():
            try:
                log.write(f"{self.format(record)}\n")
            except Exception:  # noqa: BLE001 - the body's arguments don't fit its message; as every handler does
                self.handleError(record)


def current_log() -> BoundedText | None:
    """Return where the output of the body that calls this is kept."""
    return getattr(find_current(), "log", None)


def install_capture() -> None:
    """Capture standard output, standard error and logging of all bodies of this process, from now on."""
    root = logging.getLogger()
    if not any(isinstance(handler, CaptureHandler) for handler in root.handlers):
        handler = CaptureHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)
    if not isinstance(sys.stdout, CapturedStream):
        sys.stdout, sys.stderr = CapturedStream(sys.stdout), CapturedStream(sys.stderr)
