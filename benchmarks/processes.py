"""Real processes: commands that prepare something, and web servers that are stopped at the end."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 30


class ProcessFailed(Exception):
    """A contestant's process ended in failure; what it said last is in the message."""


def run(*arguments: str, environment: Mapping[str, str], python: str = "") -> str:
    """Run Python with these arguments; answers what it printed."""
    command = [python or sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"A benchmark could not be prepared: {' '.join(arguments)} ended with status {done.returncode}.")
    return done.stdout.strip()


def ask(*arguments: str, environment: Mapping[str, str], python: str = "") -> str:
    """Run Python with these arguments; answers the last line it printed. Raises ProcessFailed."""
    command = [python or sys.executable, *arguments]
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        try:
            answer = process.communicate()[0].decode().strip()
        except BaseException:
            # It has servers and nodes of its own to stop.
            stop(process)
            raise
        if process.returncode or not answer:
            log.seek(0)
            raise ProcessFailed(f"{' '.join(arguments)}: status {process.returncode}\n{log.read()[-1500:]}")
        return answer.rpartition("\n")[2]


@contextmanager
def gunicorn(application: str, *, environment: Mapping[str, str]) -> Iterator[int]:
    """Serve a WSGI application with one sync worker for as long as the block lasts; answers the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--worker-class", "sync", "--no-control-socket", "--log-level", "warning"]
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log) as process,
    ):
        try:
            _wait_until_listening(port, process, log)
            yield port
        finally:
            stop(process)


def _wait_until_listening(port: int, process: subprocess.Popen[bytes], log: IO[str]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                sys.exit(f"A web server did not start; it said:\n{log.read()[-1500:]}")
            time.sleep(0.05)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, then insist."""
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
