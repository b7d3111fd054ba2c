"""
Finds or starts the database servers of the tests: `with mariadb() as server: server.url`.

A server is, in this order: what TEST_MARIADB_URL or TEST_POSTGRESQL_URL names, the standard one of this
machine if it lets us in, or a private one in a temporary folder. A test that stops its server or kills its
connections asks for a private one: `private_mariadb()`, or `mariadb(private=True)`.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 30
LOGIN_TIMEOUT_SECONDS = 5


class NoServerError(Exception):
    """There is no database server to test with; the message says in one sentence what to do."""


@dataclass(kw_only=True)
class Server:
    """A database server that answers at `url`."""

    url: str
    login: Callable[[str], None]

    def refusal(self) -> str | None:
        """Why nobody can log in now, or None as one can."""
        try:
            self.login(self.url)
        except Exception as error:  # Every driver has its own, and anything may listen on a port.
            return str(error).strip().partition("\n")[0]
        return None


@dataclass(kw_only=True)
class PrivateServer(Server):
    """A server of our own, which a test may stop and start again: it keeps its port and its data."""

    command: list[str]
    log: Path
    stop_signal: signal.Signals
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until one can log in."""
        with self.log.open("ab") as log:
            # In a session of its own: a Ctrl-C ends the tests first, and they end the server.
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while (refusal := self.refusal()) is not None:
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                said = self.log.read_text(errors="replace").strip()[-1500:]
                raise NoServerError(f"A private database server did not start ({refusal}); it said:\n{said}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals | None = None) -> None:
        """Stop it, cleanly unless a test names another signal: SIGKILL is a crash."""
        if self.process is None:
            return
        self.process.send_signal(how or self.stop_signal)
        try:
            self.process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextmanager
def mariadb(*, private: bool = False) -> Iterator[Server]:
    """A MariaDB server for as long as the block lasts."""
    standard = "mysql://root@127.0.0.1:3306/carnation"
    if not private and (found := find_server("TEST_MARIADB_URL", standard, login_to_mariadb)):
        yield found
    else:
        with private_mariadb() as server:
            yield server


@contextmanager
def postgresql(*, private: bool = False) -> Iterator[Server]:
    """A PostgreSQL server for as long as the block lasts."""
    standard = "postgres://postgres@127.0.0.1:5432/carnation"
    if not private and (found := find_server("TEST_POSTGRESQL_URL", standard, login_to_postgresql)):
        yield found
    else:
        with private_postgresql() as server:
            yield server


def find_server(variable: str, standard_url: str, login: Callable[[str], None]) -> Server | None:
    """The server that the environment names, which must answer, or else the standard one if it does."""
    if named := os.environ.get(variable):
        server = Server(url=named, login=login)
        if refusal := server.refusal():
            raise NoServerError(
                f"The server of {variable} does not let the tests in ({refusal}): "
                f"start it or correct its URL, or unset {variable} to have a private one."
            )
        return server
    server = Server(url=standard_url, login=login)
    return None if server.refusal() else server


@contextmanager
def private_mariadb() -> Iterator[PrivateServer]:
    """A MariaDB server of our own, with the empty database `carnation`."""
    mariadbd = find_program("mariadbd", "mariadb-server", "/usr/sbin")
    install_db = find_program("mariadb-install-db", "mariadb-server", "/usr/bin")
    with private_folder("mysql") as (folder, as_user):
        data, port = folder / "data", free_port()
        run(
            [*as_user, install_db, "--no-defaults", f"--datadir={data}", "--skip-test-db"]
            + ["--auth-root-authentication-method=normal"]
        )
        # The socket's path is relative to the data: the full one may be longer than a socket's may be.
        server = PrivateServer(
            url=f"mysql://root@127.0.0.1:{port}/carnation",
            login=login_to_mariadb,
            command=[*as_user, mariadbd, "--no-defaults", f"--datadir={data}", f"--port={port}"]
            + ["--bind-address=127.0.0.1", "--socket=server.sock", "--skip-log-bin", "--skip-name-resolve"]
            + ["--character-set-server=utf8mb4", "--max-connections=300"]
            + ["--innodb-flush-log-at-trx-commit=0"],
            log=folder / "server.log",
            stop_signal=signal.SIGTERM,
        )
        with running(server):
            create_mariadb_database(server.url)
            yield server


@contextmanager
def private_postgresql() -> Iterator[PrivateServer]:
    """A PostgreSQL server of our own, with the empty database `carnation`."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    places = [str(path) for path in reversed(installed)]
    initdb, postgres = (find_program(name, "postgresql", *places) for name in ("initdb", "postgres"))
    with private_folder("postgres") as (folder, as_user):
        data, port = folder / "data", free_port()
        run(
            [*as_user, initdb, f"--pgdata={data}", "--username=postgres", "--auth=trust", "--no-sync"]
            + ["--encoding=UTF8", "--locale=C"]
        )
        settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"]
        server = PrivateServer(
            url=f"postgres://postgres@127.0.0.1:{port}/carnation",
            login=login_to_postgresql,
            command=[*as_user, postgres, "-D", str(data), "-p", str(port), "-N", "200"]
            + [word for setting in settings for word in ("-c", setting)],
            log=folder / "server.log",
            stop_signal=signal.SIGINT,
        )
        with running(server):
            create_postgresql_database(server.url)
            yield server


@contextmanager
def running(server: PrivateServer) -> Iterator[None]:
    """A started server, and a stopped one afterwards."""
    try:
        server.start()
        yield
    finally:
        server.stop()


@contextmanager
def private_folder(account: str) -> Iterator[tuple[Path, list[str]]]:
    """
    A temporary folder for a server, and the words before a command that run it as the folder's owner.

    The owner is ourselves, or `account` when we are root, as whom no database server should run. The words
    also see to it that a server ends when we are killed and cannot stop it.
    """
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="carnation-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        as_user = []
        if setpriv := shutil.which("setpriv"):
            as_user = [setpriv, "--pdeathsig=TERM"]
        if os.geteuid() == 0:
            if not setpriv:
                raise NoServerError("A database server must not run as root: run the tests as another user.")
            with suppress(KeyError):
                owner = pwd.getpwnam(account)
                os.chown(folder, owner.pw_uid, owner.pw_gid)
                as_user += [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
        yield folder, as_user


def find_program(name: str, package: str, *places: str) -> str:
    """The path of a server's program, which may be where only root looks."""
    path = os.pathsep.join([*places, os.environ.get("PATH", os.defpath)])
    found = shutil.which(name, path=path)
    if not found:
        raise NoServerError(f"The tests need {name}: type 'sudo apt-get install {package}', then run them again.")
    return found


def run(command: list[str]) -> None:
    """Run a command that prepares a server, whose output matters only when it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/")
    if done.returncode:
        said = (done.stderr + done.stdout).strip()[-1500:]
        raise NoServerError(f"A private database server could not be made; it said:\n{said}")


def free_port() -> int:
    """A TCP port of this machine that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def login_to_mariadb(url: str) -> None:
    """Log in and out again, without a database; the driver's own error otherwise."""
    mariadb_connection(urlsplit(url)).close()


def create_mariadb_database(url: str) -> None:
    """Create the database that a URL names."""
    connection = mariadb_connection(urlsplit(url))
    connection.query("CREATE DATABASE carnation CHARACTER SET utf8mb4")
    connection.close()


def mariadb_connection(parts: SplitResult) -> Any:
    """A connection to the server of a URL."""
    import MySQLdb  # Only those who look for MariaDB need it.

    return MySQLdb.connect(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 3306,
        user=unquote(parts.username or "root"),
        password=unquote(parts.password or ""),
        connect_timeout=LOGIN_TIMEOUT_SECONDS,
    )


def login_to_postgresql(url: str) -> None:
    """Log in to the database `postgres` and out again; the driver's own error otherwise."""
    import psycopg

    psycopg.connect(maintenance_url(url), connect_timeout=LOGIN_TIMEOUT_SECONDS).close()


def create_postgresql_database(url: str) -> None:
    """Create the database that a URL names."""
    import psycopg

    with psycopg.connect(maintenance_url(url), autocommit=True) as connection:
        connection.execute("CREATE DATABASE carnation")


def maintenance_url(url: str) -> str:
    """The same server's database `postgres`, which is there before ours is."""
    return urlsplit(url)._replace(scheme="postgresql", path="/postgres").geturl()


def main() -> None:
    """Run private servers until Ctrl-C and print the variables that let any test run use them."""
    with suppress(KeyboardInterrupt), mariadb(private=True) as mysql, postgresql(private=True) as postgres:
        print(f"export TEST_MARIADB_URL={mysql.url} TEST_POSTGRESQL_URL={postgres.url}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
