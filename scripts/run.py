"""Prepare the database and run the web server and the scheduler until Ctrl-C: what `make run` does."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import environ

ROOT = Path(__file__).resolve().parent.parent
ENV_FILE = ROOT / ".env"
DEFAULTS = {
    "HOST": "127.0.0.1",
    "PORT": "8000",
    # honcho kills after 5 seconds what it asked to stop, so the scheduler must be done before.
    "SCHEDULER_SHUTDOWN_GRACE_SECONDS": "4",
    "PYTHONUNBUFFERED": "1",
}
# What honcho answers when SIGINT or SIGTERM stopped it: here, the way it should end.
STOPPED_BY_REQUEST = (128 + signal.SIGINT, 128 + signal.SIGTERM)


def main() -> int:
    """Everything up to the servers' end; answers the exit status."""
    os.chdir(ROOT)
    settle_environment()
    refuse_taken_port(os.environ["HOST"], os.environ["PORT"])
    prepared = subprocess.run([sys.executable, "-m", "scripts.prepare"])
    if prepared.returncode:
        return prepared.returncode
    # honcho's own reading of .env would win over the environment, so it is given none.
    status = run_in_foreground([sys.executable, "-m", "honcho", "--env", os.devnull, "start"])
    return 0 if status in STOPPED_BY_REQUEST else status


def settle_environment() -> None:
    """Complete the environment from .env, where `make install` keeps the secret key, and from defaults."""
    if not os.environ.get("SECRET_KEY"):
        os.environ.pop("SECRET_KEY", None)
    if ENV_FILE.exists():
        environ.Env.read_env(ENV_FILE)
    for name, value in DEFAULTS.items():
        os.environ[name] = os.environ.get(name) or value
    # honcho gives each process a PORT of its own; the scheduler shall still know where the web server is.
    os.environ["WEB_PORT"] = os.environ["PORT"]
    our_programs = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([our_programs, os.environ.get("PATH", os.defpath)])


def refuse_taken_port(host: str, port: str) -> None:
    """End with one sentence where gunicorn would try again and again."""
    try:
        socket.create_server((host, int(port))).close()
    except (OSError, ValueError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (")[0]
        sys.exit(
            f"Carnation cannot listen on {host}:{port}: {reason}. "
            "Name another address, for example: make run HOST=127.0.0.1 PORT=8001"
        )


def run_in_foreground(command: list[str]) -> int:
    """
    Run a command as the terminal's foreground group, so that Ctrl-C reaches it alone.

    Make, in our group, would otherwise get the same SIGINT and end with an error after a clean stop. A signal
    sent to us is passed on as SIGTERM. Ctrl-Z is off, since nobody could wake the command again; so is the
    terminal's SIGHUP, which would kill honcho and leave its two processes behind.
    """
    for number in (signal.SIGTSTP, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with subprocess.Popen(command, process_group=0) as process:

        def pass_on(_number: int, _frame: FrameType | None) -> None:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, pass_on)
        with terminal_lent_to(process.pid):
            return process.wait()


@contextmanager
def terminal_lent_to(group: int) -> Iterator[None]:
    """Make a process group the terminal's foreground, if there is a terminal and it is ours to give."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        yield
        return
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    ours = os.tcgetpgrp(terminal) == os.getpgrp()
    try:
        if ours:
            os.tcsetpgrp(terminal, group)
        yield
    finally:
        if ours:
            with suppress(OSError):
                os.tcsetpgrp(terminal, os.getpgrp())
        os.close(terminal)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
