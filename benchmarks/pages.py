"""Every page of the admin, with 10,000 jobs and 1,000,000 executions: time in the server, and statements.

By Django's test client, in one process: middleware, view, template and database, without the socket.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from benchmarks.contestants import Contestant, carnation
from benchmarks.databases import MakeDatabase, open_server
from benchmarks.options import Options
from benchmarks.report import Measurement, Verdict, at_most

BENCHMARK = "pages"
JOBS, EXECUTIONS = 10_000, 1_000_000
# What the number of statements is compared with: a tenth, of which each page still has something to show.
TENTH = 10
MILLISECONDS, STATEMENTS = "ms", "statements"
LIVE = "dashboard:live"
LONGEST, LONGEST_LIVE, MOST_STATEMENTS_LIVE = 300.0, 50.0, 10


def measure(options: Options) -> Iterator[Measurement | Verdict]:
    """Carnation's, on MariaDB unless others are named; the pages are asked for in processes of their own."""
    databases = options.databases if len(options.databases) < 3 else ("MariaDB",)
    jobs = (options.jobs or (JOBS,))[0]
    for database in databases:
        with open_server(database) as make:
            executions = jobs * (EXECUTIONS // JOBS)
            few = _pages(make, jobs=jobs // TENTH, executions=executions // TENTH, rounds=0)
            many = _pages(make, jobs=jobs, executions=executions, rounds=options.rounds)
        crowd = f"{jobs:,} jobs, {executions:,} executions"
        for page, result in many.items():
            yield from _measured(database, crowd, page, result, few.get(page))


def _pages(make: MakeDatabase, *, jobs: int, executions: int, rounds: int) -> dict[str, Any]:
    with ExitStack() as stack:
        contestant: Contestant = carnation(make, stack, name=f"pages_{jobs}")
        contestant.do("crowd", jobs=jobs, executions=executions)
        found: dict[str, Any] = contestant.do("pages", rounds=rounds)
        for line in found["skipped"] if rounds else ():
            print(line, file=sys.stderr)
        return dict(found["pages"])


def _measured(
    database: str, crowd: str, page: str, result: Mapping[str, Any], few: Mapping[str, Any] | None
) -> Iterator[Measurement | Verdict]:
    if result["status"] != 200:
        print(f"{page} answered {result['status']}.", file=sys.stderr)
    time = Measurement(
        benchmark=BENCHMARK,
        database=database,
        contestant=page,
        workload=crowd,
        unit=MILLISECONDS,
        samples=tuple(seconds * 1000 for seconds in result["seconds"]),
    )
    statements = Measurement(
        benchmark=BENCHMARK,
        database=database,
        contestant=page,
        workload=crowd,
        unit=STATEMENTS,
        samples=(result["statements"],),
    )
    yield time
    yield statements
    yield at_most(f"{page}: ms", time, LONGEST_LIVE if page == LIVE else LONGEST)
    if page == LIVE:
        yield at_most(f"{page}: statements", statements, MOST_STATEMENTS_LIVE)
    elif few is not None:
        yield at_most(f"{page}: statements, as with a tenth", statements, few["statements"])
    if time.median > LONGEST:
        print(f"{page}: {result['slowest']}", file=sys.stderr)
