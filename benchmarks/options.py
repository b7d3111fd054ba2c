"""What the command line asks of a benchmark."""

from dataclasses import dataclass

DATABASES = ("SQLite", "MariaDB", "PostgreSQL")


@dataclass(frozen=True, kw_only=True)
class Options:
    """`seconds` is how long a steady step or a look at an idle node lasts; `limit` cuts a slow peer's burst short."""

    rounds: int
    databases: tuple[str, ...]
    jobs: tuple[int, ...]
    seconds: float
    limit: float
    tries: int
    contestants: tuple[str, ...]
