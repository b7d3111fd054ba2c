"""Run all benchmarks, or those named: python -m benchmarks [OPTION...] [NAME...]"""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Mapping

from benchmarks import api, burst, idle, pages, pickup, simulation, startup, statements, steady, timetravel
from benchmarks.options import DATABASES, Options
from benchmarks.report import Measurement, Verdict, machine, print_as_json, print_tables, print_verdicts
from tests.servers import NoServerError

BENCHMARKS: Mapping[str, Callable[[Options], Iterator[Measurement | Verdict]]] = {
    "api": api.measure,
    "burst": burst.measure,
    "steady": steady.measure,
    "startup": startup.measure,
    "idle": idle.measure,
    "pickup": pickup.measure,
    "statements": statements.measure,
    "simulation": simulation.measure,
    "timetravel": timetravel.measure,
    "pages": pages.measure,
}


def main() -> None:
    """Run what the command line names."""
    names, options = read_command_line()
    print_as_json(machine())
    for name in names:
        run(BENCHMARKS[name], options)


def run(measure: Callable[[Options], Iterator[Measurement | Verdict]], options: Options) -> None:
    """Print each measurement and verdict as a line of JSON, then all of them as tables."""
    measurements, verdicts = [], []
    for result in measure(options):
        print_as_json(result.as_dict())
        if isinstance(result, Verdict):
            verdicts.append(result)
        else:
            measurements.append(result)
    print_tables(measurements)
    print_verdicts(verdicts)


def read_command_line() -> tuple[list[str], Options]:
    """Read the benchmarks' names, all of them where none is given, and the options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)}")
    add("--rounds", type=int, default=5, help="how often everything is measured (5)")
    add("--database", action="append", type=str.lower, choices=[name.lower() for name in DATABASES], help="all (*)")
    add("--jobs", action="append", type=int, default=[], help="in place of a workload's own numbers of jobs (*)")
    add("--contestant", action="append", default=[], help="only those whose names contain this (*)")
    add("--seconds", type=float, default=30, help="how long a steady step, or a look at an idle node, lasts (30)")
    add("--limit", type=float, default=60, help="after how many seconds a burst is cut short (60)")
    add("--tries", type=int, default=50, help="how many changes of each kind are made (50)")
    parser.epilog = "(*) may be given several times."
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]!r}: choose from {', '.join(BENCHMARKS)}")
    return given.names or list(BENCHMARKS), options_of(given)


def options_of(given: argparse.Namespace) -> Options:
    """Return what was given as options."""
    return Options(
        rounds=given.rounds,
        databases=tuple(name for name in DATABASES if not given.database or name.lower() in given.database),
        jobs=tuple(given.jobs),
        seconds=given.seconds,
        limit=given.limit,
        tries=given.tries,
        contestants=tuple(given.contestant),
    )


if __name__ == "__main__":
    # By an exception, so that servers are stopped and databases dropped on the way out.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        main()
    except NoServerError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
