"""Named pipes between a node and its child processes: what bodies print and tell is read, and they are let begin."""

import codecs
import json
import logging
import os
import selectors
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from scheduler.current import Progress
from scheduler.engine.output import BoundedText

logger = logging.getLogger(__name__)

CHUNK_BYTES = 65_536
# As much as a pipe may hold; what a body has left behind may write for ever.
MOST_CHUNKS_LEFT = 16


class Teller(Protocol):
    """A body whose child process tells something."""

    id: int
    log: BoundedText
    latest_progress: Progress
    stack: str

    def note_start(self, pid: int) -> None:
        """The child has begun the body."""


class Pipe:
    """A named pipe that a child writes into."""

    def __init__(self, path: Path, receive: Callable[[bytes], None]) -> None:
        os.mkfifo(path, 0o600)
        self.path = path
        self.descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self._receive = receive

    def read(self) -> int | None:
        """Read what is there, at most a chunk; answers how many bytes: 0 at the end, None where nothing is there."""
        try:
            data = os.read(self.descriptor, CHUNK_BYTES)
        except BlockingIOError:
            return None
        if data:
            self._receive(data)
        return len(data)

    def close(self) -> None:
        """Close and remove it; whoever still writes into it is told so by the system."""
        os.close(self.descriptor)
        self.path.unlink(missing_ok=True)


class Gate:
    """A named pipe at which a child waits until its node lets it begin."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path, 0o600)
        self.path = path
        # For reading too, so that opening it waits for nobody.
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self._lock = threading.Lock()

    def open(self) -> None:
        """Let the child begin, unless the gate has been closed for good."""
        with self._lock:
            if self._descriptor is not None:
                os.write(self._descriptor, b"!")

    def close(self) -> None:
        """Close and remove it: who has not come yet never begins."""
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
            self._descriptor = None
        self.path.unlink(missing_ok=True)


class PipeReader(threading.Thread):
    """One thread that reads the pipes of all bodies."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="pipe-reader", daemon=True)
        self._folder = folder
        self._selector = selectors.DefaultSelector()
        self._pipes: dict[int, tuple[Pipe, Pipe]] = {}
        # Whoever reads, opens or closes holds it; waiting for data does not.
        self._lock = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()
        self._selector.register(self._wake_read, selectors.EVENT_READ)

    def open_pipes(self, body: Teller) -> tuple[Path, Path]:
        """Make the pipes of a body; answers their paths, that for messages first."""
        control = Pipe(self._folder / f"{body.id}.control", _Messages(body).receive)
        output = Pipe(self._folder / f"{body.id}.output", _Output(body).receive)
        with self._lock:
            self._pipes[body.id] = (control, output)
            for pipe in (control, output):
                self._selector.register(pipe.descriptor, selectors.EVENT_READ, pipe)
        return control.path, output.path

    def close_pipes(self, body: Teller) -> None:
        """Read what is left of a body's output, and remove its pipes."""
        with self._lock:
            for pipe in self._pipes.pop(body.id, ()):
                for _chunk in range(MOST_CHUNKS_LEFT):
                    if not self._read(pipe):
                        break
                self._forget(pipe)
                pipe.close()

    def run(self) -> None:
        """Read until stopped."""
        while True:
            for key, _events in self._selector.select():
                if key.fd == self._wake_read:
                    return
                with self._lock:
                    # It may have been closed since, and its number given to another.
                    if self._is_open(key.data) and self._read(key.data) == 0:
                        self._forget(key.data)

    def stop(self) -> None:
        """End the thread."""
        os.write(self._wake_write, b"!")
        self.join()

    def _read(self, pipe: Pipe) -> int | None:
        """Read; what cannot be taken in is left out, because a pipe that nobody reads stops who writes into it."""
        try:
            return pipe.read()
        except Exception:
            logger.exception("What a body printed could not be taken in.", extra={"action": "read_failed"})
            return None

    def _is_open(self, pipe: Pipe) -> bool:
        return any(pipe in pipes for pipes in self._pipes.values())

    def _forget(self, pipe: Pipe) -> None:
        """Wait for no more data of a pipe: at its end it would always be ready."""
        if pipe.descriptor in self._selector.get_map():
            self._selector.unregister(pipe.descriptor)


class _Output:
    """What a body prints goes into its log, and out of the node."""

    def __init__(self, body: Teller) -> None:
        self._body = body
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def receive(self, data: bytes) -> None:
        text = self._decoder.decode(data)
        self._body.log.write(text)
        with suppress(OSError, ValueError):
            # The node's own output may be read by nobody.
            sys.stdout.write(text)


class _Messages:
    """Lines of JSON, of which each says one thing."""

    def __init__(self, body: Teller) -> None:
        self._body = body
        self._unfinished = b""

    def receive(self, data: bytes) -> None:
        *lines, self._unfinished = (self._unfinished + data).split(b"\n")
        for line in lines:
            with suppress(ValueError):
                # A line may be torn, where the child was killed while it wrote.
                self._take(json.loads(line))

    def _take(self, message: dict[str, Any]) -> None:
        if "pid" in message:
            self._body.note_start(message["pid"])
        if "progress" in message:
            self._body.latest_progress = Progress(*message["progress"])
        if "stack" in message:
            self._body.stack = message["stack"]
