"""Run the tests on SQLite, MariaDB and PostgreSQL: python -m scripts.test [all|DATABASE] [ARGUMENT...]"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tests.servers import NoServerError, mariadb, postgresql

ROOT = Path(__file__).resolve().parent.parent
# Two for each core, as many of the engine's tests wait; more than eight would only wait for the database.
WORKERS = min(2 * (os.cpu_count() or 1), 8)
# What has nothing to do with the database, or is the same on each of them, runs once, with SQLite.
ON_A_SERVER = ["-m", "not pure and not portable and not browser"]
NO_TESTS_COLLECTED = 5


@dataclass(frozen=True, kw_only=True)
class Database:
    """One run of the tests: its name for people, what it needs of this machine, and pytest's arguments."""

    title: str
    packages: tuple[str, ...]
    arguments: Sequence[str] = field(default_factory=tuple)


DATABASES = {
    "sqlite": Database(title="SQLite", packages=("chromium", "fonts-noto-cjk")),
    "mariadb": Database(title="MariaDB", packages=("mariadb-server",), arguments=ON_A_SERVER),
    "postgresql": Database(title="PostgreSQL", packages=("postgresql",), arguments=ON_A_SERVER),
}


def main(choice: str = "all", *arguments: str) -> int:
    """Run the chosen tests; answers 0 when every run passed."""
    chosen = list(DATABASES) if choice == "all" else [choice]
    if not set(chosen) <= set(DATABASES):
        sys.exit(f"There is no database {choice!r} to test on: DB is all, {', '.join(DATABASES)}.")
    install_packages(chosen)
    with ExitStack() as stack:
        urls = {"sqlite": "sqlite:///db.sqlite3"}
        # Tests that ask for a server of their own accord find the same one, by its variable.
        if "mariadb" in chosen:
            urls["mariadb"] = os.environ["TEST_MARIADB_URL"] = stack.enter_context(mariadb()).url
        if "postgresql" in chosen:
            urls["postgresql"] = os.environ["TEST_POSTGRESQL_URL"] = stack.enter_context(postgresql()).url
        results = [run_tests(DATABASES[name], urls[name], arguments) for name in chosen]
    return summarise(results, narrowed=bool(arguments))


def install_packages(chosen: Sequence[str]) -> None:
    """Install what the runs need of the system, or end with the sentence that says what to type."""
    packages = [package for name in chosen for package in DATABASES[name].packages]
    if subprocess.run([ROOT / "scripts" / "system", *packages]).returncode:
        sys.exit(1)


@dataclass(frozen=True, kw_only=True)
class Result:
    """How one run of the tests ended."""

    title: str
    status: int
    seconds: float


def run_tests(database: Database, url: str, arguments: Sequence[str]) -> Result:
    """Run pytest with a database."""
    print(f"\n== The tests on {database.title} ==", flush=True)
    began = time.monotonic()
    workers = ["-n", str(WORKERS), "--dist", "loadgroup"]
    command = [sys.executable, "-m", "pytest", *workers, *database.arguments, *arguments]
    # A hundred processes start in a run: what was compiled is kept, or each would compile all of Carnation anew.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=ROOT, env=environment | {"DATABASE_URL": url})
    return Result(title=database.title, status=done.returncode, seconds=time.monotonic() - began)


def summarise(results: Sequence[Result], *, narrowed: bool) -> int:
    """Print one line for each run; one without tests is fine only where `narrowed` left tests to another."""
    print()
    fine = {0, NO_TESTS_COLLECTED} if narrowed else {0}
    for result in results:
        print(f"{result.title:<12}{describe(result.status):<24}{result.seconds:6.0f} s")
    statuses = [result.status for result in results]
    return 0 if set(statuses) <= fine and 0 in statuses else 1


def describe(status: int) -> str:
    """Pytest's exit status in words."""
    return {0: "passed", 1: "FAILED", NO_TESTS_COLLECTED: "no tests"}.get(status, f"FAILED (status {status})")


def end(number: int, _frame: FrameType | None) -> None:
    """Leave by an exception, so that private servers are stopped on the way out."""
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    try:
        sys.exit(main(*sys.argv[1:]))
    except NoServerError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
