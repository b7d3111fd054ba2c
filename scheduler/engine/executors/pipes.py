"""Reads what bodies in child processes print and tell, while they run: two named pipes for each."""

import codecs
import json
import os
import selectors
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from scheduler.current import Progress
from scheduler.engine.output import BoundedText

CHUNK_BYTES = 65_536


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

    def read(self) -> bool:
        """Read what is there, at most a chunk; False at the end, or where nothing is there."""
        try:
            data = os.read(self.descriptor, CHUNK_BYTES)
        except BlockingIOError:
            return False
        if data:
            self._receive(data)
        return bool(data)

    def close(self) -> None:
        """Close and remove it; whoever still writes into it is told so by the system."""
        os.close(self.descriptor)
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
                while pipe.read():
                    continue
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
                    if self._is_open(key.data) and not key.data.read():
                        self._forget(key.data)

    def stop(self) -> None:
        """End the thread."""
        os.write(self._wake_write, b"!")
        self.join()

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
        sys.stdout.write(text)


class _Messages:
    """Lines of JSON, of which each says one thing."""

    def __init__(self, body: Teller) -> None:
        self._body = body
        self._unfinished = b""

    def receive(self, data: bytes) -> None:
        *lines, self._unfinished = (self._unfinished + data).split(b"\n")
        for line in lines:
            self._take(json.loads(line))

    def _take(self, message: dict[str, Any]) -> None:
        if "pid" in message:
            self._body.note_start(message["pid"])
        if "progress" in message:
            self._body.latest_progress = Progress(*message["progress"])
        if "stack" in message:
            self._body.stack = message["stack"]
